import OrchCore
import OrchProviders
import OrchReceipts
import OrchTokens
import Testing

@testable import OrchOrchestrator

@Suite("Where a chat request goes")
struct ChatPipelineRoutesTests {
    @Test("A tool's words go to the tool, and no model is asked")
    func toolRoute() async throws {
        let bench = try Bench()
        let root = try await bench.whole(Bench.body("calc 2 + 2 * 3"))
        #expect(root["choices"]?.elements.first { _ in true }?["message"]?["content"]?.string == "8")
        #expect(root["model"]?.string == "tool/safe_calc")
        #expect(
            root["route_decision"]?.value == [
                "tool": "safe_calc", "params": ["expression": "2 + 2 * 3"], "confidence": 0.92, "reason": "math",
            ])
        #expect(root["tool_result"]?.value == ["status": "ok", "tool": "safe_calc", "result": "8"])
        #expect(root["model_decision"]?.isNull == true)
        #expect(root["receipt"]?["trace_id"]?.string == root["request_id"]?.string)
        #expect(bench.model.calls.isEmpty)
        #expect(bench.log.phases == [.whole] && bench.log.status == "ok")
        #expect(bench.log.entries.first?.traceID == root["request_id"]?.string)
        #expect(bench.log.steps(.toolExecution).first?["tool"] == "safe_calc")
        #expect(bench.log.steps(.policySnapshot) == [Bench.pins.object])
    }

    static let failingTools: [(String, String, String)] = [
        ("calc 1/0", "tool_failed", "safe_calc"), ("break it", "tool_failed", "broken"),
        ("forbid", "policy_denied", "forbidden"),
        ("missing tool", "unknown_tool", "no_such_tool"),
    ]

    @Test("A tool that fails is an answer that says so, with its receipt", arguments: failingTools)
    func toolFailures(_ text: String, _ word: String, _ tool: String) async throws {
        let bench = try Bench()
        let root = try await bench.whole(Bench.body(text))
        #expect(root["tool_result"]?["status"]?.string == "error")
        #expect(root["model"]?.string == "tool/\(tool)")
        let step = try #require(bench.log.steps(.toolExecution).first)
        #expect(step["error"]?.stringValue == word && step["status"] == "error")
        #expect(!bench.timeline.events.contains("ran forbidden"))
        #expect(bench.model.calls.isEmpty)
    }

    @Test("Other words go to the model, and its answer comes back with ours added")
    func modelRoute() async throws {
        let bench = try Bench()
        let root = try await bench.whole(Bench.body("hello"))
        #expect(root["choices"]?.elements.first { _ in true }?["message"]?["content"]?.string == "Hello.")
        #expect(root["route_decision"]?["reason"]?.string == "no_match")
        #expect(
            root["model_decision"]?.value == [
                "model": "chat", "reason": "default_chat", "tier": "tier1", "provider": "fake", "attempts": 1,
            ])
        #expect(root["usage"]?["total_tokens"]?.int == 9)
        #expect(bench.model.calls.first?.model == "chat")
        #expect(bench.log.phases == [.whole])
        let call = try #require(bench.log.steps(.llmProvider).first)
        #expect(
            call["outcome"] == "ok" && call["prompt_tokens"] == 7 && call["completion_tokens"] == 2
                && call["model"] == "chat")
    }

    @Test("Where the model counts nothing, we do")
    func ownCount() async throws {
        let bench = try Bench { $0.script.answer = Chunks.completion("12345", usage: nil) }
        let usage = try await bench.whole(Bench.body("hello"))["usage"]
        #expect(usage?.value == ["prompt_tokens": 18, "completion_tokens": 5, "total_tokens": 23])
    }

    static let tiers: [(Int, String, String, String)] = [
        (87, "chat", "default_chat", "tier1"), (88, "reasoner", "tier1_overflow", "tier2"),
        (187, "reasoner", "tier1_overflow", "tier2"),
        (188, "reasoner", "tier2_overflow", "tier2"), (287, "reasoner", "tier2_overflow", "tier2"),
        (288, "reasoner", "tier3_summary_required", "tier3"),
    ]

    @Test("The tier follows the input's size to the byte", arguments: tiers)
    func tierOfSize(_ length: Int, _ model: String, _ reason: String, _ tier: String) async throws {
        let bench = try Bench()
        let root = try await bench.whole(Bench.body(String(repeating: "x", count: length)))
        #expect(root["token_usage"]?["input_tokens"]?.int == length + 13)
        let decision = try #require(root["model_decision"])
        #expect([decision["model"], decision["reason"], decision["tier"]].map { $0?.string } == [model, reason, tier])
        #expect(bench.model.calls.map(\.model) == [model] && bench.model.calls.map(\.inputTokens) == [length + 13])
        #expect(bench.log.steps(.tokenUsage).first?["tier"]?.stringValue == tier)
        let selected = bench.events.all.compactMap { if case .selected(let tier) = $0 { tier.rawValue } else { nil } }
        #expect(selected == [tier])
    }

    @Test("Words of analysis ask for the reasoner, also those of an earlier message of the user")
    func analysis() async throws {
        let bench = try Bench()
        #expect(
            try await bench.whole(Bench.body("please ANALYSE this"))["model_decision"]?["reason"]?.string
                == "analysis_request")
        let body =
            #"{"messages":[{"role":"user","content":"analyse"},{"role":"tool","content":"analyse"},{"role":"user","content":"now"}]}"#
        #expect(try await bench.whole(body)["model_decision"]?["reason"]?.string == "default_chat")
    }

    @Test("A tool loop of the caller's, a turn that is not the user's, and basic mode are not routed")
    func notRouted() async throws {
        let cases: [(String, ChatPipeline.Mode, String)] = [
            (Bench.body("calc 1+1", #""tools":[{"type":"function"}]"#), .advanced, "client_tools"),
            (
                #"{"messages":[{"role":"user","content":"calc 1+1"},{"role":"assistant","content":"calc 1+1"}]}"#,
                .advanced, "not_a_user_turn"
            ),
            (#"{"messages":[{"role":"tool","content":"calc 1+1"}]}"#, .advanced, "not_a_user_turn"),
            (Bench.body("calc 1+1"), .basic, "basic_mode"),
        ]
        for (body, mode, reason) in cases {
            let bench = try Bench { $0.mode = mode }
            let root = try await bench.whole(body)
            #expect(root["route_decision"]?["reason"]?.string == reason)
            #expect(root["tool_result"]?.isNull == true && bench.model.calls.count == 1)
        }
    }

    @Test(
        "An agent's prompt goes in front, and its tools are those it has",
        arguments: ["agent/helper", "agent/HELPER", nil])
    func agent(_ model: String?) async throws {
        let bench = try Bench()
        let path = model == nil ? "helper" : nil
        let field = model.map { "\"model\":\"\($0)\"" } ?? ""
        let root = try await bench.whole(Bench.body("hello", field), agent: path)
        #expect(root["agent"]?.string == "Helper")
        #expect(
            bench.model.bodies == [
                #"{"model":"chat","messages":[{"role":"system","content":"You are \"helpful\"."},{"role":"user","content":"hello"}]}"#
            ])
        #expect(
            try await bench.whole(Bench.body("echo hi", field), agent: path)["route_decision"]?["tool"]?.string
                == "echo")
        let refused = try await bench.whole(Bench.body("calc 1+1", field), agent: path)
        #expect(refused["route_decision"]?["reason"]?.string == "tool_not_allowed_for_agent")
        #expect(refused["tool_result"]?.isNull == true)
        #expect(bench.model.calls.count == 2)
    }

    @Test("The path's agent counts before the body's model")
    func agentOfPath() async throws {
        let bench = try Bench()
        #expect(
            try await bench.whole(Bench.body("hello", #""model":"agent/helper""#), agent: "Silent")["agent"]?.string
                == "Silent")
    }

    static let names: [(String, String, String)] = [
        ("chat", "chat", "requested"), ("fast", "reasoner", "alias"), ("listed", "listed", "requested"),
        ("auto", "chat", "default_chat"),
        ("mine", "chat", "default_chat"),
    ]

    @Test("A model is asked for by its name, its alias or a listing", arguments: names)
    func models(_ name: String, _ model: String, _ reason: String) async throws {
        let bench = try Bench {
            $0.aliases = ["fast": "reasoner", "mine": "auto"]
            $0.script.models = ["listed"]
        }
        let decision = try await bench.whole(Bench.body("hello", "\"model\":\"\(name)\""))["model_decision"]
        #expect(decision?["model"]?.string == model && decision?["reason"]?.string == reason)
        #expect(bench.model.calls.map(\.model) == [model])
    }

    static let unknownNames: [(String, String?, PipelineError.Code, String?)] = [
        (#""model":"canary""#, nil, .modelNotFound, "model"),
        (#""model":"agent/canary""#, nil, .modelNotFound, "model"),
        (#""model":"agent/""#, nil, .modelNotFound, "model"), ("", "canary", .notFound, nil),
        ("", "no such name!", .notFound, nil),
    ]

    @Test("An unknown model or agent is refused before anything is routed, run or receipted", arguments: unknownNames)
    func unknown(_ field: String, _ agent: String?, _ code: PipelineError.Code, _ parameter: String?) async throws {
        let bench = try Bench()
        for text in ["hello", "calc 1+1"] {
            let error = try #require(await bench.failure(Bench.body(text, field), agent: agent) as? PipelineError)
            #expect(error.code == code && error.parameter == parameter)
            #expect(!error.message.contains("canary"))
            #expect(error.message.contains("GET /v1/"))
        }
        #expect(bench.log.entries.isEmpty && bench.model.calls.isEmpty)
    }

    @Test(
        "Without a model the answer says so honestly, and tools still run",
        arguments: [NoModelReason.disabled, .notInstalled])
    func localAnswer(_ reason: NoModelReason) async throws {
        let bench = try Bench { $0.noModel = reason }
        let root = try await bench.whole(Bench.body("hello", #""model":"gpt-anything""#))
        let text = root["choices"]?.elements.first { _ in true }?["message"]?["content"]?.string ?? ""
        #expect(text.contains(reason == .disabled ? "ORCH_LLM_ENABLED=1" : "ORCH_LOCAL_MODEL_PATH"))
        #expect(text.contains("Nothing in the request was recognised"))
        #expect(root["model"]?.string == "local-answer" && root["model_decision"]?.isNull == true)
        #expect(root["usage"]?["completion_tokens"]?.int == text.utf8.count)
        #expect(try await bench.whole(Bench.body("calc 1+1"))["tool_result"]?["result"]?.string == "2")
        #expect(bench.log.phases == [.whole, .whole])
    }

    @Test("With receipts off, answers carry none, and all else is the same")
    func withoutReceipts() async throws {
        let bench = try Bench { $0.isReceipted = false }
        let root = try await bench.whole(Bench.body("hello"))
        #expect(root["receipt"]?.isNull == true && root["request_id"]?.string != nil)
        guard case .whole(_, let traceID) = try await bench.answer(Bench.body("calc 1")) else {
            throw Bench.Unexpected.stream
        }
        #expect(traceID == nil)
        #expect(try await bench.stream(Bench.body("hello", "\"stream\":true")).isDone)
        #expect(bench.log.entries.isEmpty)
    }

    @Test("A long answer is cut at the limit and says so")
    func capped() async throws {
        for (limit, content, isCut) in [(6, "Hello.", false), (5, "Hello", true)] {
            let bench = try Bench { $0.maximumOutputCharacters = limit }
            let root = try await bench.whole(Bench.body("hello"))
            #expect(root["choices"]?.elements.first { _ in true }?["message"]?["content"]?.string == content)
            #expect(root["truncated"]?.bool == (isCut ? true : nil))
            let stream = try await bench.stream(Bench.body("hello", "\"stream\":true"))
            #expect(stream.text() == content && stream.isDone)
            #expect(stream.finishReasons == [isCut ? "length" : "stop"])
            #expect(bench.model.cancellations == (isCut ? 1 : 0))
            #expect(bench.log.steps(.streamEnd).first?["truncated"] == .bool(isCut))
        }
    }
}
