import ArgumentParser
import OrchConfiguration

/// `orch config check`
struct ConfigCheckCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether the server would start with this configuration, and all that is wrong with it.",
        discussion: """
            Exit status 0 where it would, else 78. Warnings do not count.

            Examples:
              orch config check
              orch config check --env-file production.env --set ORCH_ENV=production
              orch config check --json
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let report = try report(in: session)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        if !report.isValid { throw ExitCode(ExitStatus.configuration.rawValue) }
    }

    private func report(in session: Session) throws -> ConfigurationCheckReport {
        do {
            let resolved = ConfigurationLoader.resolve(try configuration.inputs(in: session))
            return ConfigurationCheckReport(violations: resolved.violations, warnings: resolved.warnings)
        } catch let error as ConfigurationError {
            // The .env file itself cannot be read.
            return ConfigurationCheckReport(violations: error.violations, warnings: error.warnings)
        }
    }
}
