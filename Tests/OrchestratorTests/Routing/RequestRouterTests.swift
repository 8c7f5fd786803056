import OrchAgents
import OrchCore
import OrchRouting
import Testing

@testable import OrchOrchestrator

/// All three ways of routing.
private let modes: [RequestRouter.Mode] = [.plain, .tiers, .shadow]
private typealias Text = RouterParts.Text

@Suite struct RequestRouterTests {
    private static func agent(_ name: String, _ tools: [String]) throws -> Agent {
        Agent(name: try AgentName(name), systemPrompt: "Help.", tools: tools)
    }

    // MARK: Who decides

    @Test(arguments: modes)
    func `where a rule decides, meaning is not read`(_ mode: RequestRouter.Mode) async throws {
        var parts = RouterParts(mode: mode)
        parts.memory = RouterParts.newMemory()
        let routed = try await parts.router.route(Text.ruled)
        #expect(routed.decision.tool == "echo" && routed.decision.params == ["message": "canary"])
        #expect(routed.router == (mode == .tiers ? .tiers : .plain))
        #expect(
            (routed.shadow != nil) == (mode == .shadow) && routed.isShadowMismatch == (mode == .shadow ? false : nil))
        #expect(routed.cacheOutcome == nil && routed.hashes == nil && routed.reading == nil)
        #expect(parts.meaning.reads.isEmpty)
    }

    @Test(arguments: [Text.denied, Text.allowed, Text.ruledForHuman])
    func `where an expression or a requirement decides, meaning is not read`(_ text: String) async throws {
        let parts = RouterParts(memory: RouterParts.newMemory())
        let decision = try await parts.router.route(text).decision
        #expect(decision.tier == 0 || decision.outcome == .human)
        #expect(parts.meaning.reads.isEmpty && parts.memory?.cache.count == 0)
    }

    @Test func `the plain router knows no expressions, and no requirements on its rules`() async throws {
        let parts = RouterParts(mode: .plain)
        let router = try parts.router
        #expect(await router.route(Text.ruledForHuman).decision.outcome == .tool)
        let denied = await router.route("echo: drop table")
        #expect(denied.decision.outcome == .tool && denied.decision.params == ["message": "drop table"])
        #expect(await router.route(Text.allowed).decision.reason == "no_match")
    }

    @Test func `the plain router asks meaning behind the rules only where it is on`() async throws {
        var parts = RouterParts(mode: .plain, plainAsksMeaning: false)
        let deaf = try await parts.router.route(Text.tool)
        #expect(deaf.decision.outcome == .model && deaf.decision.reason == "no_match" && deaf.decision.tier == 0)
        #expect(deaf.decision.evidence.verdict == nil && deaf.reading == nil && parts.meaning.reads.isEmpty)

        parts.plainAsksMeaning = true
        let decision = try await parts.router.route(Text.tool).decision
        #expect(decision.outcome == .tool && decision.tool == "echo" && decision.reason == "intent_confident")
        #expect(try await parts.router.route(Text.ambiguous).decision.reason == "hitl_ambiguous")
        let unmatched = try await parts.router.route(Text.unmatched).decision
        #expect(unmatched.reason == "no_match" && unmatched.evidence.verdict == .noMatch)
        #expect(parts.meaning.reads == [Text.tool, Text.ambiguous, Text.unmatched])
    }

    @Test func `the plain router remembers nothing, and asks no memory`() async throws {
        let parts = RouterParts(mode: .plain, memory: RouterParts.newMemory())
        for _ in 0..<2 { #expect(try await parts.router.route(Text.tool).cacheOutcome == nil) }
        #expect(parts.meaning.reads.count == 2 && parts.memory?.cache.count == 0)
    }

    @Test func `a request's meaning is read once, though two routers ask`() async throws {
        let parts = RouterParts(mode: .shadow, memory: RouterParts.newMemory())
        let routed = try await parts.router.route(Text.tool)
        #expect(parts.meaning.reads == [Text.tool])
        #expect(routed.decision.reason == "intent_confident" && routed.shadow?.reason == "intent_confident")
        #expect(routed.cacheOutcome == .miss && routed.hashes == parts.hashes)
        let again = try await parts.router.route(Text.tool)
        #expect(parts.meaning.reads.count == 2 && again.cacheOutcome == .hit, "once for the plain router alone")
        #expect(again.shadow?.tier == 1 && again.decision.tier == 2)
    }

    @Test(arguments: SemanticAbsence.allCases)
    func `why meaning says nothing is kept, and is no error`(_ absence: SemanticAbsence) async throws {
        for mode in modes {
            let meaning = TableMeaning([Text.tool: .none(absence)])
            let parts = RouterParts(mode: mode, meaning: meaning, memory: RouterParts.newMemory())
            let routed = try await parts.router.route(Text.tool)
            let decision = routed.shadow ?? routed.decision
            #expect(routed.decision.outcome == .model && decision.evidence.absence == absence)
            #expect(routed.decision.evidence.absence == absence)
            #expect(routed.decision.reason == (mode == .tiers ? "intent_router_no_match" : "no_match"))
            #expect(parts.memory?.cache.count == 0)
        }
    }

    @Test func `a meaning that is not there says why`() async {
        let router = RequestRouter(rules: RuleRouter())
        let routed = await router.route("anything")
        #expect(routed.decision.reason == "no_match" && routed.reading == nil && routed.router == .plain)
        let absent = await Meaning.absent(.noIntents, intents: "i").read("anything")
        #expect(absent.finding == .none(.noIntents) && absent.connections.isEmpty)
    }

    @Test func `a turn that is not routed is refused by the tiers alone`() throws {
        for mode in modes {
            let router = try RouterParts(mode: mode).router
            let refused = router.refusal(of: Text.denied)
            #expect(refused?.decision.outcome == (mode == .tiers ? .denied : nil))
            #expect(router.refusal(of: Text.ruled) == nil)
        }
    }

    @Test func `texts leave the machine only where somebody may ask about them`() throws {
        #expect(try !RouterParts(mode: .tiers).router.leavesMachine)
        for mode in modes {
            for plainAsks in [true, false] {
                let parts = RouterParts(mode: mode, plainAsksMeaning: plainAsks, leavesMachine: true)
                #expect(try parts.router.leavesMachine == (plainAsks || mode != .plain))
            }
        }
    }

    // MARK: Agents

    static let toolTexts = [Text.ruled, Text.tool, Text.ambiguous, Text.confirmed, Text.ruledForHuman]

    @Test(arguments: toolTexts)
    func `a tool that the agent lacks goes to the model, and nobody is asked`(_ text: String) async throws {
        let agent = try Self.agent("Helper", ["broken"])
        for mode in modes {
            let routed = try await RouterParts(mode: mode).router.route(text, agent: agent)
            for decision in [routed.decision, routed.shadow ?? routed.decision] {
                #expect(decision.outcome == .model && decision.reason == "tool_not_allowed_for_agent")
                #expect(decision.tool == nil && decision.params.isEmpty && decision.denyReason == nil)
            }
            #expect(routed.isShadowMismatch != true)
        }
    }

    @Test func `an agent's own tools run, and requests without tools are routed as ever`() async throws {
        let agent = try Self.agent("Helper", ["echo"])
        let router = try RouterParts().router
        #expect(await router.route(Text.tool, agent: agent).decision.tool == "echo")
        #expect(await router.route(Text.unsure, agent: agent).decision.outcome == .human)
        #expect(await router.route(Text.model, agent: agent).decision.reason == "intent_confident")
        #expect(await router.route(Text.denied, agent: agent).decision.outcome == .denied)
    }

    // MARK: Shadow

    static let shadows: [(text: String, plainAsks: Bool, isMismatch: Bool)] = [
        (Text.ruled, true, false), (Text.tool, true, false), (Text.model, true, false), (Text.ambiguous, true, false),
        (Text.unmatched, true, false), (Text.unknown, true, false), (Text.confirmed, true, false),
        // What is refused would have been the model's: no tool, no human.
        (Text.denied, true, false), (Text.allowed, true, false),
        // A tool where there would be none.
        ("echo: drop table", true, true),
        (Text.tool, false, true),
        // A human where there would be none.
        (Text.ruledForHuman, true, true), (Text.ambiguous, false, true), (Text.confessed, false, true),
        // The same in other words.
        (Text.model, false, false), (Text.unmatched, false, false),
    ]

    @Test(arguments: shadows)
    func `the plain router acts, and only another tool or another need for a human is a mismatch`(
        _ text: String, _ plainAsks: Bool, _ isMismatch: Bool
    ) async throws {
        let parts = RouterParts(mode: .shadow, plainAsksMeaning: plainAsks)
        let routed = try await parts.router.route(text)
        let plain = try await RouterParts(mode: .plain, plainAsksMeaning: plainAsks).router.route(text)
        let tiers = try await RouterParts(mode: .tiers).router.route(text)
        #expect(routed.decision == plain.decision && routed.router == .plain)
        #expect(routed.shadow == tiers.decision)
        #expect(routed.isShadowMismatch == isMismatch)
        #expect(parts.meaning.reads.count <= 1)
    }

    @Test func `another tool is a mismatch, in both directions`() {
        func decision(_ outcome: IntentDecision.Outcome, _ tool: String?) -> IntentDecision {
            IntentDecision(tier: 0, tool: tool, outcome: outcome, reason: "r", confidence: 1)
        }
        let acts: [(IntentDecision, IntentDecision, Bool)] = [
            (decision(.tool, "a"), decision(.tool, "a"), false), (decision(.tool, "a"), decision(.tool, "b"), true),
            (decision(.tool, "a"), decision(.model, nil), true), (decision(.human, "a"), decision(.human, "b"), false),
            (decision(.model, nil), decision(.denied, nil), false),
            (decision(.human, nil), decision(.denied, nil), true),
            (decision(.human, "a"), decision(.tool, "a"), true),
        ]
        for (one, other, isMismatch) in acts {
            for (acting, watching) in [(one, other), (other, one)] {
                var routed = Routed(acting, by: .plain)
                #expect(routed.isShadowMismatch == nil)
                routed.shadow = watching
                #expect(routed.isShadowMismatch == isMismatch)
            }
        }
    }
}
