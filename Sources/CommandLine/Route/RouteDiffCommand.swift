import ArgumentParser
import OrchCore
import OrchReceipts
import OrchRouting
import OrchTools

/// `orch route diff`
struct RouteDiffCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Judge recorded decisions by another tool policy, and list those that would come out otherwise.",
        discussion: """
            Receipts hold the figures of a text's meaning and the rule that matched: they are held against the other \
            policy's intents, thresholds and requirements, over the settings' thresholds and the intents of now. They \
            hold no text: what a deny or allow expression decided is unknown, and so is, of every decision, whether \
            another expression of the other policy would match. Texts without meaning or intent stay the same.

            The exit status is 1 where something would change.

            Examples:
              orch route diff --policy new_policy.yaml
              orch route diff --policy new_policy.yaml --since 2026-11-01 --json
            """)

    private static let page = 200

    @Option(help: ArgumentHelp("The other policy file.", valueName: "file"), completion: .file())
    var policy: String

    @Option(
        help: ArgumentHelp("Only traces from this moment on (RFC 3339, or a day in UTC).", valueName: "time"),
        transform: Self.moment)
    var since: Timestamp?

    @Option(help: "How many traces to look at, the newest first.")
    var limit = 10_000

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more") }
    }

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let (ambiguity, hash) = try workbench.routing.ambiguity(of: policy)
        let judge = RouteJudge(
            ambiguity: ambiguity, intents: try workbench.routing.intents(),
            tools: Set(workbench.tools.executor.registry.tools.map(\.name)),
            rules: Dictionary(
                workbench.router.policy.rules.map { ($0.id, $0.reason) }, uniquingKeysWith: { first, _ in first }))
        var report = RouteDiffReport(policyHash: hash)
        try await read(from: try workbench.traceReader(), in: session) { trace in
            for route in RecordedRoute.all(in: trace) { report.add(route, judge.verdict(on: route)) }
        }
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        if !report.changes.isEmpty { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    private func read(from reader: any TraceReader, in session: Session, _ body: (Trace) -> Void) async throws {
        var progress = ProgressLine("traces", on: session.err)
        var cursor: TraceID?
        var count = 0
        reading: while count < limit {
            let traces = try await reader.traces(limit: min(Self.page, limit - count), before: cursor)
            for listed in traces {
                if let since, listed.createdAt < since { break reading }
                if let trace = try await reader.trace(listed.id) { body(trace) }
                count += 1
                try progress.advance(to: count)
            }
            guard let last = traces.last else { break }
            cursor = last.id
        }
        try progress.finish()
    }

    private static func moment(_ text: String) throws -> Timestamp {
        guard let moment = RFC3339.timestamp(text) else {
            throw ValidationError("a time is written as 2026-01-31T12:00:00Z, 2026-01-31T12:00:00+01:00 or 2026-01-31")
        }
        return moment
    }
}
