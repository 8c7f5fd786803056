import ArgumentParser
import OrchCore
import OrchPolicy
import OrchReceipts

/// `orch policy diff`
struct PolicyDiffCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract:
            "Ask another policy about the calls that were decided, and list those that it would decide otherwise.",
        discussion: """
            Receipts hold no arguments: where the other policy looks at them (args), or counts calls, the outcome is \
            unknown. The exit status is 1 where something would change or is unknown.

            Examples:
              orch policy diff new_policy.yaml
              orch policy diff new_policy.yaml --since 2026-11-01T00:00:00.000000Z --json
            """)

    private static let page = 200

    @Argument(help: "The other policy file.")
    var new: String

    @Option(help: "Only calls from this moment on (UTC).")
    var since: String?

    @Option(help: "How many traces to look at, the newest first.")
    var limit = 10_000

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func validate() throws {
        guard since.map({ Timestamp($0) != nil }) ?? true else {
            throw ValidationError("--since must look like 2026-11-01T00:00:00.000000Z")
        }
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more") }
    }

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let engine = try workbench.tools.loadedPolicy(new)
        guard let open = workbench.openTraces else {
            throw CommandFailure(.unavailable, "receipts are off (ORCH_TRACE_ENABLED=0): nothing was recorded")
        }
        var report = PolicyDiffReport()
        try await read(from: try open()) { recorded in report.add(recorded, engine.decide(recorded.call)) }
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        if !report.changes.isEmpty || report.unknown > 0 { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    private func read(from reader: any TraceReader, _ body: (RecordedCall) -> Void) async throws {
        let oldest = since.flatMap { Timestamp($0) }
        var cursor: TraceID?
        var left = limit
        while left > 0 {
            let traces = try await reader.traces(limit: min(Self.page, left), before: cursor)
            for listed in traces {
                if let oldest, listed.createdAt < oldest { return }
                guard let trace = try await reader.trace(listed.id) else { continue }
                for step in trace.steps {
                    if let call = RecordedCall(step, in: trace) { body(call) }
                }
            }
            guard let last = traces.last else { return }
            cursor = last.id
            left -= traces.count
        }
    }
}

/// What `orch policy diff` says.
struct PolicyDiffReport {
    struct Change {
        var recorded: RecordedCall
        var verdict: PolicyVerdict
    }

    private static let shown = 100

    private(set) var same = 0
    private(set) var unknown = 0
    private(set) var changes: [Change] = []
    private var total: Int { same + unknown + changes.count }

    mutating func add(_ recorded: RecordedCall, _ verdict: PolicyVerdict) {
        // What is open was taken for met: a denial stands, an allowance may not.
        if verdict.open != nil, verdict.isAllowed {
            unknown += 1
        } else if verdict.isAllowed == recorded.wasAllowed {
            same += 1
        } else {
            changes.append(Change(recorded: recorded, verdict: verdict))
        }
    }

    func text(_ palette: Palette) -> String {
        guard total > 0 else { return "No decision of a tool policy is recorded.\n" }
        let summary =
            "\(Measure.count(total, "decision")): \(same) the same, \(changes.count) otherwise, \(unknown) unknown\n"
        guard !changes.isEmpty else { return summary }
        let rows = changes.prefix(Self.shown).map { change -> [Table.Cell] in
            [
                Table.Cell(change.recorded.traceID.description), Table.Cell(change.recorded.call.tool),
                Table.Cell(Self.phrase(change.recorded.wasAllowed, change.recorded.reason)),
                Table.Cell(
                    Self.phrase(change.verdict.isAllowed, change.verdict.reason),
                    change.verdict.isAllowed ? .green : .yellow),
            ]
        }
        let rest = changes.count - rows.count
        return Table(["TRACE", "TOOL", "WAS", "WOULD BE"], rows).text(palette) + "\n" + summary
            + (rest > 0 ? "(\(rest) more; --json lists all)\n" : "")
    }

    private static func phrase(_ isAllowed: Bool, _ reason: String) -> String {
        "\(isAllowed ? "allowed" : "denied"): \(reason)"
    }

    var json: String {
        let value: JSONValue = [
            "decisions": .integer(total), "same": .integer(same), "changed": .integer(changes.count),
            "unknown": .integer(unknown),
            "changes": .array(
                changes.map { change in
                    [
                        "trace_id": .string(change.recorded.traceID.description),
                        "tool": .string(change.recorded.call.tool),
                        "was": [
                            "allowed": .bool(change.recorded.wasAllowed), "reason": .string(change.recorded.reason),
                        ],
                        "would_be": [
                            "allowed": .bool(change.verdict.isAllowed), "reason": .string(change.verdict.reason),
                            "rule": change.verdict.rule.map(JSONValue.string) ?? .null,
                        ],
                    ]
                }),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
