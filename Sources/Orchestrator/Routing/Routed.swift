package import OrchRouting

/// How a text was routed, and what was looked at for it.
package struct Routed: Sendable {
    /// Who has decided.
    package enum Router: String, Sendable {
        /// Nobody: there was nothing to decide.
        case none
        /// The rules, and behind them meaning where it is on.
        case plain = "rules"
        case tiers = "intents"
    }

    /// What tier 1 said.
    package enum CacheOutcome: String, Sendable { case hit, miss }

    /// What is acted on.
    package var decision: IntentDecision
    package var router: Router
    /// What the intent router would have done, where it only watches.
    package var shadow: IntentDecision?
    package var cacheOutcome: CacheOutcome?
    /// What the text's meaning said, where it was looked at.
    package var reading: Meaning.Reading?
    package var readingTime = Duration.zero
    /// What the reading rests on.
    package var hashes: Meaning.Hashes?

    init(_ decision: IntentDecision, by router: Router) {
        self.decision = decision
        self.router = router
    }

    /// The rules were not asked.
    static func notRouted(_ reason: String) -> Routed {
        Routed(IntentDecision(tier: 0, outcome: .model, reason: reason, confidence: 0), by: .none)
    }

    /// Whether the intent router would have done something else: another tool, or a human.
    package var isShadowMismatch: Bool? {
        shadow.map { shadow in
            func tool(_ decision: IntentDecision) -> String? { decision.outcome == .tool ? decision.tool : nil }
            return tool(shadow) != tool(decision) || (shadow.outcome == .human) != (decision.outcome == .human)
        }
    }
}
