import OrchCore
import OrchRE2
import OrchRouting
import Testing

@Suite struct TierRouterTests {
    private static let thresholds = RoutingThresholds(
        minimumSimilarity: 0.5, minimumConfidence: 0.6, minimumGap: 0.2)

    /// One rule, `calc …`, and three intents.
    private static func router(
        deny: [String] = ["secret"], allow: [String] = ["^hello", "calc"], thresholds: RoutingThresholds = thresholds,
        overrides: [String: IntentOverride] = [:]
    ) throws -> TierRouter {
        func compiled(_ sources: [String]) throws -> [any Pattern] {
            try sources.map { try RE2Compiler().compile($0, caseInsensitive: true) }
        }
        let rule = Rule(
            id: "arithmetic", patterns: [#"^calc\b"#], tool: "safe_calc", params: ["expression_key": "expression"],
            confidence: 0.1, reason: "math")
        return TierRouter(
            rules: try RuleRouter(policy: RulePolicy(rules: [rule]), compiler: RE2Compiler()),
            gate: GatePatterns(deny: try compiled(deny), allow: try compiled(allow)),
            intents: try IntentCatalog([
                Intent(id: "say", tool: "echo", params: ["message_key": "message"], examples: ["say it"]),
                Intent(id: "talk", examples: ["let us talk"]),
                Intent(id: "strict", tool: "echo", examples: ["strictly"], minimumConfidence: 0.95, minimumGap: 0.5),
            ]),
            ambiguity: AmbiguityGuard(thresholds, overrides: overrides), policyHash: "hash")
    }

    private static func found(
        _ intent: String = "say", _ similarity: Double = 0.9, gap: Double = 0.7, _ confidence: Double = 0.8
    ) -> SemanticFinding {
        .candidate(
            SemanticCandidate(intentID: intent, similarity: similarity, confidence: confidence, gap: gap))
    }

    // MARK: Tier 0

    @Test func `deny expressions come before the rules, and the rules before allow expressions`() throws {
        let router = try Self.router()
        let denied = try #require(router.immediate("calc the secret, hello"))
        #expect(denied.outcome == .denied && denied.reason == "tier0_deny" && denied.denyReason == "tier0_deny")
        #expect(denied.tier == 0 && denied.confidence == 1 && denied.gap == nil && denied.policyHash == "hash")
        #expect(denied.tool == nil && denied.params.isEmpty && denied.intentID == nil)
        #expect(denied.evidence.pattern == 0 && denied.evidence.rule == nil)
        #expect(denied == router.denial(0))

        let ruled = try #require(router.immediate("calc 1 + 1"))
        #expect(ruled.outcome == .tool && ruled.reason == "math" && ruled.tool == "safe_calc")
        #expect(ruled.params == ["expression": "1 + 1"] && ruled.evidence.rule == "arithmetic")
        #expect(ruled.intentID == "arithmetic" && ruled.tier == 0 && ruled.evidence.pattern == nil)

        let allowed = try #require(router.immediate("hello calc"))
        #expect(allowed.outcome == .model && allowed.reason == "allow_pattern" && allowed.intentID == "allow_pattern")
        #expect(allowed.confidence == 0.9 && allowed.evidence.pattern == 0 && allowed.tool == nil && allowed.tier == 0)
        #expect(router.immediate("please calc")?.evidence.pattern == 1)

        #expect(router.immediate("something else") == nil)
    }

    @Test func `without the gate the rules alone are asked`() throws {
        let router = try Self.router(overrides: ["arithmetic": IntentOverride(needsHuman: true)])
        let ruled = try #require(router.immediate("calc the secret", usesGate: false))
        #expect(ruled.outcome == .tool && ruled.tool == "safe_calc" && ruled.tier == 0 && ruled.reason == "math")
        #expect(router.immediate("a secret", usesGate: false) == nil)
        #expect(router.immediate("hello", usesGate: false) == nil)
    }

    @Test func `a human decides on a rule of which the policy says so, and gets the call that would have run`() throws {
        let router = try Self.router(overrides: ["arithmetic": IntentOverride(needsHuman: true)])
        let decision = try #require(router.immediate("calc 1 + 1"))
        #expect(decision.outcome == .human && decision.tier == 3 && decision.reason == "tier3_required")
        #expect(decision.tool == "safe_calc" && decision.params == ["expression": "1 + 1"])
        #expect(decision.confidence == 0.1 && decision.evidence.rule == "arithmetic")
        #expect(try #require(router.immediate("calc a secret")).outcome == .denied, "refused is refused")
    }

    @Test func `a rule that matches is not held against any threshold`() throws {
        let highest = RoutingThresholds(minimumSimilarity: 1, minimumConfidence: 1, minimumGap: 1)
        let override = IntentOverride(minimumConfidence: 1, minimumGap: 1)
        let router = try Self.router(thresholds: highest, overrides: ["arithmetic": override])
        let decision = try #require(router.immediate("calc 1 + 1"))
        #expect(decision.outcome == .tool && decision.confidence == 0.1)
        #expect(decision.evidence.verdict == nil && decision.evidence.thresholds == nil)
    }

    // MARK: Tiers 1 to 3

    static let verdicts: [(SemanticFinding, IntentDecision.Outcome, tier: Int, reason: String, intent: String?)] = [
        (found(), .tool, 2, "intent_confident", "say"),
        (found("talk"), .model, 2, "intent_confident", "talk"),
        (found("say", 0.5, gap: 0.2, 0.6), .tool, 2, "intent_confident", "say"),
        (found("say", 0.4999, gap: 0, 0), .model, 2, "intent_router_no_match", nil),
        (found("say", gap: 0.1999, 0), .human, 3, "hitl_ambiguous", "say"),
        (found("talk", 0.9, gap: 0.7, 0.5999), .human, 3, "hitl_low_confidence", "talk"),
        (found("strict"), .human, 3, "hitl_low_confidence", "strict"),
        (found("strict", gap: 0.4, 0.96), .human, 3, "hitl_ambiguous", "strict"),
        (found("strict", 0.97, gap: 0.9, 0.96), .tool, 2, "intent_confident", "strict"),
        (found("nobody's"), .model, 2, "intent_router_no_match", nil),
    ]

    @Test(arguments: verdicts)
    func `a candidate becomes a tool's, the model's, or a human's`(
        _ finding: SemanticFinding, _ outcome: IntentDecision.Outcome, _ tier: Int, _ reason: String, _ intent: String?
    ) throws {
        let decision = try Self.router().judged(finding, "Say  Hello")
        #expect(decision.outcome == outcome && decision.tier == tier && decision.reason == reason)
        #expect(decision.intentID == intent && decision.policyHash == "hash")
        let isForTool = intent != nil && intent != "talk"
        #expect(decision.tool == (isForTool ? "echo" : nil))
        if intent == "say" { #expect(decision.params == ["message": "Say  Hello"], "a human gets the call") }
        #expect(decision.evidence.absence == nil && !decision.evidence.isCacheHit)

        let remembered = try Self.router().judged(finding, "Say  Hello", isRemembered: true)
        #expect(remembered.evidence.isCacheHit && remembered.tier == (outcome == .human ? 3 : 1))
        #expect(remembered.outcome == outcome && remembered.params == decision.params && !remembered.isCacheable)
    }

    @Test func `what a candidate was held against is kept`() throws {
        let override = IntentOverride(minimumConfidence: 0.1)
        let decision = try Self.router(overrides: ["strict": override]).judged(Self.found("strict"), "x")
        #expect(decision.outcome == .tool && decision.confidence == 0.8 && decision.gap == 0.7)
        #expect(decision.evidence.verdict == .confident)
        #expect(
            decision.evidence.thresholds
                == RoutingThresholds(minimumSimilarity: 0.5, minimumConfidence: 0.1, minimumGap: 0.5))
        guard case .candidate(let candidate) = Self.found("strict") else { return }
        #expect(decision.evidence.candidate == candidate)
    }

    @Test(arguments: SemanticAbsence.allCases)
    func `why there is no candidate is kept`(_ absence: SemanticAbsence) throws {
        let decision = try Self.router().judged(.none(absence), "anything")
        #expect(decision.outcome == .model && decision.reason == "intent_router_no_match" && decision.tool == nil)
        #expect(decision.evidence.absence == absence && decision.evidence.verdict == .noCandidate)
        #expect(decision.confidence == 0 && decision.gap == nil && decision.intentID == nil && !decision.isCacheable)
    }

    @Test func `a human decides on an intent of which the policy says so, however clear it is`() throws {
        let router = try Self.router(overrides: [
            "say": IntentOverride(needsHuman: true), "talk": IntentOverride(needsHuman: true),
        ])
        for isRemembered in [false, true] {
            let decision = router.judged(Self.found(), "Say it", isRemembered: isRemembered)
            #expect(decision.outcome == .human && decision.tier == 3 && decision.reason == "tier3_required")
            #expect(decision.tool == "echo" && decision.params == ["message": "Say it"] && !decision.isCacheable)
            #expect(decision.evidence.verdict == .confident)
        }
        #expect(router.judged(Self.found("talk"), "x").outcome == .human)
        #expect(router.judged(Self.found(gap: 0.1), "x").reason == "hitl_ambiguous", "the guard's reason stands")
        #expect(router.judged(Self.found("say", 0.1), "x").outcome == .model, "it is not that intent")
        #expect(router.judged(Self.found("strict", 1, gap: 1, 1), "x").outcome == .tool)
    }

    @Test func `the same text and finding give the same decision, and the arguments are those of the text`() throws {
        let router = try Self.router()
        #expect(router.judged(Self.found(), "One") == router.judged(Self.found(), "One"))
        #expect(router.judged(Self.found(), "one").params == ["message": "one"])
    }
}
