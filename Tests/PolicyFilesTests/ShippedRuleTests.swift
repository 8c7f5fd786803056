import OrchCore
import OrchRouting
import Testing

/// The shipped policy's other rules.
struct ShippedRuleTests {
    private let router: RuleRouter

    init() throws {
        router = try ShippedFiles.sharedRouter.get()
    }

    @Test func thePolicyHasItsTwoRules() {
        #expect(router.policy.rules.map(\.id) == ["arithmetic", "echo"])
        #expect(router.policy.rules.allSatisfy { $0.isEnabled && !$0.description.isEmpty })
        #expect(router.policy.defaults == RuleDefaults())
    }

    @Test(arguments: [
        ("echo hello", "hello"), ("Echo Hello World", "Hello World"), ("ECHO: Hi", "Hi"), ("echo:hi", "hi"),
        ("  echo   spaced   out", "spaced   out"), ("echo\nline 1\nline 2", "line 1\nline 2"), ("echo echo", "echo"),
        ("echo 2 + 2", "2 + 2"), ("echo Grüße 🦊", "Grüße 🦊"), ("echo what is 2 + 2?", "what is 2 + 2?"),
        ("echo : a", "a"), ("echo calc 2 + 2", "calc 2 + 2"),
    ])
    func echoRepeatsWhatFollows(text: String, message: String) {
        let decision = router.decide(text)
        #expect(decision.tool == "echo")
        #expect(decision.params == ["message": .string(message)])
        #expect(decision.reason == "echo_keyword")
    }

    @Test(arguments: [
        "echo", "echo ", "echo:", "echo :", "echoes of the past", "echolocation", "echo-location", "what is an echo?",
        "an echo here", "re: echo x", "echo, x", "echo\u{200B} hi", "ｅｃｈｏ hi", "hello", "#echo hi",
    ])
    func otherTextsAreNotEchoed(text: String) {
        #expect(router.decide(text) == .noMatch)
    }

    @Test(arguments: [
        "Analyse this contract", "analyze the logs", "Give me an analysis of it", "compare Rust and Swift",
        "A comparison of both", "explain why the sky is blue", "Explain to me why it fails", "step by step please",
        "Do it step-by-step", "reason about the invariants", "Evaluate our options", "critically assess the plan",
        "what are the trade-offs", "tradeoffs of caching", "trade offs?", "pros and cons of nuclear power",
        "find the root cause", "weigh the options", "implications of the ruling", "prove that it terminates",
        "COMPARE THESE", "first line\nthen compare\nlast line", "think it through", "think carefully",
        "advantages and disadvantages",
    ])
    func theseTextsAskForAnalysis(text: String) {
        #expect(router.asksForAnalysis(text))
    }

    @Test(arguments: [
        "", "hello", "what is the capital of France?", "explain photosynthesis", "paralyse", "comparable prices",
        "psychoanalyst near me", "devaluate", "step by", "footstep by footstep", "a good reason", "trade offer",
        "prosecutor", "incomparable", "write a poem", "translate to German", "overweight", "unproven", "rooted",
        "catalyses nothing", "reasonable", "proverb", "comparé", "why not",
    ])
    func theseTextsDoNot(text: String) {
        #expect(!router.asksForAnalysis(text))
    }
}
