import ArgumentParser

/// `orch tools`
struct ToolsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "List the tools, and run one.",
        subcommands: [ToolsListCommand.self, ToolsRunCommand.self])
}
