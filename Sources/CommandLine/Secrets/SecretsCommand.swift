import ArgumentParser

/// `orch secrets`
struct SecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets",
        abstract: "Look for keys, tokens and passwords in sources.",
        subcommands: [SecretsScanCommand.self])
}
