import ArgumentParser

/// `orch boundary`
struct BoundaryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "boundary",
        abstract: "Keep out of a public repository what belongs to one machine alone.",
        subcommands: [BoundaryVerifyCommand.self])
}
