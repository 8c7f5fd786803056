import OrchCore
import OrchTokens
import Testing

@testable import OrchOrchestrator

@Suite("Counting a request's input")
struct InputCountTests {
    /// By bytes: 4 for each message and 5 for the conversation stand for the chat template.
    private func count(_ messages: String, _ more: String = "", promptTokens: Int? = nil) throws -> Int {
        let body = "{\"messages\":[\(messages)]\(more)}"
        return InputCount(
            of: try ChatRequest(parsing: Array(body.utf8)), promptTokens: promptTokens,
            by: TokenCounter(fallback: ByteFallbackCounter(margin: 1))
        ).total - 5
    }

    @Test("Everything that a model reads is counted, with what stands around each message")
    func counts() throws {
        #expect(try count(#"{"role":"user","content":"hello"}"#) == 4 + 5 + 4)
        #expect(try count(#"{"role":"user","content":"\u00e9"}"#) == 4 + 2 + 4)
        #expect(
            try count(
                #"{"role":"user","name":"bob","content":[{"type":"text","text":"ab"},{"type":"text","text":"c"}]}"#)
                == 4 + 3 + 3 + 4 + 1)
        #expect(try count(#"{"role":"tool","tool_call_id":"id","content":"r"}"#) == 4 + 2 + 1 + 4)
        #expect(
            try count(#"{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]}"#) == 9
                + #"[{"id":"1"}]"#.utf8.count + 4)
        #expect(try count(#"{"role":"assistant","content":"","refusal":"no","reasoning_content":"hm"}"#) == 9 + 4 + 4)
        #expect(try count(#"{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}"#) == 9 + 4 + 2)
        #expect(try count(#"{"role":"assistant","content":"","function_call":{"name":"f"}}"#) == 9 + 4 + 12)
        #expect(try count(#"{"role":"user","content":""}"#, promptTokens: 6) == 8 + 6 + 4 + 6)
        #expect(try count(#"{"role":"user","content":"","name":null,"refusal":null}"#) == 8)
        #expect(try count(#"{"role":"user","content":"","pinned":true,"metadata":{"goal":"long goal"}}"#) == 8)
    }

    @Test("Definitions of tools are counted under either name, and together; so is a format of the answer")
    func tools() throws {
        let user = #"{"role":"user","content":""}"#
        let base = try count(user)
        #expect(try count(user, #","tools":[{"a":1}]"#) == base + 9)
        #expect(try count(user, #","tools":[{"a":1}],"functions":[{"b":2}]"#) == base + 18)
        #expect(try count(user, #","tools":[],"functions":null"#) == base)
        #expect(try count(user, #","response_format":{"type":"json_object"}"#) == base + 22)
    }

    @Test("Each image is charged by its detail, sound and files not at all")
    func images() throws {
        func part(_ detail: String) -> String {
            #"{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"\#(detail)}}"#
        }
        let (high, low) = (part(""), part(#","detail":"low""#))
        #expect(try count("{\"role\":\"user\",\"content\":[\(high),\(high)]}") == 8 + 2 * 1445)
        #expect(try count("{\"role\":\"user\",\"content\":[\(low),\(high)]}") == 8 + 85 + 1445)
        #expect(
            try count(
                #"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA"}},{"type":"file"}]}"#)
                == 8)
    }

    @Test("What a template says of its own stands in for a system message that is missing")
    func defaultSystem() throws {
        let tokenizer = try TinyVocabulary.tokenizer()
        var template = ChatTemplate.chatML
        template.defaultSystem = "abc"
        let counter = TokenCounter(tokenizer, template: template)
        func total(_ messages: String, promptTokens: Int? = nil) throws -> Int {
            InputCount(
                of: try ChatRequest(parsing: Array("{\"messages\":[\(messages)]}".utf8)), promptTokens: promptTokens,
                by: counter
            ).total
        }
        let user = #"{"role":"user","content":""}"#
        let system = #"{"role":"system","content":"abc"}"#
        #expect(try total(user) == total(system + "," + user))
        #expect(try total(user, promptTokens: counter.tokens(of: "abc")) == total(user))
        // Templates look at the first message alone, and for the role system.
        let developer = #"{"role":"developer","content":""}"#
        #expect(try total(developer + "," + user) > total(user))
        #expect(try total(user + "," + system) == total(system + "," + user + "," + system))
    }
}
