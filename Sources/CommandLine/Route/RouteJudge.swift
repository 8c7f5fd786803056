import OrchCore
import OrchRouting

/// Decides anew, by the figures of receipts, what another tool policy would have made of a text.
struct RouteJudge: Sendable {
    /// What would come out.
    struct Outcome: Sendable, Equatable {
        var outcome: String
        /// nil where the rule's own word is not known any more.
        var reason: String?
    }

    enum Verdict: Sendable, Equatable {
        case same
        case changed(Outcome)
        /// It cannot be said: why, in a word.
        case unknown(String)
    }

    let ambiguity: AmbiguityGuard
    let intents: IntentCatalog
    /// The tools, each of which is an intent where no other is for it.
    let tools: Set<String>
    /// The rules' reasons by their ids.
    let rules: [String: String]

    func verdict(on route: RecordedRoute) -> Verdict {
        if route.reason == RouteReason.denied || route.reason == RouteReason.allowed { return .unknown("expression") }
        if let rule = route.rule { return verdict(on: route, rule: rule) }
        guard let candidate = route.candidate else { return .same }
        guard let intent = intent(candidate.intentID) else { return .unknown("intent_gone") }
        return compare(route, judged(candidate, intent, route.router))
    }

    private func verdict(on route: RecordedRoute, rule: String) -> Verdict {
        // The plain router asks no human about rules, and a tool that the agent has not does not run in any case.
        guard route.router != .rules, route.reason != RouteReason.toolNotAllowed else { return .same }
        let was = route.reason == RouteReason.humanRequired
        guard was != ambiguity.needsHuman(rule) else { return .same }
        return .changed(was ? Outcome(outcome: "tool", reason: rules[rule]) : Self.required)
    }

    /// As the router judges a finding.
    private func judged(_ candidate: SemanticCandidate, _ intent: Intent, _ router: RecordedRoute.Router) -> Outcome {
        let verdict = AmbiguityGuard.verdict(on: candidate, ambiguity.thresholds(for: intent))
        switch verdict {
        case .noCandidate, .noMatch:
            let reason = router == .rules ? RouteReason.noMatch : AmbiguityGuard.Verdict.noMatch.rawValue
            return Outcome(outcome: "model", reason: reason)
        case .ambiguous, .lowConfidence: return Outcome(outcome: "human", reason: verdict.rawValue)
        case .confident where ambiguity.needsHuman(intent.id): return Self.required
        case .confident: return Outcome(outcome: intent.tool == nil ? "model" : "tool", reason: verdict.rawValue)
        }
    }

    private func compare(_ route: RecordedRoute, _ would: Outcome) -> Verdict {
        // The agent has no such tool: only where no intent is found any more does anything change.
        if route.reason == RouteReason.toolNotAllowed, would.outcome == "tool" || would.outcome == "human" {
            return .same
        }
        return would == Outcome(outcome: route.outcome, reason: route.reason) ? .same : .changed(would)
    }

    private func intent(_ id: String) -> Intent? {
        intents[id] ?? (tools.contains(id) ? Intent(id: id, tool: id) : nil)
    }

    private static let required = Outcome(outcome: "human", reason: RouteReason.humanRequired)
}
