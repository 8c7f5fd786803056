import OrchRouting
import Testing

@Suite struct AmbiguityGuardTests {
    private static let thresholds = RoutingThresholds(
        minimumSimilarity: 0.5, minimumConfidence: 0.4, minimumGap: 0.2)

    private static func verdict(_ similarity: Double, gap: Double, confidence: Double) -> AmbiguityGuard.Verdict {
        AmbiguityGuard.verdict(
            on: SemanticCandidate(intentID: "any", similarity: similarity, confidence: confidence, gap: gap), thresholds
        )
    }

    static let cases: [(similarity: Double, gap: Double, confidence: Double, verdict: AmbiguityGuard.Verdict)] = [
        (0.4999, 0, 0, .noMatch), (0.4999, 1, 0, .noMatch), (0.4999, 0, 1, .noMatch), (0.4999, 1, 1, .noMatch),
        (0, 0.2, 0.4, .noMatch),
        (0.5, 0.1999, 0, .ambiguous), (0.5, 0.1999, 1, .ambiguous), (1, 0, 0.3999, .ambiguous),
        (0.5, 0.2, 0.3999, .lowConfidence), (1, 1, 0, .lowConfidence),
        (0.5, 0.2, 0.4, .confident), (0.5001, 0.2001, 0.4001, .confident), (1, 1, 1, .confident),
    ]

    @Test(arguments: cases)
    func `the score is asked first, then the gap, then the confidence, and what is equal passes`(
        _ similarity: Double, _ gap: Double, _ confidence: Double, _ expected: AmbiguityGuard.Verdict
    ) {
        #expect(Self.verdict(similarity, gap: gap, confidence: confidence) == expected)
    }

    @Test func `whatever the other figures are, the first that is below decides`() {
        let figures = stride(from: 0.0, through: 1, by: 0.05).map { ($0 * 100).rounded() / 100 }
        for similarity in figures {
            for gap in figures {
                for confidence in figures {
                    let expected: AmbiguityGuard.Verdict =
                        switch (similarity >= 0.5, gap >= 0.2, confidence >= 0.4) {
                        case (false, _, _): .noMatch
                        case (true, false, _): .ambiguous
                        case (true, true, false): .lowConfidence
                        case (true, true, true): .confident
                        }
                    let found = Self.verdict(similarity, gap: gap, confidence: confidence)
                    if found != expected { Issue.record("\(similarity) \(gap) \(confidence): \(found)") }
                }
            }
        }
    }

    @Test func `without a candidate there is nothing to hold against anything`() {
        #expect(AmbiguityGuard.verdict(on: nil, Self.thresholds) == .noCandidate)
    }

    @Test func `thresholds of 0 let all pass, those of 1 the perfect alone`() {
        let none = RoutingThresholds(minimumSimilarity: 0, minimumConfidence: 0, minimumGap: 0)
        let all = RoutingThresholds(minimumSimilarity: 1, minimumConfidence: 1, minimumGap: 1)
        let worst = SemanticCandidate(intentID: "any", similarity: 0, confidence: 0, gap: 0)
        let best = SemanticCandidate(intentID: "any", similarity: 1, confidence: 1, gap: 1)
        #expect(AmbiguityGuard.verdict(on: worst, none) == .confident)
        #expect(AmbiguityGuard.verdict(on: best, all) == .confident)
        #expect(AmbiguityGuard.verdict(on: worst, all) == .noMatch)
    }

    @Test func `the verdicts are the words of decisions, and two of them ask a human`() {
        #expect(
            AmbiguityGuard.Verdict.allCases.map(\.rawValue) == [
                "no_tool_selected", "intent_router_no_match", "hitl_ambiguous", "hitl_low_confidence",
                "intent_confident",
            ])
        #expect(AmbiguityGuard.Verdict.allCases.filter(\.needsHuman) == [.ambiguous, .lowConfidence])
    }

    // MARK: Whose thresholds hold

    static let holders: [(override: Double?, own: Double?, expected: Double)] = [
        (nil, nil, 0.4), (nil, 0.7, 0.7), (0.9, nil, 0.9), (0.9, 0.7, 0.9), (0.1, 0.7, 0.1), (0, 1, 0), (nil, 0, 0),
    ]

    @Test(arguments: holders)
    func `the policy's word is over the intent's own, and that over the settings'`(
        _ override: Double?, _ own: Double?, _ expected: Double
    ) {
        let settings = RoutingThresholds(minimumSimilarity: 0.5, minimumConfidence: 0.4, minimumGap: 0.4)
        let all = AmbiguityGuard(
            settings, overrides: ["one": IntentOverride(minimumConfidence: override, minimumGap: override)])
        let found = all.thresholds(for: Intent(id: "one", minimumConfidence: own, minimumGap: own))
        #expect(
            found == RoutingThresholds(minimumSimilarity: 0.5, minimumConfidence: expected, minimumGap: expected))
        #expect(all.thresholds(for: Intent(id: "other")) == settings, "it is one intent's alone")
    }

    @Test func `each threshold is overridden by itself`() {
        let guarded = AmbiguityGuard(
            Self.thresholds, overrides: ["one": IntentOverride(minimumConfidence: 0.9), "two": IntentOverride()])
        let intent = Intent(id: "one", minimumConfidence: 0.8, minimumGap: 0.7)
        let found = guarded.thresholds(for: intent)
        #expect(found == RoutingThresholds(minimumSimilarity: 0.5, minimumConfidence: 0.9, minimumGap: 0.7))
        #expect(guarded.thresholds(for: Intent(id: "two", minimumGap: 0.1)).minimumGap == 0.1)
    }

    @Test func `a human decides on the intents of which the policy says so`() {
        let guarded = AmbiguityGuard(
            Self.thresholds, overrides: ["one": IntentOverride(needsHuman: true), "two": IntentOverride()])
        #expect(guarded.needsHuman("one"))
        #expect(!guarded.needsHuman("two") && !guarded.needsHuman("three") && !guarded.needsHuman("ONE"))
    }

    @Test func `thresholds have one spelling each`() {
        let figures = [0, 0.1, 0.11, 0.5, 1]
        var spellings: Set<String> = []
        for similarity in figures {
            for confidence in figures {
                for gap in figures {
                    spellings.insert(
                        RoutingThresholds(
                            minimumSimilarity: similarity, minimumConfidence: confidence, minimumGap: gap
                        ).spelling)
                }
            }
        }
        #expect(spellings.count == 125)
        #expect(Self.thresholds.spelling == "0.5 0.4 0.2")
    }
}
