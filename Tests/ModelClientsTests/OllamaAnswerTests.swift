import OrchCore
import OrchEgress
import OrchModelClients
import OrchProviders
import OrchTestSupport
import Testing

@Suite("Ollama's answers in OpenAI's terms")
struct OllamaAnswerTests {
    static let identifier = "chatcmpl-" + String(repeating: "00000000000000ab", count: 2)
    static let head = #""id":"\#(identifier)","object":"chat.completion.chunk","created":1762078830,"model":"m:1""#

    func line(_ message: String, _ rest: String = #""done":false"#) -> String {
        #"{"model":"m:1","created_at":"2025-11-02T11:20:30.5+01:00","message":{"role":"assistant",\#(message)},\#(rest)}"#
    }

    func chunks(_ lines: [String], contentType: String = "application/x-ndjson") async throws -> [JSONValue] {
        let text = lines.map { $0 + "\n" }.joined()
        let http = ollamaHTTP(ScriptedReply(text, contentType: contentType))
        return try await ollama(http).chunks(.sample()).map(\.root.value)
    }

    @Test("A whole answer")
    func wholeAnswer() async throws {
        let text = line(
            #""content":"Hi","thinking":"hm""#,
            #""done":true,"done_reason":"length","prompt_eval_count":3,"eval_count":4"#)
        let reply = try await ollama(ollamaHTTP(ScriptedReply(text))).complete(.sample())
        let expected = """
            {"id":"\(Self.identifier)","object":"chat.completion","created":1762078830,"model":"m:1","choices":[{"index":0,\
            "message":{"role":"assistant","content":"Hi","reasoning_content":"hm"},"logprobs":null,\
            "finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}
            """
        #expect(try reply.body.root.value == json(expected))
    }

    @Test("A whole answer that calls tools")
    func toolCalls() async throws {
        let calls = #"[{"id":"own","function":{"name":"f","arguments":{"a":[1, 2]}}},{"function":{"name":"g"}}]"#
        let text = line(#""content":"","tool_calls":\#(calls)"#, #""done":true,"done_reason":"stop""#)
        let reply = try await ollama(ollamaHTTP(ScriptedReply(text))).complete(.sample())
        let choice = reply.body.root["choices"]?.elements.first { _ in true }
        let expected = """
            {"role":"assistant","content":null,"tool_calls":[{"id":"own","type":"function",\
            "function":{"name":"f","arguments":"{\\"a\\":[1, 2]}"}},\
            {"id":"call_00000000000000ab00000000000000ab","type":"function","function":{"name":"g","arguments":"{}"}}]}
            """
        #expect(try choice?["message"]?.value == json(expected))
        #expect(choice?["finish_reason"]?.string == "tool_calls")
        #expect(reply.body.root["usage"] == nil, "what was not counted is not claimed")
    }

    @Test("An answer without a time gets the clock's")
    func usesClock() async throws {
        let reply = try await ollama(ollamaHTTP(ScriptedReply(OllamaRequestTests.answer))).complete(.sample())
        #expect(reply.body.root["created"]?.int == 1_700_000_000)
    }

    @Test("A stream has one head, a role first, the reason, and the usage last")
    func stream() async throws {
        let chunks = try await chunks([
            line(#""content":"","thinking":"hm""#), "", line(#""content":"Hi""#),
            line(#""content":"!""#, #""done":true,"done_reason":"stop","prompt_eval_count":3"#),
            line(#""content":"not looked at""#),
        ])
        let deltas = [
            #"{"role":"assistant","content":"","reasoning_content":"hm"}"#, #"{"content":"Hi"}"#, #"{"content":"!"}"#,
        ]
        var expected = deltas.map {
            "{\(Self.head),\"choices\":[{\"index\":0,\"delta\":\($0),\"finish_reason\":null}]}"
        }
        expected.append("{\(Self.head),\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}")
        expected.append(
            "{\(Self.head),\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":0,\"total_tokens\":3}}")
        #expect(chunks == (try expected.map { try json($0) }))
    }

    @Test("Tool calls of a stream are counted through")
    func streamedToolCalls() async throws {
        let call = #""content":"","tool_calls":[{"function":{"index":0,"name":"f","arguments":{"a":1}}}]"#
        let chunks = try await chunks([
            line(call), line(call), line(#""content":"""#, #""done":true,"done_reason":"stop""#),
        ])
        let calls = chunks.compactMap {
            $0.objectValue?["choices"]?.arrayValue?.first?.objectValue?["delta"]?.objectValue?["tool_calls"]?
                .arrayValue?.first
        }
        #expect(calls.map { $0.objectValue?["index"] } == [0, 1])
        #expect(calls.first?.objectValue?["function"] == ["name": "f", "arguments": "{\"a\":1}"])
        #expect(chunks.last?.objectValue?["choices"]?.arrayValue?.first?.objectValue?["finish_reason"] == "tool_calls")
    }

    @Test("One whole answer where a stream was asked for is a stream")
    func acceptsJSONType() async throws {
        let text = line(#""content":"Hi""#, #""done":true"#)
        let http = ollamaHTTP(ScriptedReply(text))
        #expect(try await ollama(http).chunks(.sample()).count == 2, "even without a line's end")
    }

    @Test("An answer that is not done is not whole")
    func refusesUndone() async throws {
        let http = ollamaHTTP(ScriptedReply(line(#""content":"Hi""#)))
        #expect(await ollama(http).failureOfComplete(.sample())?.code == .malformedAnswer)
    }

    @Test("A model that Ollama does not have is the request's fault, said in a word")
    func modelNotFound() async throws {
        let missing = ScriptedReply(#"{"error":"model 'sécret' not found"}"#, status: 404)
        for path in ["/api/show", "/api/chat"] {
            let http = ScriptedHTTP { $0.path == path ? missing : ScriptedReply("{}") }
            let error = try #require(await ollama(http).failureOfStream(.sample()))
            #expect(error.code == .rejectedRequest)
            #expect(error.message.contains("model_not_found"))
            #expect(!error.message.contains("sécret"))
            #expect(!error.isRetryable && !error.isOutage)
        }
    }

    @Test("Models are listed with their time and owner")
    func listsModels() async throws {
        let tags = """
            {"models":[{"name":"qwen2.5:3b","modified_at":"2025-11-02T10:20:30.123Z"},{"model":"me/own:1"},\
            {"name":"big:cloud"},{"name":"far","remote_model":"far","remote_host":"https://ollama.com:443"},{"size":1}]}
            """
        let http = ScriptedHTTP { _ in ScriptedReply(tags) }
        let here = [
            ModelDescription(id: "qwen2.5:3b", created: 1_762_078_830, owner: "library"),
            ModelDescription(id: "me/own:1", created: 0, owner: "me"),
        ]
        #expect(try await ollama(http).models(timeout: .seconds(1)) == here)
        let all = try await ollama(http, allowing: ["ollama.com:443"]).models(timeout: .seconds(1))
        #expect(all.map(\.id) == ["qwen2.5:3b", "me/own:1", "big:cloud", "far"])
    }

    @Test("The connection that was made is told, whichever exchange made it")
    func tellsConnection() async throws {
        let connection = ConnectionRecord(endpoint: Endpoint(host: "h", port: 1), address: "127.0.0.1")
        let http = ScriptedHTTP(connected: connection) {
            $0.path == "/api/show" ? ScriptedReply("{}") : ScriptedReply(OllamaRequestTests.answer)
        }
        #expect(try await ollama(http).complete(.sample()).connected == connection)
    }
}
