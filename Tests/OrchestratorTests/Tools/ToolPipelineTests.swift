import OrchCore
import OrchReceipts
import Testing

@testable import OrchOrchestrator

@Suite("Tools that a caller asks for by name")
struct ToolPipelineTests {
    private func pipeline(_ bench: Bench) -> ToolPipeline {
        ToolPipeline(runner: bench.tools, recorder: bench.recorder, policies: { Bench.policies })
    }

    private func answer(_ bench: Bench, _ body: String) async throws -> (JSONValue, TraceID?) {
        let (bytes, traceID) = try await pipeline(bench).answer(
            Array(body.utf8), caller: Bench.caller)
        bench.timeline.add("answered")
        return (try JSONValue(parsing: bytes), traceID)
    }

    @Test("Run, answer and are receipted before they answer")
    func runs() async throws {
        let bench = try Bench()
        let (value, traceID) = try await answer(bench, #"{"name":"echo","args":{"message":"héllo"}}"#)
        #expect(value.objectValue?["result"] == ["status": "ok", "tool": "echo", "result": "Echo: héllo"])
        #expect(value.objectValue?["receipt"]?.objectValue?["trace_id"]?.stringValue == traceID?.description)
        let result = #"{"status":"ok","tool":"echo","result":"Echo: héllo"}"#
        #expect(bench.log.commits(.answer, to: result.utf8))
        #expect(bench.timeline.events == ["commit whole", "committed whole", "answered"])
        #expect(traceID?.description == bench.log.entries.first?.traceID)
        #expect(bench.log.metadata("route") == "tools/execute" && bench.log.status == "ok")
        #expect(bench.log.steps(.policySnapshot) == [Bench.pins.object])
        let step = try #require(bench.log.steps(.toolExecution).first)
        #expect(step["tool"] == "echo" && step["policy_rule"] == "r1" && step["output_characters"] == 11)
    }

    static let errors: [(String, String)] = [
        (#"{"name":"echo"}"#, "invalid_args"), (#"{"name":"echo","args":{"message":1}}"#, "invalid_args"),
        (#"{"name":"canary","args":{"canary":"canary"}}"#, "unknown_tool:canary"), (#"{"name":""}"#, "unknown_tool:?"),
        (#"{"name":"forbidden","args":{},"approval_token":"canary"}"#, "policy_denied:not_today"),
        (#"{"name":"broken","args":{"x":"canary"},"approval_token":null}"#, "tool_failed"),
        (#"{"name":"safe_calc","args":{"expression":"canary"}}"#, "tool_failed"),
    ]

    @Test("That fail are answers too, and their receipts hold nothing of the call", arguments: errors)
    func fails(_ body: String, _ error: String) async throws {
        let bench = try Bench()
        let (value, _) = try await answer(bench, body)
        let result = try #require(value.objectValue?["result"]?.objectValue)
        #expect(result["status"] == "error" && result["error"]?.stringValue == error)
        #expect(bench.log.phases == [.whole])
        #expect(!bench.log.text.contains("canary"))
        let names = bench.events.all.compactMap { if case .ranTool(let name, _) = $0 { name } else { nil } }
        #expect(names.count == 1 && !names.contains("canary"), "a metric's label is never somebody's text")
    }

    static let refusals: [(String, PipelineError)] = [
        (
            "{",
            PipelineError(
                .invalidJSON, "the body is not valid JSON: expected a key in double quotes at line 1 column 2 (byte 1)")
        ),
        ("[]", PipelineError(.invalidType, "body must be an object, not an array", parameter: "body")),
        ("{}", PipelineError(.missingParameter, "name is required", parameter: "name")),
        (#"{"name":1}"#, PipelineError(.invalidType, "name must be a string, not a number", parameter: "name")),
        (
            #"{"name":"echo","args":[]}"#,
            PipelineError(.invalidType, "args must be an object, not an array", parameter: "args")
        ),
        (
            #"{"name":"echo","approval_token":1}"#,
            PipelineError(.invalidType, "approval_token must be a string, not a number", parameter: "approval_token")
        ),
        (
            #"{"name":"echo","canary":1}"#,
            PipelineError(.invalidValue, "the body has a field besides name, args and approval_token")
        ),
    ]

    @Test("Bodies that are wrong are refused, naming the field", arguments: refusals)
    func refuses(_ body: String, _ expected: PipelineError) async throws {
        let bench = try Bench()
        await #expect(throws: expected) { _ = try await answer(bench, body) }
        #expect(bench.log.entries.isEmpty)
    }

    @Test("Give no answer where there is no receipt")
    func receiptsDown() async throws {
        let bench = try Bench { $0.failing = [.whole] }
        await #expect(throws: ReceiptError.self) {
            _ = try await answer(bench, #"{"name":"echo","args":{"message":"x"}}"#)
        }
    }

    @Test("Are listed with what the policy says of them today")
    func listing() async throws {
        let listing = try JSONValue(parsing: pipeline(try Bench()).listing()).objectValue
        let tools = try #require(listing?["tools"]?.arrayValue).compactMap(\.objectValue)
        #expect(
            listing?["count"] == 5
                && tools.map { $0["name"]?.stringValue } == ["echo", "safe_calc", "broken", "forbidden", "unsafe"])
        #expect(tools[3]["policy"] == ["allowed": false, "reason": "not_today", "rule": "r9"])
        #expect(tools[0]["safe"] == true && tools[0]["sandboxed"] == false)
        #expect(tools[0]["parameters"]?.objectValue?["required"] == ["message"])
    }
}
