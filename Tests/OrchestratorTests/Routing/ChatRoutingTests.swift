import OrchAgents
import OrchApprovals
import OrchCore
import OrchReceipts
import OrchRouting
import OrchStorageSQLite
import OrchTools
import Synchronization
import Testing

@testable import OrchOrchestrator

private typealias Text = RouterParts.Text

@Suite struct ChatRoutingTests {
    private let governance: Governance

    init() throws { governance = try Governance() }

    /// All that waits or waited, with what is sealed.
    private func queue() async throws -> [Review] {
        var reviews: [Review] = []
        for listed in try await governance.store.reviews(status: nil, requester: nil, before: nil, limit: 10) {
            reviews.append(try #require(try await governance.store.review(listed.id)))
        }
        return reviews
    }

    // MARK: Tools and models

    @Test func `a tool that meaning finds runs with the text, and no model is asked`() async throws {
        let bench = try Bench(RouterParts(), governance)
        let root = try await bench.whole(Bench.body(Text.tool))
        #expect(content(root) == "Echo: \(Text.tool)" && root["model"]?.string == "tool/echo")
        #expect(
            root["route_decision"]?.value == [
                "tool": "echo", "params": ["message": .string(Text.tool)], "confidence": 0.8,
                "reason": "intent_confident",
            ])
        #expect(bench.model.calls.isEmpty)
        #expect(try await queue().isEmpty)
    }

    static let forModels: [(String, String)] = [
        (Text.model, "intent_confident"), (Text.allowed, "allow_pattern"), (Text.unmatched, "intent_router_no_match"),
        (Text.unknown, "intent_router_no_match"),
    ]

    @Test(arguments: forModels)
    func `what is the model's is asked of it once`(_ text: String, _ reason: String) async throws {
        let bench = try Bench(RouterParts(), governance)
        let root = try await bench.whole(Bench.body(text))
        #expect(content(root) == "Hello." && bench.model.calls.count == 1)
        #expect(root["route_decision"]?["reason"]?.string == reason && root["route_decision"]?["tool"]?.isNull == true)
        #expect(try await queue().isEmpty)
    }

    @Test func `where no model is configured, the local answer says what was recognised`() async throws {
        let bench = try Bench(RouterParts(), governance) { $0.noModel = .disabled }
        #expect(content(try await bench.whole(Bench.body(Text.model))).contains("recognised as talk"))
        #expect(content(try await bench.whole(Bench.body(Text.unmatched))).contains("Nothing in the request"))
    }

    @Test func `in basic mode nothing is routed or refused`() async throws {
        let parts = RouterParts()
        let bench = try Bench(parts, governance) { $0.mode = .basic }
        for text in [Text.tool, Text.denied, Text.confirmed, Text.ruled] {
            let root = try await bench.whole(Bench.body(text))
            #expect(root["route_decision"]?["reason"]?.string == "basic_mode" && content(root) == "Hello.")
        }
        #expect(parts.meaning.reads.isEmpty && bench.model.calls.count == 4)
        #expect(bench.log.steps(.semanticRouter).isEmpty && bench.log.steps(.semanticAmbiguityGuard).isEmpty)
        #expect(try await queue().isEmpty)
    }

    // MARK: A human decides

    static let calls: [(text: String, tool: String, arguments: JSONObject, reason: String)] = [
        (Text.ambiguous, "unsafe", ["x": .string(Text.ambiguous)], "hitl_ambiguous"),
        (Text.confirmed, "unsafe", ["x": .string(Text.confirmed)], "tier3_required"),
        (Text.ruledForHuman, "safe_calc", ["expression": "1 + 1"], "tier3_required"),
    ]

