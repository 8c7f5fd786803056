import OrchCore
import OrchOrchestrator
import Testing

@Suite("Reading a chat request")
struct ChatRequestTests {
    /// A body that is refused: how, naming what, in which words.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let body: String
        let code: PipelineError.Code
        let parameter: String?
        let message: String
        var testDescription: String { body }

        init(_ body: String, _ code: PipelineError.Code, _ parameter: String?, _ message: String) {
            self.body = body
            self.code = code
            self.parameter = parameter
            self.message = message
        }

        /// A top-level field of the wrong type.
        static func type(_ field: String, _ value: String, _ expected: String, _ found: String, at path: String? = nil)
            -> Refusal
        {
            let path = path ?? field
            return Refusal(
                #"{"messages":[{"role":"user","content":"x"}],"\#(field)":\#(value)}"#, .invalidType, path,
                "\(path) must be \(expected), not \(found)")
        }

        static func range(_ field: String, _ value: String, _ low: String, _ high: String) -> Refusal {
            Refusal(
                #"{"messages":[{"role":"user","content":"x"}],"\#(field)":\#(value)}"#, .invalidValue, field,
                "\(field) must be from \(low) to \(high)")
        }

        /// A fault inside of the second message.
        static func message(_ message: String, _ code: PipelineError.Code, _ path: String, _ text: String) -> Refusal {
            let path = "messages[1]\(path)"
            return Refusal(
                #"{"messages":[{"role":"system","content":"s"},\#(message)]}"#, code, path, "\(path) \(text)")
        }
    }

