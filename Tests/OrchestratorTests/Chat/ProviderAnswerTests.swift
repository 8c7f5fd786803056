import OrchCore
import OrchProviders
import OrchReceipts
import OrchRouting
import Testing

@testable import OrchOrchestrator

@Suite("A whole answer on its way to the caller")
struct ProviderAnswerTests {
    static let traceID = TraceID(at: Bench.moment, random: (7, 7))

    private func out(_ text: String, maximum: Int = 0) throws -> JSONNode {
        let answer = try ProviderAnswer(try JSONDocument(parsing: Array(text.utf8)))
        var extras = AnswerExtras(traceID: Self.traceID, route: Routed.notRouted("no_match").decision, usage: .sample)
        extras.isTruncated = answer.exceeds(maximum)
        extras.receipt = Receipt(traceID: Self.traceID, leafIndex: 7, leafHash: .emptyRoot, checkpoint: "note")
        let usage = answer.usage ?? Usage(promptTokens: 1, completionTokens: 1)
        return try JSONDocument(parsing: answer.bytes(extras, usage: usage, created: 99, maximumCharacters: maximum))
            .root
    }

    @Test("Keeps what the provider said, to the byte, and adds ours")
    func keeps() throws {
        let text =
            #"{"id":"chatcmpl-up","object":"chat.completion","created":5,"model":"m","own":[ 1 ],"choices":[ {"index":0,"message":{"content":"\u0061"},"logprobs":{ } } ],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9,"details":{}}}"#
        let bytes = try out(text).slice
        #expect(
            String(decoding: bytes, as: UTF8.self).hasPrefix(
                text.dropLast() + ",\"system_fingerprint\":null,\"request_id\":\""))
        let root = try out(text)
        #expect(root["request_id"]?.string == Self.traceID.description)
        #expect(root["receipt"]?["trace_id"]?.string == Self.traceID.description)
        #expect(root["receipt"]?["leaf_index"]?.int == 7 && root["receipt"]?["checkpoint"]?.string == "note")
        #expect(root["receipt"]?["leaf_hash"]?.string == MerkleHash.emptyRoot.hexadecimal)
        #expect(root["memory_decision"]?["decision"]?.string == "deny")
        #expect(root["tool_result"]?.isNull == true && root["model_decision"]?.isNull == true)
    }

    @Test("Fills in what a provider leaves out")
    func fills() throws {
        let root = try out(#"{"choices":[]}"#)
        #expect(root["id"]?.string == Completion.id(Self.traceID))
        #expect(root["object"]?.string == "chat.completion" && root["created"]?.int == 99)
        #expect(root["usage"]?["total_tokens"]?.int == 2)
        for key in ["model", "system_fingerprint", "choices"] { #expect(root[key] != nil, "\(key)") }
    }

    static let forgeries = [
        "request_id", "agent", "memory_decision", "route_decision", "model_decision", "token_usage", "tool_result",
        "truncated", "receipt",
    ]

    @Test("A provider's members of our names do not pass", arguments: forgeries)
    func forgery(_ name: String) throws {
        for key in [
            name, "\\u\(String(0x10000 + Int(name.utf8.first ?? 0), radix: 16).dropFirst())\(name.dropFirst())",
        ] {
            let root = try out(#"{"\#(key)":"forged","choices":[]}"#)
            #expect(root.members.filter { $0.key == name }.count == (["agent", "truncated"].contains(name) ? 0 : 1))
            #expect(root[name]?.string != "forged")
        }
    }

    static let notCompletions = [
        "{}", #"{"choices":null}"#, #"{"choices":{}}"#, #"{"choices":[1]}"#, #"{"choices":[{},null]}"#,
    ]

    @Test("What is no completion is refused as malformed", arguments: notCompletions)
    func malformed(_ text: String) {
        let error = #expect(throws: ProviderError.self) { _ = try out(text) }
        #expect(error?.code == .malformedAnswer)
    }

    static let texts = ["", "hello", "héllo wörld", "👩‍👩‍👧👩‍👩‍👧", "\"\\\n\u{1}", "e\u{301}e\u{301}"]

    @Test("Is cut after exactly so many scalars, and not before", arguments: texts)
    func cap(_ text: String) throws {
        let count = text.unicodeScalars.count
        for maximum in max(1, count - 1)...(count + 1) {
            let root = try out(Chunks.completion(text), maximum: maximum)
            let choice = try #require(root["choices"]?.elements.first { _ in true })
            let content = choice["message"]?["content"]?.string ?? "none"
            #expect(Array(content.unicodeScalars) == Array(text.unicodeScalars.prefix(maximum)))
            #expect(choice["finish_reason"]?.string == (count > maximum ? "length" : "stop"))
            #expect(choice["message"]?["role"]?.string == "assistant")
            #expect(root["truncated"]?.bool == (count > maximum ? true : nil))
        }
    }

    @Test("Only the choices that are too long are cut")
    func capOfSeveral() throws {
        let long =
            #"{"finish_reason":"stop","index":0,"message":{"content":"abcd","role":"assistant","tool_calls":[1]},"own":1}"#
        let short = #"{ "index":1,"message":{"content":"abc"},"finish_reason":"stop" }"#
        let none = #"{"index":2,"message":{"content":null},"finish_reason":"tool_calls"}"#
        let root = try out(#"{"choices":[\#(long),\#(short),\#(none)]}"#, maximum: 3)
        let choices = try #require(root["choices"]).elements.map { String(decoding: $0.slice, as: UTF8.self) }
        #expect(
            choices == [
                #"{"finish_reason":"length","index":0,"message":{"content":"abc","role":"assistant","tool_calls":[1]},"own":1}"#,
                short, none,
            ])
    }

    @Test("Usage that cannot be is replaced by our own count", arguments: StreamRelayTests.absurdUsages)
    func absurdUsage(_ usage: String) throws {
        #expect(try out(Chunks.completion("x", usage: usage))["usage"]?["total_tokens"]?.int == 2)
    }
}

extension TokenUsage {
    static let sample = TokenUsage(
        input: 3, output: 1, budget: 0, utilization: nil, tokenizer: "bytes", isFallback: true)
}
