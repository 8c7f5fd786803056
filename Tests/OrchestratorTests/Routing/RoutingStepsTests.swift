import OrchApprovals
import OrchCore
import OrchEgress
import OrchReceipts
import OrchRouting
import OrchStorageSQLite
import Testing

@testable import OrchOrchestrator

private typealias Text = RouterParts.Text

/// What receipts and metrics hold of how a text was routed.
@Suite struct RoutingStepsTests {
    private let governance: Governance

    init() throws { governance = try Governance() }

    private static let thresholds: JSONValue = ["min_confidence": 0.6, "min_gap": 0.2, "min_similarity": 0.5]
    /// All of them, each another way.
    static let texts =
        Array(RouterParts.table.keys).sorted()
        + [Text.denied, Text.allowed, Text.ruled, Text.ruledForHuman, Text.unknown]

    /// The one step of a kind, without how long it took.
    private func step(_ type: StepType, _ bench: Bench) throws -> JSONValue {
        var step = try #require(bench.log.steps(type).first)
        #expect(bench.log.steps(type).count == 1)
        step["duration_us"] = nil
        return .object(step)
    }

    private static func kinds(_ bench: Bench) -> [String] { bench.log.entries.flatMap(\.steps).map(\.type) }

    // MARK: Payloads

    @Test func `of meaning hold what was found, the hashes and the thresholds that it was held against`() async throws {
        let bench = try Bench(RouterParts(memory: RouterParts.newMemory()), governance)
        _ = try await bench.whole(Bench.body(Text.ambiguous))
        #expect(
            try step(.semanticRouter, bench) == [
                "cache_hit": false, "confidence": 0.8, "embedder": "e1", "gap": 0.1, "intent": "work", "intents": "i1",
                "learned": "l1", "runner_up": "other", "similarity": 0.9,
            ])
        #expect(
            try step(.semanticAmbiguityGuard, bench) == [
                "policy_hash": "p1", "thresholds": Self.thresholds, "verdict": "hitl_ambiguous",
            ])
        let review = try await governance.store.reviews(status: nil, requester: nil, before: nil, limit: 1).first
        #expect(
            try step(.intentRouter, bench) == [
                "cache": "miss", "confidence": 0.8, "gap": 0.1, "intent": "work", "mode": "advanced",
                "outcome": "human", "reason": "hitl_ambiguous", "review": .string(review?.id ?? ""),
                "router": "intents", "rule": nil, "tier": 3, "tool": "unsafe",
            ])
        #expect(
            Self.kinds(bench) == [
                "policy_snapshot", "semantic_router", "semantic_ambiguity_guard", "intent_router", "token_usage",
            ])
    }

    @Test func `of what was remembered say so, and what it was`() async throws {
        let parts = RouterParts(memory: RouterParts.newMemory())
        _ = try await parts.router.route(Text.tool)
        let bench = try Bench(parts)
        _ = try await bench.whole(Bench.body(Text.tool))
        #expect(
            try step(.semanticRouter, bench) == [
                "cache_hit": true, "confidence": 0.8, "embedder": "e1", "gap": 0.7, "intent": "say", "intents": "i1",
                "learned": "l1", "runner_up": "other", "similarity": 0.9,
            ])
        let router = try #require(bench.log.steps(.intentRouter).first)
        #expect(router["cache"] == "hit" && router["tier"] == 1 && router["tool"] == "echo")
    }

    @Test(arguments: SemanticAbsence.allCases)
    func `of a meaning that says nothing hold why`(_ absence: SemanticAbsence) async throws {
        let bench = try Bench(RouterParts(meaning: TableMeaning([Text.tool: .none(absence)])))
        _ = try await bench.whole(Bench.body(Text.tool))
        #expect(
            try step(.semanticRouter, bench) == [
                "absence": .string(absence.rawValue), "cache_hit": false, "embedder": "e1", "intents": "i1",
                "learned": "l1",
            ])
        #expect(
            try step(.semanticAmbiguityGuard, bench) == ["policy_hash": "p1", "verdict": "no_tool_selected"])
    }

    @Test func `of what expressions and rules decide are one, without meaning`() async throws {
        let bench = try Bench(RouterParts(policyHash: ""), governance)
        _ = try await bench.whole(Bench.body(Text.denied))
        #expect(
            try step(.intentRouter, bench) == [
                "confidence": 1, "intent": nil, "mode": "advanced", "outcome": "denied", "pattern": 0,
                "reason": "tier0_deny", "router": "intents", "rule": nil, "tier": 0, "tool": nil,
            ])
        #expect(Self.kinds(bench) == ["policy_snapshot", "intent_router", "token_usage"])

        let other = try Bench(RouterParts(mode: .plain))
        _ = try await other.whole(Bench.body(Text.ruled))
        #expect(
            try step(.intentRouter, other) == [
                "confidence": 0.9, "intent": "echo", "mode": "advanced", "outcome": "tool", "reason": "echo_keyword",
                "router": "rules", "rule": "echo", "tier": 0, "tool": "echo",
            ])
        #expect(other.log.steps(.semanticRouter).isEmpty && other.log.steps(.semanticAmbiguityGuard).isEmpty)
    }

    @Test func `of tiers that only watch hold both decisions`() async throws {
        let bench = try Bench(RouterParts(mode: .shadow, policyHash: "", plainAsksMeaning: false))
        _ = try await bench.whole(Bench.body(Text.ambiguous))
        #expect(
            try step(.intentRouter, bench) == [
                "confidence": 0, "intent": nil, "mode": "advanced", "outcome": "model", "reason": "no_match",
                "router": "rules", "rule": nil,
                "shadow": [
                    "confidence": 0.8, "intent": "work", "mismatch": true, "outcome": "human",
                    "reason": "hitl_ambiguous", "tier": 3,
                    "tool": "unsafe",
                ], "tier": 0, "tool": nil,
            ])
        #expect(
            try step(.semanticAmbiguityGuard, bench) == [
                "policy_hash": nil, "thresholds": Self.thresholds, "verdict": "hitl_ambiguous",
            ])
    }

    @Test func `of connections that meaning made come before what it said`() async throws {
        let connection = ConnectionRecord(endpoint: Endpoint(host: "embedder", port: 1), address: "127.0.0.1")
        let bench = try Bench(
            RouterParts(
                leavesMachine: true, meaning: TableMeaning(RouterParts.table, connections: [connection])), governance)
        _ = try await bench.whole(Bench.body(Text.ambiguous))
        #expect(Self.kinds(bench).prefix(3) == ["policy_snapshot", "egress", "semantic_router"])
        #expect(try step(.egress, bench).objectValue?["endpoint"] == "embedder:1")
        #expect(bench.log.phases == [.opening, .closing])
    }

    @Test(arguments: [RequestRouter.Mode.plain, .tiers, .shadow])
    func `hold no word of the text, and are canonical`(_ mode: RequestRouter.Mode) async throws {
        let parts = RouterParts(mode: mode, memory: RouterParts.newMemory())
        let bench = try Bench(parts, governance)
        for text in Self.texts + Self.texts {
            _ = try await bench.whole(Bench.body(text))
            _ = try await bench.stream(Bench.body(text, #""stream":true"#))
        }
        #expect(!bench.log.text.contains("canary") && !bench.log.text.contains("CANARY"))
        for step in bench.log.entries.flatMap(\.steps) {
            #expect(try JSONValue(parsing: step.json).canonical == step.json, "\(step.type)")
        }
    }

    // MARK: Events

    /// Those of routing, in words.
    private static func words(_ bench: Bench) -> [String] {
        bench.events.all.compactMap { event in
            switch event {
            case .routed(let reason): "routed \(reason)"
            case .decidedIntent(let tier, let outcome): "decided \(tier) \(outcome)"
            case .shadowed(let isMismatch): "shadowed \(isMismatch)"
            case .lookedUpIntent(let outcome): "looked up \(outcome)"
            case .readMeaning(let outcome, let time): time >= .zero ? "read \(outcome)" : "read in no time"
            default: nil
            }
        }
    }

    static let events: [(RequestRouter.Mode, String, [String])] = [
        (.plain, Text.ruled, ["routed echo_keyword"]), (.plain, Text.tool, ["routed intent_confident", "read ok"]),
        (.plain, Text.unknown, ["routed no_match", "read text_without_meaning"]),
        (.tiers, Text.ruled, ["routed echo_keyword", "decided 0 tool"]),
        (.tiers, Text.denied, ["routed tier0_deny", "decided 0 denied"]),
        (.tiers, Text.allowed, ["routed allow_pattern", "decided 0 model"]),
        (.tiers, Text.ruledForHuman, ["routed tier3_required", "decided 3 human"]),
        (.tiers, Text.tool, ["routed intent_confident", "decided 2 tool", "looked up miss", "read ok"]),
        (.tiers, Text.unsure, ["routed hitl_low_confidence", "decided 3 human", "looked up miss", "read ok"]),
        (
            .tiers, Text.unknown,
            ["routed intent_router_no_match", "decided 2 model", "looked up miss", "read text_without_meaning"]
        ),
        (
            .shadow, Text.tool,
            ["routed intent_confident", "decided 2 tool", "shadowed false", "looked up miss", "read ok"]
        ),
        (.shadow, Text.ruledForHuman, ["routed math", "decided 3 human", "shadowed true"]),
        (.shadow, Text.denied, ["routed no_match", "decided 0 denied", "shadowed false", "read text_without_meaning"]),
    ]

    @Test(arguments: events)
    func `are told as what was acted on, what the tiers decided, and what was looked at`(
        _ mode: RequestRouter.Mode, _ text: String, _ expected: [String]
    ) async throws {
        let bench = try Bench(RouterParts(mode: mode, memory: RouterParts.newMemory()), governance)
        _ = try await bench.whole(Bench.body(text))
        #expect(Self.words(bench) == expected)
    }

    @Test func `of what is remembered, of turns that are not routed, and of refused ones`() async throws {
        let parts = RouterParts(memory: RouterParts.newMemory())
        _ = try await parts.router.route(Text.tool)
        let bench = try Bench(parts, governance)
        _ = try await bench.whole(Bench.body(Text.tool))
        #expect(Self.words(bench) == ["routed intent_confident", "decided 1 tool", "looked up hit"])

        let other = try Bench(parts, governance)
        let tools = #""tools":[{"type":"function","function":{"name":"f"}}]"#
        _ = try await other.whole(Bench.body(Text.tool, tools))
        _ = try await other.whole(Bench.body(Text.denied, tools))
        #expect(Self.words(other) == ["routed client_tools", "routed tier0_deny", "decided 0 denied"])
    }
}
