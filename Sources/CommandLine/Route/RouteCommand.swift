import ArgumentParser

/// `orch route`
struct RouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "See how requests find their way.",
        subcommands: [RouteExplainCommand.self])
}
