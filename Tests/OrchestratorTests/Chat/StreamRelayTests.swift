import OrchCore
import OrchRouting
import OrchTestSupport
import OrchTokens
import Testing

@testable import OrchOrchestrator
@testable import OrchReceipts

@Suite("Relaying a stream")
struct StreamRelayTests {
    static let traceID = TraceID(at: Bench.moment, random: (7, 7))

    /// Relays chunks, and gives what a client sees.
    private func relay(
        _ chunks: [String], includesUsage: Bool = false, maximum: Int = 0
    ) throws -> (record: StreamRecord, relay: StreamRelay, bytes: [[UInt8]]) {
        let head = Completion(
            id: Completion.id(Self.traceID), created: 99, model: "ours", content: "",
            usage: Usage(promptTokens: 0, completionTokens: 0))
        var relay = StreamRelay(
            head: head, includesUsage: includesUsage, maximumCharacters: maximum,
            count: StreamCount(TokenCounter(fallback: ByteFallbackCounter(margin: 1))))
        var out: [[UInt8]] = []
        for chunk in chunks where !relay.isTruncated {
            out += relay.take(try JSONDocument(parsing: Array(chunk.utf8)))
        }
        var extras = AnswerExtras(traceID: Self.traceID, route: Routed.notRouted("no_match").decision, usage: .sample)
        extras.isTruncated = relay.isTruncated
        extras.receipt = Receipt(traceID: Self.traceID, leafIndex: 7, leafHash: .emptyRoot, checkpoint: "note")
        out += relay.finish(extras, usage: relay.usage ?? Usage(promptTokens: 1, completionTokens: 1))
        return (try StreamRecord(out.flatMap(ServerSentEvent.frame)), relay, out)
    }

    /// What holds of every stream that goes out.
    private func checkForm(_ record: StreamRecord, includesUsage: Bool) {
        #expect(Set(record.chunks.map { $0.root["id"]?.string }).count == 1)
        #expect(Set(record.chunks.map { $0.root["created"]?.int }).count == 1)
        #expect(record.chunks.allSatisfy { $0.root["object"]?.string == "chat.completion.chunk" })
        #expect(record.choices.first?["delta"]?["role"]?.string == "assistant")
        let usages = record.chunks.map { $0.root["usage"] }
        if includesUsage {
            #expect(usages.dropLast().allSatisfy { $0?.isNull ?? false })
            #expect(usages.last??.kind == .object)
            #expect(record.last?["choices"].map { Array($0.elements).isEmpty } == true)
        } else {
            #expect(usages.allSatisfy { $0 == nil })
        }
        let withExtras = record.chunks.filter { $0.root["request_id"] != nil || $0.root["receipt"] != nil }
        #expect(withExtras.count == 1)
        #expect(record.last?["request_id"]?.string == Self.traceID.description)
        #expect(record.last?["receipt"]?["trace_id"]?.string == Self.traceID.description)
    }

    @Test("What the model said is what the client reads, whatever way it is cut", arguments: UInt64(0)..<60)
    func content(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pieces = (0..<Int.random(in: 0...12, using: &generator)).map { _ in String.random(using: &generator) }
        var chunks = Bool.random(using: &generator) ? [Chunks.role] : []
        chunks += pieces.map { Chunks.content($0) }
        if Bool.random(using: &generator) { chunks.append(Chunks.chunk("{}", finish: "stop")) }
        if Bool.random(using: &generator) { chunks.append(Chunks.usage) }
        let whole = pieces.map { Array($0.unicodeScalars) }.joined()
        for includesUsage in [false, true] {
            let (record, _, _) = try relay(chunks, includesUsage: includesUsage)
            #expect(Array(record.text().unicodeScalars) == Array(whole))
            #expect(record.finishReasons == ["stop"])
            checkForm(record, includesUsage: includesUsage)
            for maximum in [1, whole.count - 1, whole.count, whole.count + 1] where maximum > 0 {
                let (record, relay, _) = try relay(chunks, includesUsage: includesUsage, maximum: maximum)
                #expect(Array(record.text().unicodeScalars) == Array(whole.prefix(maximum)))
                #expect(relay.isTruncated == (whole.count > maximum))
                #expect(record.finishReasons == [whole.count > maximum ? "length" : "stop"])
                #expect(record.last?["truncated"]?.bool == (whole.count > maximum ? true : nil))
                checkForm(record, includesUsage: includesUsage)
            }
        }
    }

