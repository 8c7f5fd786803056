import OrchCore
import OrchEgress
import OrchModelClients
import OrchProviders
import OrchTestSupport
import Testing

@Suite("What Ollama is sent")
struct OllamaRequestTests {
    static let answer = #"{"model":"m","message":{"role":"assistant","content":"ok"},"done":true}"#

    /// The body that reaches `/api/chat`.
    func sent(_ body: String, inputTokens: Int = 10, streams: Bool = false) async throws -> JSONValue {
        let http = ollamaHTTP(ScriptedReply(Self.answer))
        let call = ChatCall.sample(body, inputTokens: inputTokens)
        if streams {
            _ = try await ollama(http).chunks(call)
        } else {
            _ = try await ollama(http).complete(call)
        }
        #expect(http.paths == ["/api/show", "/api/chat"])
        return try json(http.requests.last)
    }

    func sent(fields: String) async throws -> JSONObject? {
        try await sent(#"{"model":"m","messages":[],\#(fields)}"#).objectValue
    }

    func sent(messages: String) async throws -> JSONValue? {
        try await sent(#"{"model":"m","messages":\#(messages)}"#).objectValue?["messages"]
    }

    @Test("says how it shall answer")
    func saysStream() async throws {
        let body = #"{"model":"alias","messages":[],"stream":true,"stream_options":{"include_usage":true}}"#
        let whole = #"{"model":"m","stream":false,"messages":[],"options":{"num_ctx":2048}}"#
        #expect(try await sent(body) == json(whole))
        #expect(try await sent(body, streams: true).objectValue?["stream"] == true)
    }

    @Test("has its options where Ollama looks for them")
    func movesOptions() async throws {
        let fields = """
            "temperature":0.70,"top_p":1,"seed":7,"stop":"x","frequency_penalty":0.5,"presence_penalty":-1,"max_tokens":5
            """
        let expected = """
            {"num_ctx":2048,"num_predict":5,"temperature":0.7,"top_p":1,"seed":7,"frequency_penalty":0.5,\
            "presence_penalty":-1,"stop":["x"]}
            """
        #expect(try await sent(fields: fields)?["options"] == json(expected))
        let other = #""stop":["x","y"],"max_tokens":5,"max_completion_tokens":6,"temperature":null"#
        #expect(
            try await sent(fields: other)?["options"] == json(#"{"num_ctx":2048,"num_predict":6,"stop":["x","y"]}"#))
    }

    @Test(
        "has room for the question and the answer",
        arguments: [
            (0, 1, 2048), (2040, 8, 2048), (2040, 9, 4096), (9000, 500, 16_384), (131_000, 72, 131_072),
            (500_000, 1, 131_072), (Int.max, Int.max, 131_072), (-5, 1, 2048),
        ])
    func sizesContext(input: Int, output: Int, size: Int) async throws {
        let body = #"{"model":"m","messages":[],"max_tokens":\#(output)}"#
        let options = try await sent(body, inputTokens: input).objectValue?["options"]?.objectValue
        #expect(options?["num_ctx"] == .integer(size))
    }

    @Test("leaves room for an answer whose length is not limited")
    func sizesContextForOpenAnswers() async throws {
        for (input, size) in [(1024, 2048), (1025, 4096)] {
            let sent = try await sent(#"{"model":"m","messages":[]}"#, inputTokens: input).objectValue
            #expect(sent?["options"]?.objectValue?["num_ctx"] == .integer(size))
        }
    }

    @Test("has texts as one text, and images beside it")
    func joinsContent() async throws {
        let messages = """
            [{"role":"developer","content":"Be brief.\\n"},{"role":"user","content":[{"type":"text","text":"What"},\
            {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw==","detail":"auto"}},\
            {"type":"text","text":"is \\"this\\"?"}]},{"role":"user","content":[]}]
            """
        let expected = """
            [{"role":"system","content":"Be brief.\\n"},{"role":"user","content":"What\\nis \\"this\\"?",\
            "images":["iVBORw=="]},{"role":"user","content":""}]
            """
        #expect(try await sent(messages: messages) == json(expected))
    }

    @Test("has tool calls with objects, and their results with names")
    func translatesToolCalls() async throws {
        let messages = """
            [{"role":"assistant","content":null,"refusal":null,"annotations":[],"reasoning_content":"hm","tool_calls":[\
            {"id":"c1","type":"function","function":{"name":"add","arguments":"{\\"a\\": 1}"}},\
            {"id":"c2","type":"function","function":{"name":"now","arguments":""}}]},\
            {"role":"tool","tool_call_id":"c2","content":"noon"},{"role":"tool","name":"own","content":"x"}]
            """
        let expected = """
            [{"role":"assistant","content":"","thinking":"hm","tool_calls":[\
            {"id":"c1","function":{"name":"add","arguments":{"a":1}}},{"id":"c2","function":{"name":"now","arguments":{}}}]},\
            {"role":"tool","content":"noon","tool_name":"now","tool_call_id":"c2"},\
            {"role":"tool","content":"x","tool_name":"own"}]
            """
        #expect(try await sent(messages: messages) == json(expected))
    }

    @Test("has the tools as they are, unless none shall be called")
    func passesTools() async throws {
        let tools = #""tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]"#
        let list = try json("{\(tools)}").objectValue?["tools"]
        #expect(try await sent(fields: tools)?["tools"] == list)
        #expect(try await sent(fields: tools + #","tool_choice":"auto""#)?["tools"] == list)
        #expect(try await sent(fields: tools + #","tool_choice":"none""#)?["tools"] == nil)
    }

    @Test("asks for JSON in Ollama's terms")
    func translatesFormat() async throws {
        #expect(try await sent(fields: #""response_format":{"type":"text"}"#)?["format"] == nil)
        #expect(try await sent(fields: #""response_format":{"type":"json_object"}"#)?["format"] == "json")
        let schema = #""response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}"#
        #expect(try await sent(fields: schema)?["format"] == ["type": "object"])
    }

    @Test(
        "asks for thought in Ollama's terms",
        arguments: [("none", JSONValue.bool(false)), ("low", "low"), ("high", "high")])
    func translatesReasoning(effort: String, think: JSONValue) async throws {
        #expect(try await sent(fields: "\"reasoning_effort\":\"\(effort)\"")?["think"] == think)
    }

    @Test("has nothing of the hints that are not for it")
    func consumesHints() async throws {
        let hints = """
            "user":"u","metadata":{"a":"b"},"n":1,"logprobs":false,"top_logprobs":0,"logit_bias":{},"store":false,\
            "service_tier":"auto","parallel_tool_calls":true,"modalities":["text"],"audio":null,"x_unknown":null
            """
        #expect(try await sent(fields: hints)?.keys == ["model", "stream", "messages", "options"])
    }
}
