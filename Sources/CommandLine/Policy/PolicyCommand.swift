import ArgumentParser

/// `orch policy`
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Check the tool policy, ask it, and compare another with what it decided.",
        subcommands: [PolicyCheckCommand.self, PolicyExplainCommand.self, PolicyDiffCommand.self])
}
