import ArgumentParser

/// `orch config`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show, check and document the configuration.",
        subcommands: [ConfigShowCommand.self, ConfigCheckCommand.self, ConfigDocsCommand.self])
}
