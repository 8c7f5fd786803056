import OrchRouting
import Testing

@Suite struct IntentDecisionTests {
    private static func decision(
        _ outcome: IntentDecision.Outcome, tier: Int = 2, _ verdict: AmbiguityGuard.Verdict? = .confident
    ) -> IntentDecision {
        var decision = IntentDecision(tier: tier, outcome: outcome, reason: "why", confidence: 1)
        decision.evidence.verdict = verdict
        return decision
    }

    @Test(arguments: IntentDecision.Outcome.allCases)
    func `why nothing ran is said exactly where nothing ran`(_ outcome: IntentDecision.Outcome) {
        let isStopped = outcome == .human || outcome == .denied
        #expect(Self.decision(outcome).denyReason == (isStopped ? "why" : nil))
    }

    @Test func `what is remembered was found at tier 2, is confident, and asks nobody`() {
        let verdicts: [AmbiguityGuard.Verdict?] = AmbiguityGuard.Verdict.allCases + [nil]
        for outcome in IntentDecision.Outcome.allCases {
            for tier in 0...3 {
                for verdict in verdicts {
                    let isKept =
                        tier == 2 && verdict == .confident && (outcome == .tool || outcome == .model)
                    #expect(Self.decision(outcome, tier: tier, verdict).isCacheable == isKept)
                }
            }
        }
    }
}