    @Test("Chunks that are as they must be pass as the bytes that they came as")
    func untouched() throws {
        let chunks = [Chunks.role, Chunks.chunk(#"{ "content" : "\u0061" , "own":[1] }"#)]
        let (_, _, bytes) = try relay(chunks)
        #expect(bytes.prefix(2).map { String(decoding: $0, as: UTF8.self) } == chunks)
        let withUsage = [
            Chunks.chunk(#"{"role":"assistant"}"#, usage: "null"), Chunks.chunk(#"{"content":"x"}"#, usage: "null"),
        ]
        #expect(
            try relay(withUsage, includesUsage: true).bytes.prefix(2).map { String(decoding: $0, as: UTF8.self) }
                == withUsage)
    }

    static let identities = [
        [
            Chunks.chunk(#"{"role":"assistant"}"#, id: "a", created: 1),
            Chunks.chunk(#"{"content":"x"}"#, id: "b", created: 2),
        ],
        [
            Chunks.chunk(#"{"content":"x"}"#, id: "chatcmpl-a", created: 1),
            Chunks.chunk(#"{"content":"y"}"#, id: "chatcmpl-b", created: 2),
        ],
        [#"{"choices":[{"delta":{"content":"x"}}]}"#, #"{"id":null,"created":"soon","choices":[{"delta":{}}]}"#],
        [#"{"object":"other","choices":[{"index":0,"delta":{"role":null,"content":"x"}}]}"#],
        [], [Chunks.usage], [#"{"choices":[]}"#, #"{}"#, #"{"choices":"none"}"#],
        [
            #"{"id":"chatcmpl-a","created":1,"request_id":"forged","receipt":{"trace_id":"forged"},"choices":[{"index":0,"delta":{"role":"assistant"}}]}"#
        ],
    ]

    @Test("All chunks have one identity, one time, a role first, and ours alone at the end", arguments: identities)
    func identity(_ chunks: [String]) throws {
        for includesUsage in [false, true] {
            let (record, _, _) = try relay(chunks, includesUsage: includesUsage)
            checkForm(record, includesUsage: includesUsage)
        }
    }

    @Test("A usable identity of the provider's is kept, and ours stands in for any other")
    func keepsIdentity() throws {
        #expect(try relay([Chunks.content("x")]).record.last?["id"]?.string == "chatcmpl-up")
        #expect(try relay([Chunks.content("x")]).record.last?["created"]?.int == 5)
        let ours = Completion.id(Self.traceID)
        #expect(try relay([Chunks.chunk("{}", id: "gen-1")]).record.last?["id"]?.string == ours)
        #expect(ours.hasPrefix("chatcmpl-") && !ours.dropFirst(9).contains("-"))
    }

    @Test("The chunk that ends the answer carries what we add, and keeps its own")
    func finishChunk() throws {
        let end = Chunks.chunk(#"{"content":"!"}"#, finish: "tool_calls")
        let (record, relay, _) = try relay([Chunks.role, end, Chunks.usage])
        #expect(record.chunks.count == 2)
        #expect(record.text() == "!" && record.finishReasons == ["tool_calls"] && relay.finishReason == "tool_calls")
        #expect(relay.usage == Usage(promptTokens: 7, completionTokens: 2))
        #expect(record.last?["route_decision"]?["reason"]?.string == "no_match")
    }

    @Test("Usage goes to who asked for it, the provider's before ours")
    func usage() throws {
        let asked = try relay(Chunks.answer("x"), includesUsage: true).record
        #expect(asked.last?["usage"]?["total_tokens"]?.int == 9)
        let uncounted = try relay([Chunks.role, Chunks.content("x")], includesUsage: true).record
        #expect(uncounted.last?["usage"]?["total_tokens"]?.int == 2)
        let inline = [
            Chunks.role,
            Chunks.chunk(#"{"content":"x"}"#, finish: "stop", usage: #"{"prompt_tokens":4,"completion_tokens":1}"#),
        ]
        checkForm(try relay(inline).record, includesUsage: false)
        let last = try relay(inline, includesUsage: true).record
        checkForm(last, includesUsage: true)
        #expect(last.last?["usage"]?["total_tokens"]?.int == 5)
    }

    static let absurdUsages = [
        #"{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807}"#, #"{"prompt_tokens":-1}"#,
        #"{"prompt_tokens":1,"completion_tokens":-9223372036854775808}"#, #"{"prompt_tokens":"7"}"#, "{}", "7", "null",
    ]

    @Test("Usage that cannot be is as none", arguments: absurdUsages)
    func absurd(_ usage: String) throws {
        let chunks = [Chunks.role, Chunks.chunk(#"{"content":"x"}"#, finish: "stop", usage: usage)]
        let (record, relay, _) = try relay(chunks, includesUsage: true)
        #expect(relay.usage == nil)
        #expect(record.last?["usage"]?["total_tokens"]?.int == 2)
    }

    @Test("Several choices keep apart, each with its own end")
    func choices() throws {
        let chunks = [
            Chunks.chunk(#"{"role":"assistant"}"#, index: 0), Chunks.chunk(#"{"role":"assistant"}"#, index: 1),
            Chunks.content("a", index: 0), Chunks.content("1", index: 1), Chunks.content("b", index: 0),
            Chunks.chunk("{}", finish: "stop", index: 0), Chunks.content("2", index: 1),
            Chunks.chunk("{}", finish: "length", index: 1),
        ]
        for includesUsage in [false, true] {
            let (record, _, _) = try relay(chunks, includesUsage: includesUsage, maximum: 2)
            #expect(record.text(of: 0) == "ab" && record.text(of: 1) == "12")
            #expect(record.finishReasons == ["stop", "length"])
            checkForm(record, includesUsage: includesUsage)
        }
    }

    @Test("Where one of several choices is too long, every choice that is still open is ended")
    func truncatedChoices() throws {
        let chunks = [
            Chunks.chunk(#"{"role":"assistant"}"#, index: 0), Chunks.content("a", index: 0),
            Chunks.content("x", index: 2),
            Chunks.chunk("{}", finish: "stop", index: 0), Chunks.content("b", index: 1),
            Chunks.content("123", index: 2),
        ]
        let (record, _, _) = try relay(chunks, maximum: 2)
        #expect(record.text(of: 2) == "x1")
        let ends = record.choices.filter { $0["finish_reason"]?.string != nil }
        #expect(ends.compactMap { $0["index"]?.int } == [0, 1, 2])
        #expect(record.finishReasons == ["stop", "length", "length"])
        checkForm(record, includesUsage: false)
    }

    @Test("A cut never falls inside of a scalar, and may fall inside of an emoji's sequence")
    func scalars() throws {
        let (record, _, _) = try relay([Chunks.content("👩‍👩‍👧é")], maximum: 2)
        #expect(Array(record.text().unicodeScalars) == ["\u{1F469}", "\u{200D}"])
    }

    @Test("Line feeds in the provider's white space do not break an event")
    func lineFeeds() throws {
        let chunk = Chunks.content("a\nb").replacing(",\"object\"", with: "\n\n,\r\n\"object\"")
        let (record, _, _) = try relay([Chunks.role, chunk, Chunks.chunk("{}", finish: "stop")])
        #expect(record.text() == "a\nb")
    }

    @Test("All that a model writes is counted, whatever stands beside it, as in a whole answer")
    func counts() throws {
        let call = #"{"function":{"name":"fn","arguments":"{}"}}"#
        let deltas = [
            #"{"role":"assistant","content":"","reasoning_content":"abc"}"#,
            #"{"content":"de","reasoning":"f"}"#, #"{"content":null,"refusal":"gh"}"#,
            #"{"content":"","tool_calls":[\#(call)]}"#, #"{"function_call":{"name":"i","arguments":"jk"}}"#,
        ]
        let (_, relay, _) = try relay(deltas.map { Chunks.chunk($0) } + [Chunks.chunk("{}", finish: "stop")])
        #expect(relay.count.tokens == 3 + 2 + 1 + 2 + 4 + 3)
        let message =
            #"{"reasoning_content":"abc","content":"de","reasoning":"f","refusal":"gh","tool_calls":[\#(call)],"#
            + #""function_call":{"name":"i","arguments":"jk"}}"#
        let whole = try ProviderAnswer(
            try JSONDocument(parsing: Array(#"{"choices":[{"message":\#(message)}]}"#.utf8)))
        #expect(whole.tokens(by: TokenCounter(fallback: ByteFallbackCounter(margin: 1))) == relay.count.tokens)
    }

    @Test("As many choices as somebody invents take no more than those that can be asked for")
    func inventedChoices() throws {
        let chunks = (0..<2000).map { Chunks.content("x", index: $0 * 1000) }
        let (_, relay, _) = try relay(chunks)
        #expect(relay.count.tokens == 2000)
    }
}
