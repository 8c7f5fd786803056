import OrchCore
import OrchOrchestrator
import OrchTokens

/// What `orch tokens prune` says.
struct PruningReport {
    let outcome: PruningRehearsal.Outcome

    func text(_ palette: Palette) -> String {
        let pruned = outcome.pruned
        let plan = pruned.plan
        let rows = plan.turns.map { turn -> [Table.Cell] in
            [
                Table.Cell(Self.indexes(turn.messages)),
                Table.Cell(turn.messages.map { outcome.roles[$0] }.joined(separator: ", ")),
                Table.Cell("\(turn.tokens)"), Table.Cell(Self.number(turn.priority)),
                Table.Cell(Self.phrase(turn.fate), turn.fate == .dropped ? .yellow : nil),
            ]
        }
        let turns = rows.isEmpty ? "" : Table(["MESSAGES", "ROLES", "TOKENS", "PRIORITY", "FATE"], rows).text(palette)
        let summary: [[Table.Cell]] = [
            [Table.Cell("before", .bold), Table.Cell("\(Measure.count(plan.tokensBefore, "token"))")],
            [Table.Cell("after", .bold), Table.Cell("\(Measure.count(pruned.tokensAfter, "token"))")],
            [Table.Cell("budget", .bold), Table.Cell(outcome.budget == 0 ? "no limit" : "\(outcome.budget)")],
            [
                Table.Cell("beside", .bold),
                Table.Cell("\(outcome.overhead) of what stands beside the messages: tools, template"),
            ],
            [
                Table.Cell("counted by", .bold),
                Table.Cell(outcome.isFallback ? "bytes: no vocabulary is installed" : outcome.tokenizer),
            ],
            [Table.Cell("ranked by", .bold), Table.Cell(pruned.strategy)],
            [
                Table.Cell("summary", .bold),
                Table.Cell(
                    pruned.summary.map {
                        "\(Measure.count($0.sentences, "sentence")) of \(Measure.count($0.tokens, "token"))"
                    } ?? "none"),
            ],
        ]
        return (turns.isEmpty ? "" : turns + "\n") + Table([], summary).text(palette)
    }

    /// `{"kept","dropped","summarised","tokens_before","tokens_after","budget","strategy","tokenizer","fallback","summary"}`
    var json: String {
        let pruned = outcome.pruned
        let plan = pruned.plan
        let dropped = JSONValue.array(plan.dropped.map(JSONValue.integer))
        let value: JSONValue = [
            "kept": .array(plan.kept.map(JSONValue.integer)), "dropped": dropped,
            "summarised": pruned.summary == nil ? [] : dropped, "tokens_before": .integer(plan.tokensBefore),
            "tokens_after": .integer(pruned.tokensAfter), "budget": .integer(outcome.budget),
            "strategy": .string(pruned.strategy), "tokenizer": .string(outcome.tokenizer),
            "fallback": .bool(outcome.isFallback), "summary": pruned.summary.map { .string($0.text) } ?? .null,
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }

    /// `4`, or `4-7`.
    private static func indexes(_ range: Range<Int>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound - 1)"
    }

    /// To two places, without those that are 0.
    private static func number(_ number: Double) -> String {
        guard abs(number) < 1e9 else { return "\(number)" }
        let hundredths = Int((number * 100).rounded())
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        let places = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
        return "\(hundredths < 0 ? "-" : "")\(whole)\(places)"
    }

    private static func phrase(_ fate: PruningPlan.Fate) -> String {
        switch fate {
        case .goal: "kept: the first question, or a goal"
        case .lastTurn: "kept: the last turn"
        case .pinned: "kept: pinned"
        case .toolPair: "kept: a tool call links it to one that is kept"
        case .fits: "kept: it fits"
        case .dropped: "dropped"
        }
    }
}
