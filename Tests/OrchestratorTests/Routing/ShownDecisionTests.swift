import OrchApprovals
import OrchCore
import OrchRouting
import OrchStorageSQLite
import Testing

@testable import OrchOrchestrator

private typealias Text = RouterParts.Text

/// The `intent_decision` of answers.
@Suite struct ShownDecisionTests {
    private let governance: Governance

    init() throws { governance = try Governance() }

    private static let keys = [
        "decision_id", "policy_hash", "tier_used", "outcome", "reason", "intent_id", "allowed_tools", "tool_params",
        "requires_hitl", "confidence", "gap", "deny_reason", "evidence", "operator", "cacheable",
    ]

    private static let thresholds: JSONValue = ["min_confidence": 0.6, "min_gap": 0.2, "min_similarity": 0.5]

    @Test func `is shown where the setting or the request says so, and nowhere else`() async throws {
        for (setting, request) in [(false, false), (true, false), (false, true), (true, true)] {
            let bench = try Bench(RouterParts(), governance) { $0.showsDecisions = setting }
            for text in [Text.tool, Text.model, Text.denied, Text.ambiguous] {
                let root = try await bench.whole(Bench.body(text), showsDecision: request)
                #expect((root["intent_decision"] != nil) == (setting || request))
            }
        }
    }

    @Test(
        arguments: Array(RouterParts.table.keys).sorted() + [Text.denied, Text.allowed, Text.ruled, Text.ruledForHuman])
    func `has its members, in their order, and those that the schema requires`(_ text: String) async throws {
        let bench = try Bench(RouterParts(memory: RouterParts.newMemory()), governance) { $0.showsDecisions = true }
        let required = ChatAnswer.schema.objectValue?["properties"]?.objectValue?["intent_decision"]?
            .objectValue?["required"]?.arrayValue?.compactMap(\.stringValue)
        for _ in 0..<2 {
            let root = try await bench.whole(Bench.body(text))
            let decision = try #require(root["intent_decision"])
            #expect(decision.members.map(\.key) == Self.keys && required == Self.keys)
            #expect(decision["decision_id"]?.string == root["request_id"]?.string)
        }
    }

    @Test func `of a tool names it, its arguments, and what they rest on`() async throws {
        let bench = try Bench(RouterParts(memory: RouterParts.newMemory())) { $0.showsDecisions = true }
        let first = try await bench.whole(Bench.body(Text.tool))
        var expected: JSONObject = [
            "decision_id": .string(first["request_id"]?.string ?? ""), "policy_hash": "p1", "tier_used": 2,
            "outcome": "tool", "reason": "intent_confident", "intent_id": "say", "allowed_tools": ["echo"],
            "tool_params": ["message": .string(Text.tool)], "requires_hitl": false, "confidence": 0.8, "gap": 0.7,
            "deny_reason": nil,
            "evidence": [
                "cache_hit": false, "tool": "echo", "similarity": 0.9, "runner_up": "other",
                "thresholds": Self.thresholds, "guard": "intent_confident",
            ], "operator": nil, "cacheable": true,
        ]
        #expect(first["intent_decision"]?.value == .object(expected))

        let second = try await bench.whole(Bench.body(Text.toolAgain))
        expected["decision_id"] = .string(second["request_id"]?.string ?? "")
        expected["tier_used"] = 1
        expected["tool_params"] = ["message": .string(Text.toolAgain)]
        expected["cacheable"] = false
        expected["evidence"] = [
            "cache_hit": true, "tool": "echo", "similarity": 0.9, "runner_up": "other", "thresholds": Self.thresholds,
            "guard": "intent_confident",
        ]
        #expect(second["intent_decision"]?.value == .object(expected))
    }

    @Test func `of a human's allows no tool, and names the item of the queue`() async throws {
        let bench = try Bench(RouterParts(), governance) { $0.showsDecisions = true }
        let root = try await bench.whole(Bench.body(Text.ruledForHuman))
        let review = try #require(
            try await governance.store.reviews(status: nil, requester: nil, before: nil, limit: 2).first)
        #expect(
            root["intent_decision"]?.value == [
                "decision_id": .string(root["request_id"]?.string ?? ""), "policy_hash": "p1", "tier_used": 3,
                "outcome": "human", "reason": "tier3_required", "intent_id": "calc", "allowed_tools": [],
                "tool_params": ["expression": "1 + 1"], "requires_hitl": true, "confidence": 0.92, "gap": nil,
                "deny_reason": "tier3_required",
                "evidence": [
                    "cache_hit": false, "tool": "safe_calc", "rule": "calc", "hitl_request_id": .string(review.id),
                ], "operator": nil, "cacheable": false,
            ])
    }

    @Test func `of what is denied says why, and holds nothing of the text`() async throws {
        let bench = try Bench(RouterParts(policyHash: "")) { $0.showsDecisions = true }
        let root = try await bench.whole(Bench.body(Text.denied))
        #expect(
            root["intent_decision"]?.value == [
                "decision_id": .string(root["request_id"]?.string ?? ""), "policy_hash": nil, "tier_used": 0,
                "outcome": "denied", "reason": "tier0_deny", "intent_id": nil, "allowed_tools": [], "tool_params": [:],
                "requires_hitl": false, "confidence": 1, "gap": nil, "deny_reason": "tier0_deny",
                "evidence": ["cache_hit": false, "tool": nil, "pattern": 0], "operator": nil, "cacheable": false,
            ])
    }

    @Test func `tells why meaning says nothing`() async throws {
        let meaning = TableMeaning([Text.tool: .none(.embedderDown)])
        let bench = try Bench(RouterParts(meaning: meaning)) { $0.showsDecisions = true }
        let evidence = try await bench.whole(Bench.body(Text.tool))["intent_decision"]?["evidence"]
        #expect(
            evidence?.value == [
                "cache_hit": false, "tool": nil, "guard": "no_tool_selected",
                "semantic_reason": "embedder_unavailable",
            ])
    }

    @Test func `is that of the tiers where they only watch`() async throws {
        let bench = try Bench(RouterParts(mode: .shadow, plainAsksMeaning: false)) { $0.showsDecisions = true }
        let root = try await bench.whole(Bench.body(Text.denied))
        #expect(root["route_decision"]?["reason"]?.string == "no_match")
        #expect(root["intent_decision"]?["outcome"]?.string == "denied")
        #expect(root["intent_decision"]?["decision_id"]?.string == root["request_id"]?.string)
    }

    // MARK: A provider's own

    private static func count(_ root: JSONNode) -> Int { root.members.count { $0.key == "intent_decision" } }

    @Test(arguments: ["intent_decision", #"intent_\u0064ecision"#])
    func `a provider's own member of the name does not stand beside ours, or for it`(_ key: String) async throws {
        let forged = ",\"\(key)\":{\"forged\":true}}"
        for shows in [false, true] {
            let bench = try Bench(RouterParts()) { options in
                options.showsDecisions = shows
                options.script.answer = Chunks.completion("Hello.").dropLast() + forged
                options.script.chunks = Chunks.answer("Hello.").map { $0.dropLast() + forged }
            }
            let root = try await bench.whole(Bench.body(Text.model))
            #expect(Self.count(root) == (shows ? 1 : 0))
            #expect((root["intent_decision"]?["intent_id"]?.string == "talk") == shows)
            let record = try await bench.stream(Bench.body(Text.model, #""stream":true"#))
            let counts = record.chunks.map { Self.count($0.root) }
            #expect(counts.reduce(0, +) == (shows ? 1 : 0) && counts.last == (shows ? 1 : 0))
        }
    }
}
