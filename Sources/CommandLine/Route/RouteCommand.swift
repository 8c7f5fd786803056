import ArgumentParser

/// `orch route`
struct RouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "See how requests find their way, measure it, and compare it with another policy's.",
        subcommands: [
            RouteExplainCommand.self, RouteBatchCommand.self, RouteReportCommand.self, RouteDiffCommand.self,
        ])
}