    static let shape: [Refusal] = [
        Refusal(
            "", .invalidJSON, nil, "the body is not valid JSON: unexpected end of text at line 1 column 1 (byte 0)"),
        Refusal(
            "{\n\"a\":x}", .invalidJSON, nil,
            "the body is not valid JSON: unexpected character at line 2 column 5 (byte 6)"),
        Refusal(
            #"{"messages":[],"messages":[]}"#, .invalidJSON, nil,
            "the body is not valid JSON: duplicate key at line 1 column 16 (byte 15)"),
        Refusal("[]", .invalidType, "body", "body must be an object, not an array"),
        Refusal("null", .invalidType, "body", "body must be an object, not null"),
        Refusal("{}", .missingParameter, "messages", "messages is required"),
        Refusal(#"{"messages":null}"#, .invalidType, "messages", "messages must be an array, not null"),
        Refusal(#"{"messages":{}}"#, .invalidType, "messages", "messages must be an array, not an object"),
        Refusal(#"{"messages":[]}"#, .invalidValue, "messages", "messages must hold at least one message"),
    ]

    static let types: [Refusal] =
        ["model", "user", "service_tier", "reasoning_effort", "safety_identifier", "prompt_cache_key"].map {
            .type($0, "1", "a string", "a number")
        }
        + ["stream", "logprobs", "parallel_tool_calls", "store"].map { .type($0, "\"true\"", "a boolean", "a string") }
        + ["logit_bias", "response_format", "metadata", "audio", "prediction", "stream_options"].map {
            .type($0, "[]", "an object", "an array")
        }
        + ["tools", "functions", "modalities"].map { .type($0, "{}", "an array", "an object") }
        + [
            .type("tools", #"[{},"x"]"#, "an object", "a string", at: "tools[1]"),
            .type("functions", "[null]", "an object", "null", at: "functions[0]"),
            .type("stop", "3", "a string or an array of strings", "a number"),
            .type("stop", #"["a",null]"#, "a string", "null", at: "stop[1]"),
            .type("tool_choice", "true", "a string or an object", "a boolean"),
            .type("function_call", "[]", "a string or an object", "an array"),
            .type(
                "stream_options", #"{"include_usage":"yes"}"#, "a boolean", "a string",
                at: "stream_options.include_usage"),
            .type(
                "stream_options", #"{"include_usage":null}"#, "a boolean", "null", at: "stream_options.include_usage"),
        ]
        + ["n", "top_logprobs", "seed", "max_tokens", "max_completion_tokens"].flatMap { field in
            [
                .type(field, "\"1\"", "an integer", "a string"), .type(field, "1.5", "an integer", "a number"),
                .type(field, "1e30", "an integer", "a number"), .type(field, "[1]", "an integer", "an array"),
            ]
        }
        + ["temperature", "top_p", "frequency_penalty", "presence_penalty"].map {
            .type($0, "\"1\"", "a number", "a string")
        }

    static let ranges: [Refusal] = [
        .range("n", "0", "1", "128"), .range("n", "129", "1", "128"), .range("top_logprobs", "-1", "0", "20"),
        .range("top_logprobs", "21", "0", "20"), .range("max_tokens", "0", "1", "\(Int.max)"),
        .range("max_completion_tokens", "-5", "1", "\(Int.max)"), .range("temperature", "-0.1", "0.0", "2.0"),
        .range("temperature", "2.0000001", "0.0", "2.0"), .range("top_p", "1.1", "0.0", "1.0"),
        .range("top_p", "-1", "0.0", "1.0"), .range("frequency_penalty", "2.1", "-2.0", "2.0"),
        .range("presence_penalty", "-3", "-2.0", "2.0"),
    ]

    static let messages: [Refusal] = [
        .message("1", .invalidType, "", "must be an object, not a number"),
        .message("{}", .missingParameter, ".role", "is required"),
        .message(#"{"content":"x"}"#, .missingParameter, ".role", "is required"),
        .message(#"{"role":1}"#, .invalidType, ".role", "must be a string, not a number"),
        .message(
            #"{"role":"boss"}"#, .invalidValue, ".role",
            "must be one of system, developer, user, assistant, tool, function"),
        .message(
            #"{"role":"User"}"#, .invalidValue, ".role",
            "must be one of system, developer, user, assistant, tool, function"),
        .message(
            #"{"role":"user","content":5}"#, .invalidType, ".content",
            "must be a string, null or an array of parts, not a number"),
        .message(
            #"{"role":"user","content":{}}"#, .invalidType, ".content",
            "must be a string, null or an array of parts, not an object"),
        .message(#"{"role":"user","content":["x"]}"#, .invalidType, ".content[0]", "must be an object, not a string"),
        .message(#"{"role":"user","content":[{}]}"#, .missingParameter, ".content[0].type", "is required"),
        .message(
            #"{"role":"user","content":[{"type":3}]}"#, .invalidType, ".content[0].type",
            "must be a string, not a number"),
        .message(
            #"{"role":"user","content":[{"type":"text","text":"a"},{"type":"text"}]}"#, .missingParameter,
            ".content[1].text", "is required"),
        .message(
            #"{"role":"user","content":[{"type":"text","text":null}]}"#, .invalidType, ".content[0].text",
            "must be a string, not null"),
        .message(#"{"role":"user","name":1}"#, .invalidType, ".name", "must be a string, not a number"),
        .message(
            #"{"role":"tool","tool_call_id":[]}"#, .invalidType, ".tool_call_id", "must be a string, not an array"),
        .message(#"{"role":"assistant","refusal":true}"#, .invalidType, ".refusal", "must be a string, not a boolean"),
        .message(
            #"{"role":"assistant","tool_calls":{}}"#, .invalidType, ".tool_calls", "must be an array, not an object"),
        .message(#"{"role":"user","pinned":"yes"}"#, .invalidType, ".pinned", "must be a boolean, not a string"),
        .message(#"{"role":"user","metadata":[]}"#, .invalidType, ".metadata", "must be an object, not an array"),
        .message(
            #"{"role":"user","metadata":{"pinned":1}}"#, .invalidType, ".metadata.pinned",
            "must be a boolean, not a number"),
        .message(
            #"{"role":"user","metadata":{"goal":1}}"#, .invalidType, ".metadata.goal",
            "must be a boolean or a string, not a number"),
        .message(
            #"{"role":"user","metadata":{"priority":"urgent"}}"#, .invalidValue, ".metadata.priority",
            "must be a number, or one of pinned, high, medium, low"),
        .message(
            #"{"role":"user","metadata":{"priority":[]}}"#, .invalidValue, ".metadata.priority",
            "must be a number, or one of pinned, high, medium, low"),
    ]

    @Test("Refuses what is wrong, naming it", arguments: shape + types + ranges + messages)
    func refuses(_ refusal: Refusal) {
        let error = #expect(throws: PipelineError.self) { _ = try ChatRequest(parsing: Array(refusal.body.utf8)) }
        #expect(error == PipelineError(refusal.code, refusal.message, parameter: refusal.parameter))
    }

    static let accepted = [
        #""n":1,"top_logprobs":0,"seed":-9223372036854775808,"max_tokens":1,"temperature":0,"top_p":0"#,
        #""n":128,"top_logprobs":20,"seed":9223372036854775807,"max_tokens":9223372036854775807,"temperature":2,"top_p":1.0"#,
        #""frequency_penalty":-2,"presence_penalty":2.0,"stop":"x","tool_choice":"auto","store":false"#,
        #""stop":["a","b"],"tool_choice":{"type":"function"},"function_call":"none","logit_bias":{"1":2}"#,
        #""unknown_field":{"anything":[1,null]},"modalities":["text"],"stream_options":{}"#,
        #""model":null,"stream":null,"n":null,"tools":null,"stop":null,"temperature":null,"stream_options":null,"user":null"#,
    ]

    @Test(
        "Takes every field at the ends of its range, null for absence, and fields it does not know", arguments: accepted
    )
    func accepts(_ fields: String) {
        #expect(throws: Never.self) { _ = try ChatRequest(parsing: Array(Bench.body("x", fields).utf8)) }
    }

    static let goodMessages = [
        #"{"role":"user","content":null}"#, #"{"role":"user"}"#, #"{"role":"user","content":[]}"#,
        #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,"}},{"type":"made_up"}]}"#,
        #"{"role":"assistant","content":null,"tool_calls":[{"id":"1"}],"refusal":null,"name":null}"#,
        #"{"role":"tool","content":"r","tool_call_id":"1"}"#, #"{"role":"developer","content":"d"}"#,
        #"{"role":"user","content":"x","pinned":null,"metadata":null}"#,
        #"{"role":"user","content":"x","pinned":true,"metadata":{"pinned":false,"priority":3.5,"goal":"g","own":[1]}}"#,
        #"{"role":"user","content":"x","metadata":{"pinned":null,"priority":null,"goal":true}}"#,
        #"{"role":"user","content":"x","metadata":{"priority":"pinned"}}"#,
        #"{"role":"function","name":"f","content":"x"}"#,
    ]

    @Test("Takes messages of every role and form", arguments: goodMessages)
    func acceptsMessage(_ message: String) throws {
        #expect(try ChatRequest(parsing: Array("{\"messages\":[\(message)]}".utf8)).messages.count == 1)
    }

    @Test("Takes 2,048 messages, and not one more")
    func messageLimit() throws {
        func body(_ count: Int) -> [UInt8] {
            Array(
                "{\"messages\":[\(repeatElement(#"{"role":"user","content":"x"}"#, count: count).joined(separator: ","))]}"
                    .utf8)
        }
        #expect(try ChatRequest(parsing: body(2048)).messages.count == 2048)
        let error = #expect(throws: PipelineError.self) { _ = try ChatRequest(parsing: body(2049)) }
        #expect(
            error == PipelineError(.tooManyMessages, "messages holds more than 2048 entries", parameter: "messages"))
    }

    @Test("No message of an error shows what the caller wrote")
    func noEcho() {
        for refusal in Self.types + Self.ranges + Self.messages {
            let body = refusal.body.replacing("\"x\"", with: "\"canary\"").replacing("\"urgent\"", with: "\"canary\"")
                .replacing("\"boss\"", with: "\"canary\"")
            let error = #expect(throws: PipelineError.self) { _ = try ChatRequest(parsing: Array(body.utf8)) }
            #expect(error?.message.contains("canary") == false)
        }
    }

    static let modelFields: [(String, String?)] = [
        ("", nil), (#","model":null"#, nil), (#","model":"""#, nil), (#","model":"auto""#, nil),
        (#","model":"Auto""#, "Auto"),
        (#","model":"a/b:c""#, "a/b:c"), (#","mod\u0065l":"gpt""#, "gpt"),
    ]

    @Test("An absent, empty or automatic model is ours to choose", arguments: modelFields)
    func model(_ field: String, _ model: String?) throws {
        let request = try ChatRequest(parsing: Array(#"{"messages":[{"role":"user"}]\#(field)}"#.utf8))
        #expect(request.model == model)
    }

    static let toolFields: [(String, Bool)] = [
        ("", false), (#","tools":[]"#, false), (#","tools":null"#, false), (#","tools":[{}]"#, true),
        (#","functions":[{}]"#, true),
        (#","tools":[{}],"functions":[]"#, true), (#","functions":[{}],"tools":null"#, true),
        (#","functions":[],"tools":[]"#, false),
    ]

    @Test("Tools of the caller's are noticed under either name", arguments: toolFields)
    func clientTools(_ fields: String, _ has: Bool) throws {
        #expect(
            try ChatRequest(parsing: Array(#"{"messages":[{"role":"user"}]\#(fields)}"#.utf8)).hasClientTools == has)
    }

    @Test("The user's text is that of the last message, if a user sent it; parts are joined by line feeds")
    func userText() throws {
        func request(_ messages: String) throws -> ChatRequest {
            try ChatRequest(parsing: Array("{\"messages\":[\(messages)]}".utf8))
        }
        #expect(try request(#"{"role":"user","content":"a"},{"role":"user","content":"b"}"#).userText == "b")
        let tool = try request(#"{"role":"user","content":"a"},{"role":"tool","content":"b"}"#)
        #expect(tool.userText == nil && tool.lastUserText == "a")
        let parts = #"[{"type":"text","text":"a"},{"type":"image_url","image_url":{}},{"type":"text","text":"\u00e9"}]"#
        #expect(try request(#"{"role":"user","content":\#(parts)}"#).userText == "a\né")
        #expect(try request(#"{"role":"user","content":null}"#).userText == "")
        #expect(try request(#"{"role":"system","content":"s"}"#).lastUserText == nil)
    }
}