    @Test(arguments: calls)
    func `a tool that needs a human waits as its call, and neither runs nor asks a model`(
        _ text: String, _ tool: String, _ arguments: JSONObject, _ reason: String
    ) async throws {
        let bench = try Bench(RouterParts(), governance)
        let root = try await bench.whole(Bench.body(text))
        let review = try #require(try await queue().first)
        #expect(try await queue().count == 1)
        #expect(review.kind == .route && review.tool == tool && review.status == .pending)
        #expect(review.requester == Bench.caller.name && review.agent == nil)
        #expect(review.argumentsHash == ArgumentsHash(of: arguments))
        let payload = try governance.cipher.open(try #require(review.payload), .payload, of: review.id)
        #expect(payload == arguments.canonical)
        #expect(review.requestTrace == root["request_id"]?.string)

        let answer = content(root)
        #expect(answer.contains(review.id) && answer.contains(reason) && answer.contains("GET /v1/hitl/\(review.id)"))
        #expect(root["model"]?.string == "intent-router" && root["tool_result"]?.isNull == true)
        #expect(root["model_decision"]?.isNull == true)
        let route = root["route_decision"]
        #expect(route?["tool"]?.isNull == true && route?["params"]?.value == [:] && route?["reason"]?.string == reason)
        #expect(bench.model.calls.isEmpty && !bench.timeline.events.contains("ran unsafe"))
        #expect(bench.log.steps(.toolExecution).isEmpty && bench.log.steps(.llmProvider).isEmpty)
        #expect(bench.log.steps(.intentRouter).first?["review"]?.stringValue == review.id)
        #expect(bench.log.status == "ok" && bench.log.phases == [.whole])
    }

    @Test(arguments: [(Text.unsure, "hitl_low_confidence"), (Text.confessed, "tier3_required")])
    func `a request without a tool waits as it came`(_ text: String, _ reason: String) async throws {
        let bench = try Bench(RouterParts(), governance)
        let body = Bench.body(text, #""temperature":0.5,"stream":false"#)
        let root = try await bench.whole(body, agent: "Helper")
        let review = try #require(try await queue().first)
        #expect(review.kind == .chat && review.tool == "chat" && review.agent == "Helper")
        let payload = try governance.cipher.open(try #require(review.payload), .payload, of: review.id)
        #expect(payload == (try JSONValue(parsing: Array(body.utf8)).canonical))
        #expect(content(root).contains(review.id) && root["route_decision"]?["reason"]?.string == reason)
        #expect(bench.model.calls.isEmpty)
    }

    @Test func `a call that the policy denies is refused at once, and waits for nobody`() async throws {
        let denied = ToolPolicyDecision(allowed: false, reason: "never", rule: "no")
        let bench = try Bench(RouterParts(), governance) {
            $0.policy = ToolPolicyCheck(admit: { _, _, _ in (denied, nil) }, outlook: { _ in denied })
        }
        let root = try await bench.whole(Bench.body(Text.ambiguous))
        #expect(root["tool_result"]?["error"]?.string == "policy_denied:never")
        #expect(try await queue().isEmpty)
        #expect(bench.model.calls.isEmpty)
    }

    @Test func `a call that is refused in a human's place does not run when it is let in a moment later`() async throws
    {
        let asked = AskCount()
        let bench = try Bench(RouterParts(), governance) {
            $0.policy = ToolPolicyCheck(
                admit: { _, _, _ in
                    (ToolPolicyDecision(allowed: asked.next() > 1, reason: "limit", rule: "limit"), nil)
                },
                outlook: { _ in ToolPolicyDecision(allowed: true, reason: "limit", rule: "limit") })
        }
        let root = try await bench.whole(Bench.body(Text.ambiguous))
        #expect(root["tool_result"]?["error"]?.string == "policy_denied:limit")
        #expect(!bench.timeline.events.contains("ran unsafe") && asked.current == 1)
    }

    @Test func `what the queue keeps in the open holds no word of the request`() async throws {
        let bench = try Bench(RouterParts(), governance)
        for text in [Text.ambiguous, Text.confessed] { _ = try await bench.whole(Bench.body(text)) }
        for review in try await queue() {
            let evidence = try #require(review.evidence)
            #expect(!evidence.contains("canary") && !(review.payload?.json.contains("canary") ?? true))
            let decision = try #require(try JSONValue(parsing: Array(evidence.utf8)).objectValue)
            #expect(
                decision.members.map(\.key) == [
                    "decision_id", "intent_id", "reason", "confidence", "gap", "policy_hash", "evidence",
                ])
            #expect(decision["decision_id"]?.stringValue == review.requestTrace)
            #expect(
                decision["policy_hash"] == "p1" && decision["intent_id"] == (review.kind == .chat ? "confess" : "work"))
        }
    }

    @Test func `asking the same again waits as the same item`() async throws {
        let bench = try Bench(RouterParts(), governance)
        let first = try await bench.whole(Bench.body(Text.ambiguous))
        let second = try await bench.whole(Bench.body(Text.ambiguous))
        #expect(try await queue().count == 1)
        #expect(content(first) == content(second))
        _ = try await bench.whole(Bench.body(Text.ambiguous, #""temperature":1"#))
        #expect(try await queue().count == 1, "it is the call that waits")
        for more in ["", #""temperature":1"#] { _ = try await bench.whole(Bench.body(Text.unsure, more)) }
        #expect(try await queue().count == 3, "another request is another item")
    }

    @Test(arguments: [(false, true), (true, false), (false, false)])
    func `where nobody could decide, the answer says so and nothing waits`(
        _ queues: Bool, _ hasOperators: Bool
    ) async throws {
        let desk = governance.desk(queues: queues, hasOperators: hasOperators)
        let bench = try Bench(RouterParts()) { options in
            options.approvals = desk
            options.showsDecisions = true
        }
        for text in [Text.ambiguous, Text.unsure, Text.ruledForHuman] {
            let root = try await bench.whole(Bench.body(text))
            #expect(content(root).contains("no review queue is kept") && content(root).contains("Nothing was run"))
            #expect(root["intent_decision"]?["requires_hitl"]?.bool == true)
            #expect(root["intent_decision"]?["evidence"]?["hitl_request_id"] == nil)
        }
        #expect(try await queue().isEmpty && bench.model.calls.isEmpty)
        #expect(!bench.timeline.events.contains("ran unsafe"))
        #expect(bench.log.steps(.intentRouter).allSatisfy { $0["review"] == nil && $0["outcome"] == "human" })
    }

    @Test func `where no more may wait, the request fails, and nothing runs in its place`() async throws {
        let full = try Governance(limits: ReviewLimits(pendingOfOneRequester: 1))
        let bench = try Bench(RouterParts(), full)
        _ = try await bench.whole(Bench.body(Text.ambiguous))
        for body in [Bench.body(Text.confessed), Bench.body(Text.confirmed, #""stream":true"#)] {
            let failure = try #require(await bench.failure(body) as? TracedFailure)
            #expect(failure.error.codeName == "review_queue_full" && bench.log.status == "failed")
        }
        #expect(try await full.store.depth().pending == 1)
        #expect(bench.model.calls.isEmpty && !bench.timeline.events.contains("ran unsafe"))
        #expect(!bench.log.text.contains("canary"))
    }

    @Test func `where approvals cannot be kept, the request fails, and nothing runs in its place`() async throws {
        let broken = ApprovalDesk(
            settings: governance.desk.settings,
            stores: { () throws(ApprovalError) in throw ApprovalError(.unavailable, "the disk is gone") },
            now: { Bench.moment }, observe: { _ in })
        let bench = try Bench(RouterParts()) { $0.approvals = broken }
        for text in [Text.ambiguous, Text.unsure] {
            let failure = try #require(await bench.failure(Bench.body(text)) as? TracedFailure)
            #expect(failure.error.codeName == "approvals_unavailable")
        }
        #expect(bench.model.calls.isEmpty && !bench.timeline.events.contains("ran unsafe"))
    }

    @Test func `the plain router with meaning asks humans, too`() async throws {
        let bench = try Bench(RouterParts(mode: .plain), governance)
        #expect(content(try await bench.whole(Bench.body(Text.ambiguous))).contains("hitl_ambiguous"))
        #expect(try await queue().count == 1)
    }

    @Test func `where the tiers only watch, nobody is asked and nothing is refused`() async throws {
        let bench = try Bench(RouterParts(mode: .shadow, plainAsksMeaning: false), governance)
        for text in [Text.ambiguous, Text.denied, Text.confessed] {
            #expect(content(try await bench.whole(Bench.body(text))) == "Hello.")
        }
        #expect(content(try await bench.whole(Bench.body(Text.ruledForHuman))) == "2")
        #expect(try await queue().isEmpty && bench.model.calls.count == 3)
    }

    // MARK: Refused

    @Test func `what is denied is answered without a tool or a model`() async throws {
        let parts = RouterParts()
        let bench = try Bench(parts, governance)
        for text in [Text.denied, "echo drop  table canary", "calc 1 + 1 ＤＲＯＰ ＴＡＢＬＥ"] {
            let root = try await bench.whole(Bench.body(text))
            #expect(content(root).contains("refused by the policy of this server (tier0_deny)"))
            #expect(root["model"]?.string == "intent-router" && root["model_decision"]?.isNull == true)
            #expect(
                root["route_decision"]?.value == [
                    "tool": nil, "params": [:], "confidence": 1, "reason": "tier0_deny",
                ])
        }
        #expect(bench.model.calls.isEmpty && bench.timeline.events.allSatisfy { !$0.hasPrefix("ran") })
        #expect(try await queue().isEmpty && parts.meaning.reads.isEmpty)
        #expect(bench.log.steps(.toolExecution).isEmpty && bench.log.status == "ok")
    }

    private static func unrouted(_ text: String) -> [(body: String, reason: String)] {
        let user = #"{"role":"user","content":\#(Chunks.quoted(text))}"#
        let tools = #""tools":[{"type":"function","function":{"name":"f"}}]"#
        return [
            ("{\"messages\":[\(user)],\(tools)}", "client_tools"),
            ("{\"messages\":[\(user)],\"functions\":[{\"name\":\"f\"}]}", "client_tools"),
            ("{\"messages\":[\(user),{\"role\":\"assistant\",\"content\":\"and?\"}]}", "not_a_user_turn"),
            ("{\"messages\":[\(user),{\"role\":\"assistant\",\"content\":\"and?\"}],\(tools)}", "not_a_user_turn"),
        ]
    }

    @Test func `turns that are not routed are refused all the same`() async throws {
        let bench = try Bench(RouterParts(), governance)
        for (body, _) in Self.unrouted(Text.denied) {
            let root = try await bench.whole(body)
            #expect(
                root["route_decision"]?["reason"]?.string == "tier0_deny" && root["model"]?.string == "intent-router")
        }
        #expect(bench.model.calls.isEmpty)
    }

    @Test func `turns that are not routed are the model's otherwise, whoever routes`() async throws {
        for mode in [RequestRouter.Mode.plain, .tiers, .shadow] {
            let parts = RouterParts(mode: mode)
            let bench = try Bench(parts, governance)
            for text in [Text.tool, Text.confirmed, Text.ruled] {
                for (body, reason) in Self.unrouted(text) {
                    let root = try await bench.whole(body)
                    #expect(root["route_decision"]?["reason"]?.string == reason && content(root) == "Hello.")
                }
            }
            if mode != .tiers {
                for (body, reason) in Self.unrouted(Text.denied) {
                    #expect(try await bench.whole(body)["route_decision"]?["reason"]?.string == reason)
                }
            }
            #expect(parts.meaning.reads.isEmpty)
            #expect(bench.log.steps(.intentRouter).allSatisfy { $0["router"] == "none" })
        }
        #expect(try await queue().isEmpty)
    }

    // MARK: Streams

    @Test(arguments: [Text.ambiguous, Text.unsure, Text.denied])
    func `answers of the router stream as any other`(_ text: String) async throws {
        let bench = try Bench(RouterParts(), governance)
        let whole = try await bench.whole(Bench.body(text))
        for options in ["", #","stream_options":{"include_usage":true}"#] {
            let record = try await bench.stream(Bench.body(text, "\"stream\":true\(options)"))
            #expect(record.isDone && record.finishReasons == ["stop"] && record.error == nil)
            // Another request for a model is another item.
            if text != Text.unsure { #expect(record.text() == content(whole)) }
            let last = try #require(record.last)
            #expect(last["route_decision"]?.value == whole["route_decision"]?.value)
            #expect(last["model"]?.string == "intent-router" && last["receipt"]?["trace_id"]?.string != nil)
        }
        #expect(bench.model.calls.isEmpty && !bench.timeline.events.contains("ran unsafe"))
        for event in ["head", "sent"] {
            #expect(bench.timeline.place(of: "committed whole") < bench.timeline.place(of: event))
        }
    }

    // MARK: Receipts that cannot be written

    @Test func `without a receipt nothing is answered`() async throws {
        let bench = try Bench(RouterParts(), governance) { $0.failing = [.whole] }
        for text in [Text.denied, Text.ambiguous] {
            #expect(await bench.failure(Bench.body(text)) != nil)
        }
    }

    @Test func `a text that leaves the machine to be looked at does so after the opening, which is written once`()
        async throws
    {
        for streams in [false, true] {
            let parts = RouterParts(leavesMachine: true)
            let bench = try Bench(parts, governance) { $0.asksOtherMachines = true }
            let body = Bench.body(Text.model, "\"stream\":\(streams)")
            if streams { _ = try await bench.stream(body) } else { _ = try await bench.whole(body) }
            #expect(bench.log.phases == [.opening, .closing])
            #expect(bench.timeline.place(of: "committed opening") < bench.timeline.place(of: "asked"))

            let broken = try Bench(parts, governance) { $0.failing = [.opening] }
            let reads = parts.meaning.reads.count
            #expect(await broken.failure(body) != nil)
            #expect(parts.meaning.reads.count == reads && broken.model.calls.isEmpty)
        }
    }
}

/// How often a policy was asked.
private final class AskCount: Sendable {
    private let count = Mutex(0)
    var current: Int { count.withLock { $0 } }

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
