import OrchCore
import OrchTokens
import Testing

@testable import OrchOrchestrator

@Suite("What a model server gets")
struct OutgoingBodyTests {
    private func sent(_ body: String, model: String = "m", agentPrompt: String? = nil) throws -> String {
        let outgoing = OutgoingBody(
            request: try ChatRequest(parsing: Array(body.utf8)), agentPrompt: agentPrompt, kept: nil, summary: nil)
        let bytes = outgoing.bytes(model: model)
        #expect(throws: Never.self) { _ = try JSONDocument(parsing: bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    static let untouched = [
        #"{"model":"m","messages":[{"role":"user","content":"x"}]}"#,
        " {\n \"messages\" : [ { \"content\":\"\\u0041\",\"role\" : \"user\" } ] , \"model\" : \"m\", \"n\":1.0e0, \"x\":[ 1 ] }\r\n",
        #"{"model":"m","stream":false,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":null,"name":"n"}]}"#,
    ].map { $0.replacing("\"n\":1.0e0", with: "\"top_p\":1.0e0") }

    @Test("Is the caller's body to the byte, where nothing must differ", arguments: untouched)
    func identical(_ body: String) throws {
        #expect(try sent(body) == body)
    }

    static let rewritten: [(String, String)] = [
        (#"{"messages":[{"role":"user"}]}"#, #"{"model":"m","messages":[{"role":"user"}]}"#),
        (
            #"{"model":"other","messages":[{"role":"user"}],"seed":1}"#,
            #"{"model":"m","messages":[{"role":"user"}],"seed":1}"#
        ),
        (#"{"model":null,"messages":[{"role":"user"}]}"#, #"{"model":"m","messages":[{"role":"user"}]}"#),
        (#"{"mod\u0065l":"auto","messages":[{"role":"user"}]}"#, #"{"model":"m","messages":[{"role":"user"}]}"#),
        (
            #"{"model":"m","stream":true,"messages":[{"role":"user"}]}"#,
            #"{"model":"m","stream":true,"messages":[{"role":"user"}],"stream_options":{"include_usage":true}}"#
        ),
        (
            #"{"stream_options":{"include_usage":false,"x":[1]},"model":"m","stream":true,"messages":[{"role":"user"}]}"#,
            #"{"model":"m","stream":true,"messages":[{"role":"user"}],"stream_options":{"x":[1],"include_usage":true}}"#
        ),
        (
            #"{"stream_options":null,"model":"m","stream":true,"messages":[{"role":"user"}]}"#,
            #"{"model":"m","stream":true,"messages":[{"role":"user"}],"stream_options":{"include_usage":true}}"#
        ),
    ]

    @Test("Names the chosen model and asks for usage, and keeps the rest as it was written", arguments: rewritten)
    func rewrites(_ body: String, _ expected: String) throws {
        #expect(try sent(body) == expected)
    }

    static let hints: [(String, String)] = [
        (#"{"role":"user","pinned":true,"content":"x"}"#, #"{"role":"user","content":"x"}"#),
        (#"{"pinned":null,"role":"user"}"#, #"{"role":"user"}"#),
        (#"{"role":"user","metadata":{"pinned":true,"priority":"high","goal":"g"}}"#, #"{"role":"user"}"#),
        (
            #"{"role":"user","metadata":{"priority":1,"own":{"a":[1]},"goal":true}}"#,
            #"{"role":"user","metadata":{"own":{"a":[1]}}}"#
        ),
        (#"{"role":"user","meta\u0064ata":{"\u0070inned":true}}"#, #"{"role":"user"}"#),
        (#"{"role":"user","p\u0069nned":true}"#, #"{"role":"user"}"#),
    ]

    @Test("Never holds our hints, however they are written; other messages stay as they were", arguments: hints)
    func dropsHints(_ message: String, _ expected: String) throws {
        let other = #"{ "role":"system", "content":"\u0061" }"#
        let body = #"{"model":"m","messages":[\#(other),\#(message),\#(other)],"metadata":{"pinned":"the provider's"}}"#
        #expect(
            try sent(body)
                == #"{"model":"m","messages":[\#(other),\#(expected),\#(other)],"metadata":{"pinned":"the provider's"}}"#
        )
    }

    @Test("Has the agent's prompt in front")
    func agent() throws {
        let body = #"{"model":"agent/x","messages":[{"role":"system","content":"s"},{"role":"user","pinned":true}]}"#
        #expect(
            try sent(body, agentPrompt: "Be \"kind\"\n")
                == #"{"model":"m","messages":[{"role":"system","content":"Be \"kind\"\n"},{"role":"system","content":"s"},{"role":"user"}]}"#
        )
    }

    @Test("A summary stands behind the system messages that come first, and what is left out is gone")
    func summary() throws {
        let text =
            #"{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"user","content":"b"}]}"#
        let request = try ChatRequest(parsing: Array(text.utf8))
        let body = OutgoingBody(request: request, agentPrompt: nil, kept: [0, 2], summary: "sum")
        #expect(
            String(decoding: body.bytes(model: "m"), as: UTF8.self)
                == #"{"model":"m","messages":[{"role":"system","content":"s"},{"role":"system","content":"sum"},{"role":"user","content":"b"}]}"#
        )
    }

    @Test("Names the model of each provider that is asked in turn")
    func fallbacks() throws {
        let request = try ChatRequest(parsing: Array(#"{"model":"a","messages":[{"role":"user"}]}"#.utf8))
        let body = OutgoingBody(request: request, agentPrompt: nil, kept: nil, summary: nil)
        #expect(body.bytes(model: "a") == request.document.bytes)
        #expect(
            String(decoding: body.bytes(model: "b \"q\""), as: UTF8.self)
                == #"{"model":"b \"q\"","messages":[{"role":"user"}]}"#)
    }
}
