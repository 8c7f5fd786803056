import OrchCore
import OrchOrchestrator
import OrchRouting

/// What `orch route explain` says beyond the rules: what the meaning of a text leads to, and why.
struct RouteDecisionReport {
    let mode: RequestRouter.Mode
    /// Why no meaning can be looked at.
    let problem: String?
    let gate: GateTrial
    let routed: Routed
    /// Of the tool policy; empty where there is none.
    let policyHash: String
    /// nil where no text's meaning is looked at.
    let hashes: Meaning.Hashes?

    /// The intent router's, where it decides or watches; else the plain router's.
    private var decision: IntentDecision { routed.shadow ?? routed.decision }

    func text(_ palette: Palette) -> String {
        var rows: [[Table.Cell]] = [row("router", routerPhrase)]
        rows.append(row("deny", gate.deny.phrase, colour(gate.deny, .yellow)))
        rows.append(row("rules", rulesPhrase, decision.evidence.rule == nil ? nil : .green))
        rows.append(row("allow", gate.allow.phrase, colour(gate.allow, .green)))
        rows += meaningRows
        if let thresholds = decision.evidence.thresholds { rows.append(row("held against", Self.phrase(thresholds))) }
        if let verdict = decision.evidence.verdict {
            rows.append(row("guard", verdict.rawValue, verdict.needsHuman ? .yellow : nil))
        }
        if routed.shadow != nil {
            rows += decisionRows(decision, "would have been: ")
            rows += decisionRows(routed.decision, "is: ")
            rows.append(
                routed.isShadowMismatch == true ? row("shadow", "the two differ", .yellow) : row("shadow", "the same"))
        } else {
            rows += decisionRows(decision, "")
        }
        return Table([], rows + hashRows).text(palette)
    }

    // MARK: Rows

    private func row(_ name: String, _ value: String, _ colour: Palette.Colour? = nil) -> [Table.Cell] {
        [Table.Cell(name, .bold), Table.Cell(value, colour)]
    }

    private func colour(_ outcome: GateTrial.Outcome, _ colour: Palette.Colour) -> Palette.Colour? {
        if case .matched = outcome { colour } else { nil }
    }

    private var routerPhrase: String {
        switch mode {
        case .plain: "rules, and meaning behind them; the intent router is off"
        case .tiers: "the intent router decides"
        case .shadow: "the intent router watches; the rules, and meaning where it is on, decide"
        }
    }

    private var rulesPhrase: String {
        guard gate.reachesRules else { return "not reached" }
        return decision.evidence.rule.map { "matched: \($0)" } ?? "not matched"
    }

    private var meaningRows: [[Table.Cell]] {
        guard let reading = routed.reading else {
            return [row("meaning", problem.map { "not looked at: \($0)" } ?? "not looked at")]
        }
        switch reading.finding {
        case .none(let absence): return [row("meaning", "says nothing: \(absence.rawValue)", .yellow)]
        case .candidate(let found):
            let next = found.runnerUp.map { id in
                "\(id)\(found.runnerUpProbability.map { ", probability \($0)" } ?? "")"
            }
            return [
                row("meaning", found.intentID), row("similarity s", "\(found.similarity)"),
                row("confidence", "\(found.confidence)"), row("gap", "\(found.gap)"),
                row("runner-up", next ?? "none"),
            ]
        }
    }

    private func decisionRows(_ decision: IntentDecision, _ prefix: String) -> [[Table.Cell]] {
        let colour: Palette.Colour =
            switch decision.outcome {
            case .tool, .model: .green
            case .human, .denied: .yellow
            }
        return [
            row("tier", "\(prefix)\(decision.tier)"), row("outcome", prefix + decision.outcome.rawValue, colour),
            row("reason", prefix + decision.reason), row("happens", prefix + Self.happens(decision)),
        ]
    }

    private var hashRows: [[Table.Cell]] {
        var rows = [row("policy hash", policyHash.isEmpty ? "none" : policyHash)]
        guard let hashes else { return rows }
        rows += [
            row("intents hash", hashes.intents), row("embedder hash", hashes.embedder),
            row("learned hash", hashes.learned),
        ]
        return rows
    }

    static func phrase(_ thresholds: RoutingThresholds) -> String {
        "s from \(thresholds.minimumSimilarity), gap from \(thresholds.minimumGap), "
            + "confidence from \(thresholds.minimumConfidence)"
    }

    /// What would happen.
    private static func happens(_ decision: IntentDecision) -> String {
        let call = decision.tool.map { tool in
            "\(tool) \(String(decoding: JSONValue.object(decision.params).serialized, as: UTF8.self))"
        }
        return switch decision.outcome {
        case .tool: "the tool runs: \(call ?? "none")"
        case .model: "the model answers, or the local answer where there is none"
        case .human: "a human decides" + (call.map { "; approved, this runs: \($0)" } ?? "")
        case .denied: "the request is refused"
        }
    }
}
