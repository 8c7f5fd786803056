import OrchAgents
import OrchApprovals
import OrchCore
import OrchProviders
import OrchReceipts
import OrchRouting
import OrchStorageSQLite
import OrchTools
import Testing

@testable import OrchOrchestrator

private typealias Text = RouterParts.Text

/// What the router left to a human, once one has decided.
@Suite struct ApprovedRouteTests {
    private let governance: Governance
    private let bench: Bench
    private static let boss = Caller(name: "boss", isOperator: true)

    init() throws {
        governance = try Governance()
        bench = try Bench(RouterParts(), governance)
    }

    /// - Parameter tools: The tool policy when the operator decides.
    private func desk(answersChats: Bool = true, tools: ToolPolicyCheck = Bench.policy) -> ReviewDesk {
        let pipeline = bench.pipeline
        let policies = Policies(router: RuleRouter(), agents: AgentCatalog(), tools: tools, pins: Bench.pins)
        let chat: ReviewDesk.Chat = { body, agent, caller, reviewed in
            try await pipeline.answer(body, agentName: agent, caller: caller, reviewed: reviewed)
        }
        return ReviewDesk(
            runner: bench.tools, recorder: bench.recorder, policies: { policies }, chat: answersChats ? chat : nil)
    }

    /// Asks, and gives the item that waits then.
    private func queue(_ text: String, _ more: String = "", agent: String? = nil) async throws -> String {
        _ = try await bench.answer(Bench.body(text, more), agent: agent)
        let waiting = try await governance.store.reviews(status: .pending, requester: nil, before: nil, limit: 9)
        try #require(waiting.count == 1)
        return waiting[0].id
    }

    private func approve(_ id: String, _ body: String = "", _ desk: ReviewDesk? = nil) async throws -> JSONNode {
        let (bytes, _) = try await (desk ?? self.desk()).approve(id, Array(body.utf8), caller: Self.boss)
        return try JSONDocument(parsing: bytes).root
    }

    // MARK: A request for a model

    private static let streamed = #""stream":true,"stream_options":{"include_usage":true},"temperature":0.5"#

    @Test(arguments: [Text.unsure, Text.confessed])
    func `a request that was approved is asked of the model once, whole, and its answer is kept`(
        _ text: String
    ) async throws {
        let id = try await queue(text, Self.streamed)
        #expect(bench.model.calls.isEmpty)
        let item = try await approve(id, #"{"note":"go on"}"#)
        #expect(
            item["status"]?.string == "executed" && item["kind"]?.string == "chat" && item["tool"]?.string == "chat")
        #expect(item["reviewer"]?.string == "boss" && item["note"]?.string == "go on")
        #expect(item["args_edited"]?.bool == false && item["args"]?.isNull == true)

        let result = try #require(item["result"])
        #expect(content(result) == "Hello." && result["object"]?.string == "chat.completion")
        #expect(result["route_decision"]?["reason"]?.string == "hitl_approved")
        #expect(bench.model.calls.count == 1)
        let sent = try JSONDocument(parsing: bench.model.calls[0].body).root
        #expect(sent["stream"] == nil && sent["stream_options"] == nil && sent["temperature"]?.double == 0.5)
        #expect(sent["messages"]?.elements.map { $0["content"]?.string ?? "" } == [text])
        #expect(try await governance.store.review(id)?.payload == nil)
    }

