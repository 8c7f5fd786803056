import ArgumentParser
import OrchConfiguration

/// `orch config show`
struct ConfigShowCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print every setting with its value and where that comes from; secrets are left out.",
        discussion: """
            Also prints a configuration that is refused, with the default in place of a faulty value; the faults go to \
            standard error, and the exit status is 78.

            Examples:
              orch config show
              orch config show --json
              orch config show --env-file production.env
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let resolved = ConfigurationLoader.resolve(try configuration.inputs(in: session))
        let report = ConfigurationReport(resolved.settings)
        if output.json {
            try session.out.write(Visible.json(String(report.json())))
        } else {
            try session.out.write(Visible.text(report.table()))
        }
        guard resolved.violations.isEmpty else {
            throw ConfigurationError(violations: resolved.violations, warnings: resolved.warnings)
        }
        for warning in resolved.warnings { try session.warn(warning.description) }
    }
}
