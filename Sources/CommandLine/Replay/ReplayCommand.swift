import ArgumentParser
import OrchAgents
import OrchCore
import OrchOrchestrator
import OrchReceipts

/// `orch replay`
struct ReplayCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Decide on a recorded chat request again, and say what comes out the same and what differs.",
        discussion: """
            --input is the body of the request, byte for byte as it was sent. It is first held against the receipt, \
            which binds it; where the receipt's salt is gone that cannot be checked, and is said. Then the request is \
            decided again under the settings and files of now: no tool runs, no model is asked, nothing is recorded.

            Compared are what decided (pins), the route with the figures of meaning, the policy's word on the tool, \
            the tokens of the request, the choice of the model, and pruning. Times, answers, and whether a cache knew \
            the text are not. An agent whose name was in the path of the request, and stands in no step, is given by \
            --agent.

            Exit status 0 where all is the same, 1 where something differs or the input is not the request's.

            Examples:
              orch replay \(TraceArgument.example) --input request.json
              orch replay \(TraceArgument.example) --input request.json --json
              orch replay \(TraceArgument.example) --input request.json --agent Holly
            """)

    @Argument(help: "The trace's identity.", transform: TraceArgument.identity)
    var trace: TraceID

    @Option(help: ArgumentHelp("The body of the request as it was sent.", valueName: "file"), completion: .file())
    var input: String

    @Option(help: ArgumentHelp("The agent that the request's path named.", valueName: "name"))
    var agent: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let asked = try agent.map(workbench.agent)
        let body = try AuditFile.contents(of: input, "the file of --input")
        guard let evidence = try await workbench.auditBench().reader().evidence(of: trace) else {
            throw CommandFailure(.notFound, "there is no such trace")
        }
        let recorded = try RecordedRequest(evidence)
        var report = ReplayReport(traceID: trace, input: recorded.holds(body))
        if report.input != .differs {
            report.parts = try await compared(recorded, body, agent: asked?.name.text ?? recorded.agent, workbench)
        }
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        if !report.isSame { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    private func compared(
        _ recorded: RecordedRequest, _ body: [UInt8], agent: String?, _ workbench: Workbench
    ) async throws -> [ReplayedPart] {
        do {
            let now = try await workbench.routing.rehearse(body, agent)
            return ReplayedPart.compare(recorded.trace, with: now)
        } catch let error as PipelineError {
            let difference = ReplayedPart.Difference(
                member: "taken", recorded: .string("yes"), now: .string("no: \(error.message)"))
            return [ReplayedPart(name: "request", differences: [difference])]
        }
    }
}