    @Test func `the answer has a trace of its own, in the name of who asked, that names the item`() async throws {
        let id = try await queue(Text.confessed, agent: "Helper")
        let before = bench.log.entries.count
        let item = try await approve(id)
        let entries = Array(bench.log.entries.dropFirst(before))
        #expect(entries.count == 2 && entries[0].traceID == item["result"]?["request_id"]?.string)
        #expect(entries[1].traceID == item["decision_trace_id"]?.string)
        let callers = try entries.map { try JSONValue(parsing: $0.metadata).objectValue?["caller"] }
        #expect(callers == [.string(Bench.caller.name), "boss"])
        let step = try #require(bench.log.steps(.intentRouter).last)
        #expect(
            step == [
                "confidence": 1, "intent": nil, "mode": "advanced", "outcome": "model", "reason": "hitl_approved",
                "review": .string(id), "router": "none", "rule": nil, "tier": 3, "tool": nil,
            ])
        #expect(bench.log.steps(.semanticRouter).count == 1, "meaning is not asked again")
        #expect(item["result"]?["agent"]?.string == "Helper")
        #expect(bench.model.bodies[0].contains(#"You are \"helpful\"."#))
        #expect(!bench.log.text.contains("canary"))
    }

    @Test func `the decision that is shown names who decided`() async throws {
        let shown = try Bench(RouterParts(), governance) { $0.showsDecisions = true }
        let body = Array(Bench.body(Text.confessed).utf8)
        let answer = try await shown.pipeline.answer(
            body, caller: Bench.caller, reviewed: ReviewedRoute(reviewID: "item", operatorName: "boss"))
        guard case .whole(let bytes, _) = answer else { throw Bench.Unexpected.stream }
        let decision = try JSONDocument(parsing: bytes).root["intent_decision"]
        #expect(decision?["operator"]?.string == "boss" && decision?["tier_used"]?.int == 3)
        #expect(decision?["requires_hitl"]?.bool == false && decision?["deny_reason"]?.isNull == true)
        #expect(decision?["evidence"]?["hitl_request_id"]?.string == "item")
    }

    @Test func `an approved request is answered once`() async throws {
        let id = try await queue(Text.confessed)
        _ = try await approve(id)
        await #expect(throws: ApprovalError.self) { try await approve(id) }
        #expect(bench.model.calls.count == 1)
    }

    @Test func `a request for a model runs as it was asked, or not at all`() async throws {
        let id = try await queue(Text.confessed)
        for body in [#"{"args":{"messages":[]}}"#, #"{"args":{}}"#] {
            let error = await #expect(throws: PipelineError.self) { try await approve(id, body) }
            #expect(error?.code == .invalidValue && error?.parameter == "args")
        }
        #expect(bench.model.calls.isEmpty)
        #expect(try await governance.store.review(id)?.status == .pending)
        #expect(try await approve(id, #"{"args":null}"#)["status"]?.string == "executed")
    }

    @Test func `where nobody answers chats a request for a model is not approved`() async throws {
        let id = try await queue(Text.confessed)
        let error = await #expect(throws: PipelineError.self) {
            try await approve(id, "", desk(answersChats: false))
        }
        #expect(error?.message.contains("approved at the server") == true)
        let review = try #require(try await governance.store.review(id))
        #expect(review.status == .pending && review.payload != nil && bench.model.calls.isEmpty)
    }

    @Test func `who asked cannot let the request pass`() async throws {
        let id = try await queue(Text.confessed)
        for isOperator in [false, true] {
            let asker = Caller(name: Bench.caller.name, isOperator: isOperator)
            let error = await #expect(throws: ApprovalError.self) {
                try await desk().approve(id, [], caller: asker)
            }
            #expect(error?.codeName == ApprovalError.ownReview.codeName)
        }
        #expect(bench.model.calls.isEmpty)
    }

    static let failures: [ProviderError.Code] = [.rejectedRequest, .rejectedKey, .notAllowlisted]

    @Test(arguments: failures)
    func `a model that fails ends the item as failed, with the code alone`(_ code: ProviderError.Code) async throws {
        let id = try await queue(Text.confessed)
        bench.model.change { $0.failure = ProviderError(code, "canary words of a server") }
        let item = try await approve(id)
        #expect(item["status"]?.string == "failed")
        let name = ProviderError(code, "").codeName
        #expect(item["result"]?.value == ["status": "error", "error": .string(name)])
        let review = try #require(try await governance.store.review(id))
        #expect(review.payload == nil && review.endedAt != nil)
        #expect(bench.log.steps(.error).last?["code"]?.stringValue == name)
    }

    @Test func `a request that was approved is not refused for its size elsewhere than at the model`() async throws {
        let small = try Bench(RouterParts(), governance) { $0.budget = TokenBudget(maximumTokens: 10) }
        let body = Array(Bench.body(Text.confessed).utf8)
        _ = try await small.pipeline.answer(body, caller: Bench.caller)
        let id = try #require(
            try await governance.store.reviews(status: .pending, requester: nil, before: nil, limit: 9).first
        ).id
        let desk = ReviewDesk(
            runner: small.tools, recorder: small.recorder, policies: { Bench.policies },
            chat: { body, agent, caller, reviewed in
                try await small.pipeline.answer(body, agentName: agent, caller: caller, reviewed: reviewed)
            })
        let item = try await approve(id, "", desk)
        #expect(item["status"]?.string == "failed")
        #expect(item["result"]?.value == ["status": "error", "error": "context_length_exceeded"])
    }

    @Test func `denying deletes the request, and nothing runs`() async throws {
        let id = try await queue(Text.confessed)
        let (bytes, _) = try await desk().deny(id, Array(#"{"note":"no"}"#.utf8), caller: Self.boss)
        let item = try JSONDocument(parsing: bytes).root
        #expect(item["status"]?.string == "denied" && item["args"]?.isNull == true && item["result"]?.isNull == true)
        let review = try #require(try await governance.store.review(id))
        #expect(review.payload == nil && review.status == .denied)
        #expect(bench.model.calls.isEmpty)
        await #expect(throws: ApprovalError.self) { try await approve(id) }
    }

    @Test func `an item shows its request to those who may see it, and the decision without its words`() async throws {
        let id = try await queue(Text.confessed)
        let shown = try JSONDocument(parsing: try await desk().show(id, caller: Self.boss)).root
        #expect(shown["args"]?["messages"]?.elements.map { $0["content"]?.string ?? "" } == [Text.confessed])
        #expect(shown["kind"]?.string == "chat" && shown["decision"]?["reason"]?.string == "tier3_required")
        let page = try await desk().list([:], caller: Self.boss)
        #expect(!String(decoding: page, as: UTF8.self).contains("canary"))
        let stranger = Caller(name: "stranger", isOperator: false)
        let error = await #expect(throws: ApprovalError.self) { try await desk().show(id, caller: stranger) }
        #expect(error?.codeName == ApprovalError.noSuchReview.codeName)
    }

    // MARK: A tool's call

    @Test func `a call that was approved runs with the text's arguments`() async throws {
        let id = try await queue(Text.confirmed)
        let item = try await approve(id)
        #expect(item["status"]?.string == "executed" && item["kind"]?.string == "intent_route")
        #expect(
            item["result"]?.value == ["status": "ok", "tool": "unsafe", "result": .string("did \(Text.confirmed)")])
        #expect(bench.model.calls.isEmpty && bench.timeline.events.count { $0 == "ran unsafe" } == 1)
        #expect(try await governance.store.review(id)?.payload == nil)
        await #expect(throws: ApprovalError.self) { try await approve(id) }
        #expect(bench.timeline.events.count { $0 == "ran unsafe" } == 1)
    }

    @Test func `a call may be approved with other arguments, if the tool takes them`() async throws {
        let id = try await queue(Text.confirmed)
        await #expect(throws: PipelineError.self) { try await approve(id, #"{"args":{"x":1}}"#) }
        let item = try await approve(id, #"{"args":{"x":"other"}}"#)
        #expect(item["args_edited"]?.bool == true && item["result"]?["result"]?.string == "did other")
    }

    @Test func `what the policy does not allow any more does not run, approved or not`() async throws {
        let id = try await queue(Text.confirmed)
        let closed = ToolPolicyCheck.always(ToolPolicyDecision(allowed: false, reason: "closed"))
        let item = try await approve(id, "", desk(tools: closed))
        #expect(item["status"]?.string == "failed" && item["result"]?["error"]?.string == "policy_denied:closed")
        #expect(!bench.timeline.events.contains("ran unsafe"))
    }

    @Test func `a safe tool that waited runs, too`() async throws {
        let id = try await queue(Text.ruledForHuman)
        #expect(try await approve(id)["result"]?["result"]?.string == "2")
    }
}
