import OrchCore
import OrchRouting

/// What `orch route diff` says.
struct RouteDiffReport {
    struct Change {
        var recorded: RecordedRoute
        var would: RouteJudge.Outcome
    }

    private static let shown = 100

    /// Of the other policy.
    let policyHash: String
    private(set) var same = 0
    private(set) var changes: [Change] = []
    /// By why.
    private(set) var unknown: [String: Int] = [:]

    private var unknowns: Int { unknown.values.reduce(0, +) }
    private var total: Int { same + unknowns + changes.count }

    init(policyHash: String) {
        self.policyHash = policyHash
    }

    mutating func add(_ recorded: RecordedRoute, _ verdict: RouteJudge.Verdict) {
        switch verdict {
        case .same: same += 1
        case .changed(let would): changes.append(Change(recorded: recorded, would: would))
        case .unknown(let why): unknown[why, default: 0] += 1
        }
    }

    func text(_ palette: Palette) -> String {
        guard total > 0 else { return "No decision of routing is recorded.\n" }
        var summary =
            "\(Measure.count(total, "decision")): \(same) the same, \(changes.count) otherwise, \(unknowns) unknown\n"
        if let count = unknown["expression"] {
            summary += "\(count) unknown: a deny or allow expression decided, and receipts hold no text\n"
        }
        if let count = unknown["intent_gone"] {
            summary += "\(count) unknown: the intent that was found is not among the intents any more\n"
        }
        summary += "Whether other expressions of this policy would match is unknown of all of them.\n"
        guard !changes.isEmpty else { return summary }
        let rows = changes.prefix(Self.shown).map { change -> [Table.Cell] in
            let recorded = change.recorded
            return [
                Table.Cell(recorded.traceID.description), Table.Cell(recorded.router.rawValue),
                Table.Cell(recorded.rule ?? recorded.candidate?.intentID ?? "none"),
                Table.Cell("\(recorded.outcome): \(recorded.reason)"),
                Table.Cell(
                    change.would.outcome + (change.would.reason.map { ": \($0)" } ?? ""),
                    change.would.outcome == "human" ? .yellow : .green),
            ]
        }
        let rest = changes.count - rows.count
        return Table(["TRACE", "ROUTER", "INTENT", "WAS", "WOULD BE"], rows).text(palette) + "\n" + summary
            + (rest > 0 ? "(\(rest) more; --json lists all)\n" : "")
    }

    /// `{"policy_hash","decisions","same","changed","unknown":{…},"changes":[…]}`
    var json: String {
        let value: JSONValue = [
            "policy_hash": .string(policyHash), "decisions": .integer(total), "same": .integer(same),
            "changed": .integer(changes.count),
            "unknown": [
                "expression": .integer(unknown["expression"] ?? 0),
                "intent_gone": .integer(unknown["intent_gone"] ?? 0),
            ],
            "changes": .array(changes.map(Self.json)),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }

    private static func json(_ change: Change) -> JSONValue {
        let recorded = change.recorded
        return [
            "trace_id": .string(recorded.traceID.description), "router": .string(recorded.router.rawValue),
            "rule": .text(recorded.rule), "intent": .text(recorded.candidate?.intentID ?? recorded.intent),
            "was": ["outcome": .string(recorded.outcome), "reason": .string(recorded.reason)],
            "would_be": ["outcome": .string(change.would.outcome), "reason": .text(change.would.reason)],
        ]
    }
}
