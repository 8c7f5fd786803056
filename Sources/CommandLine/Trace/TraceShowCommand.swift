import ArgumentParser
import OrchCore
import OrchReceipts

/// `orch trace show`
struct TraceShowCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one trace with every step.",
        discussion: """
            The identity is in each answer's x-orch-trace-id header and in its receipt. Exit status 66 where there is \
            no such trace.

            Examples:
              orch trace show \(TraceArgument.example)
              orch trace show \(TraceArgument.example) --json
            """)

    @Argument(help: "The trace's identity.", transform: TraceArgument.identity)
    var id: TraceID

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        guard let trace = try await workbench.traceReader().trace(id) else {
            throw CommandFailure(.notFound, "there is no such trace")
        }
        let report = TraceReport(trace: trace)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}
