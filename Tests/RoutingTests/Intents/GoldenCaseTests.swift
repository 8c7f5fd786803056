import OrchCore
import OrchRouting
import Testing

struct GoldenCaseTests {
    private let decision = IntentDecision(
        tier: 2, intentID: "count", tool: "tokens", params: ["b": 2, "a": "x"], outcome: .tool,
        reason: "intent_confident", confidence: 0.9)

    @Test func whatIsNotExpectedIsNotCompared() {
        #expect(GoldenExpectation(outcome: .tool).differences(from: decision).isEmpty)
    }

    @Test func aDecisionThatIsAsExpectedHasNoDifference() {
        let expected = GoldenExpectation(
            outcome: .tool, tool: "tokens", intent: "count", reason: "intent_confident", tier: 2,
            params: ["a": "x", "b": 2])
        #expect(expected.differences(from: decision).isEmpty)
    }

    @Test func everyMemberThatDiffersIsShown() {
        let expected = GoldenExpectation(
            outcome: .human, tool: "echo", intent: "repeat", reason: "hitl_ambiguous", tier: 3, params: ["a": "y"])
        #expect(
            expected.differences(from: decision).map { "\($0.member): \($0.expected), not \($0.found)" } == [
                "outcome: human, not tool", "tool: echo, not tokens", "intent: repeat, not count",
                "reason: hitl_ambiguous, not intent_confident", "tier: 3, not 2",
                #"params: {"a":"y"}, not {"a":"x","b":2}"#,
            ])
    }

    @Test func whatIsMissingIsNone() {
        let model = IntentDecision(tier: 2, outcome: .model, reason: "intent_router_no_match", confidence: 0)
        let expected = GoldenExpectation(outcome: .model, tool: "echo", intent: "repeat", params: ["a": 1])
        #expect(expected.differences(from: model).map(\.found) == ["none", "none", "{}"])
    }

    @Test func aTextMayBeAShorterOneManyTimesOver() {
        #expect(GoldenText("ab").string == "ab")
        #expect(GoldenText("").string == "")
        #expect(GoldenText("ab", count: 3).string == "ababab")
    }
}
