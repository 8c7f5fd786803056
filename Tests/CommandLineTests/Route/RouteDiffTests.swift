import OrchCore
import OrchReceipts
import OrchRouting
import Testing

@testable import OrchCommandLine

struct RouteDiffTests {
    private var fixture = Fixture()

    private static func route(
        _ outcome: String, _ reason: String, by router: String = "intents", rule: String? = nil, gap: Double? = nil,
        shadow: JSONObject? = nil
    ) -> Step {
        var payload: JSONObject = [
            "outcome": .string(outcome), "reason": .string(reason), "router": .string(router), "rule": .text(rule),
        ]
        if let gap { payload["gap"] = .number(gap) }
        if let shadow { payload["shadow"] = .object(shadow) }
        return Step(.intentRouter, at: Fixture.moment, payload)
    }

    private static func meaning(_ intent: String, _ similarity: Double, _ confidence: Double, _ gap: Double) -> Step {
        Step(
            .semanticRouter, at: Fixture.moment,
            [
                "intent": .string(intent), "similarity": .number(similarity), "confidence": .number(confidence),
                "gap": .number(gap), "runner_up": "joke",
            ])
    }

    init() {
        fixture.routing.overrides = [
            "alarm": IntentOverride(minimumConfidence: 0.95), "sums": IntentOverride(needsHuman: true),
        ]
        fixture.receipts = Self.receipts([
            // The other policy wants more confidence than this.
            [Self.meaning("alarm", 0.99, 0.9, 0.8), Self.route("tool", "intent_confident", gap: 0.8)],
            [Self.meaning("alarm", 0.99, 0.97, 0.8), Self.route("tool", "intent_confident", gap: 0.8)],
            [Self.meaning("alarm", 0.5, 0.4, 0.8), Self.route("model", "intent_router_no_match", gap: 0.8)],
            [Self.meaning("alarm", 0.5, 0.4, 0.8), Self.route("model", "no_match", by: "rules", gap: 0.8)],
            // A rule that a human must confirm: only the intent router asks one.
            [Self.route("tool", "arithmetic", rule: "sums")],
            [Self.route("tool", "arithmetic", by: "rules", rule: "sums")],
            [Self.route("human", "tier3_required", rule: "echo")],
            // An expression has decided.
            [Self.route("denied", "tier0_deny")],
            [Self.route("model", "allow_pattern")],
            [Self.meaning("gone", 0.99, 0.9, 0.8), Self.route("tool", "intent_confident", gap: 0.8)],
            // Not routed, and a human's.
            [Self.route("model", "client_tools", by: "none")],
            [Self.route("model", "hitl_approved")],
            // The plain router has not looked at the meaning.
            [
                Self.meaning("alarm", 0.99, 0.9, 0.8),
                Self.route(
                    "model", "no_match", by: "rules",
                    shadow: ["outcome": "tool", "reason": "intent_confident", "tier": 2, "tool": "echo"]),
            ],
            [Self.meaning("alarm", 0.99, 0.9, 0.8), Self.route("model", "tool_not_allowed_for_agent", gap: 0.8)],
            // A tool is an intent of its own.
            [Self.meaning("wipe", 0.99, 0.9, 0.8), Self.route("tool", "intent_confident", gap: 0.8)],
        ])
    }

    private static func receipts(_ all: [[Step]]) -> MemoryReceipts {
        MemoryReceipts(
            all.enumerated().map { number, steps in
                let moment = Fixture.moment.advanced(by: .seconds(number))
                return Trace(
                    id: TraceID(at: moment, random: (0, UInt64(number))), createdAt: moment,
                    metadata: ["route": "chat"], steps: steps)
            })
    }

    private func diff(_ options: String...) async -> Run {
        await orch(["route", "diff", "--policy", "new.yaml"] + options, in: fixture.environment)
    }

    @Test func `lists what another policy would change`() async throws {
        let run = await diff()
        #expect(run.status == 1 && run.err.isEmpty, "\(run.err)")
        #expect(run.out.contains("14 decisions: 7 the same, 4 otherwise, 3 unknown\n"))
        #expect(run.out.contains("2 unknown: a deny or allow expression decided, and receipts hold no text\n"))
        #expect(run.out.contains("1 unknown: the intent that was found is not among the intents any more\n"))
        #expect(run.out.contains("sums    tool: arithmetic        human: tier3_required"))
        #expect(run.out.contains("echo    human: tier3_required   tool: echo"))
        #expect(run.out.contains("shadow   alarm   tool: intent_confident  human: hitl_low_confidence"))
    }

    @Test func `prints JSON`() async throws {
        let json = try #require(try await diff("--json").json().objectValue)
        #expect(json["policy_hash"] == "other-policy" && json["decisions"] == 14 && json["same"] == 7)
        #expect(json["changed"] == 4 && json["unknown"] == ["expression": 2, "intent_gone": 1])
        let first = json["changes"]?.arrayValue?.last?.objectValue
        #expect(first?["was"] == ["outcome": "tool", "reason": "intent_confident"])
        #expect(first?["would_be"] == ["outcome": "human", "reason": "hitl_low_confidence"])
        #expect(first?["intent"] == "alarm" && first?["router"] == "intents" && first?["rule"] == .null)
    }

    @Test func `looks at so many traces, or at those since a moment`() async {
        let newest = await diff("--limit", "1")
        #expect(newest.status == 0 && newest.out.hasPrefix("1 decision: 1 the same, 0 otherwise, 0 unknown\n"))
        let since = Fixture.moment.advanced(by: .seconds(13)).description
        #expect(await diff("--since", since).out.hasPrefix("2 decisions: 2 the same"))
        #expect(await diff("--since", "2027-01-01").out == "No decision of routing is recorded.\n")
        #expect(await diff("--since", "yesterday").status == 64)
        #expect(await diff("--limit", "0").status == 64)
    }

    @Test func `what stands in the way is said`() async {
        var off = fixture
        off.receipts = nil
        let run = await orch("route", "diff", "--policy", "new.yaml", in: off.environment)
        #expect(run.status == 69 && run.err.contains("receipts are off"))
        var fault = fixture
        fault.routing.fault = TableFault(codeName: "missing_file")
        #expect(await orch("route", "diff", "--policy", "new.yaml", in: fault.environment).status == 66)
        #expect(await orch("route", "diff").status == 64)
    }
}
