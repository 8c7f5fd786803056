import ArgumentParser
import OrchConfiguration

/// `orch doctor`
struct DoctorCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check everything that the server needs, and say how to mend what is not in order.",
        discussion: """
            Exit status 0 where nothing failed (warnings do not count), 1 where something did, 78 where the \
            configuration is refused, since nothing else can then be checked.

            Examples:
              orch doctor
              orch doctor --json
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        do {
            let (_, workbench) = try configuration.workbench(in: session)
            let report = DoctorReport(checkups: await workbench.checkups())
            try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
            if report.hasFailed { throw ExitCode(ExitStatus.failure.rawValue) }
        } catch let error as ConfigurationError {
            let report = DoctorReport(refused: error)
            try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
            throw ExitCode(ExitStatus.configuration.rawValue)
        }
    }
}
