import ArgumentParser

/// `orch sandbox`
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "See whether the sandbox holds here, and run a program in it.",
        subcommands: [SandboxCheckCommand.self, SandboxRunCommand.self])
}
