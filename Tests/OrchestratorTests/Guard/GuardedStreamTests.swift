import OrchCore
import OrchProviders
import OrchReceipts
import Testing

@testable import OrchOrchestrator

@Suite("A streamed answer under a guard")
struct GuardedStreamTests {
    private static let token = GuardedAnswerTests.token
    private static let text = "Grüße 😀: the token is \(token), the card \(GuardedAnswerTests.card). Bye, „you“."
    private static let clean = "Grüße 😀: the token is [REDACTED], the card [REDACTED]. Bye, „you“."

    private func stream(_ action: OutputGuard.Action?, _ chunks: [String], _ more: String = "") async throws -> (
        StreamRecord, Bench
    ) {
        let bench = try Bench {
            $0.outputGuard = action
            $0.script.chunks = chunks
        }
        let record = try await bench.stream(Bench.body("hello", #""stream":true\#(more)"#))
        return (record, bench)
    }

    /// The text in pieces of so many scalars.
    private func pieces(_ text: String, _ size: Int) -> [String] {
        let scalars = Array(text.unicodeScalars)
        return stride(from: 0, to: scalars.count, by: size).map { start in
            var piece = String.UnicodeScalarView()
            piece.append(contentsOf: scalars[start..<min(start + size, scalars.count)])
            return String(piece)
        }
    }

    @Test("However it is cut, the caller gets what the whole text gives", arguments: [1, 2, 3, 5, 7, 16, 40, 1000])
    func cut(_ size: Int) async throws {
        let chunks =
            [Chunks.role] + pieces(Self.text, size).map { Chunks.content($0) } + [
                Chunks.chunk("{}", finish: "stop"), Chunks.usage,
            ]
        let (record, bench) = try await stream(.redact, chunks)
        #expect(record.text() == Self.clean)
        #expect(record.isDone)
        #expect(record.finishReasons == ["stop"])
        let step = try #require(bench.log.steps(.outputGuard).first)
        #expect(step["outcome"] == "redacted")
        #expect(bench.log.commits(.answer, to: Self.clean.utf8))
    }

    @Test("Blocked, it ends in front of what was found, and the model server is let go", arguments: [1, 3, 16, 1000])
    func blocked(_ size: Int) async throws {
        let chunks =
            [Chunks.role] + pieces(Self.text, size).map { Chunks.content($0) } + [
                Chunks.chunk("{}", finish: "stop"), Chunks.usage,
            ]
        let (record, bench) = try await stream(.block, chunks)
        #expect(record.text() == "Grüße 😀: the token is ")
        #expect(record.finishReasons == ["content_filter"])
        #expect(record.isDone)
        #expect(bench.model.cancellations == 1)
        #expect(bench.log.steps(.outputGuard).first?["outcome"] == "blocked")
        #expect(bench.log.steps(.streamEnd).first?["finish_reason"] == "content_filter")
    }

    @Test("A finding at the very end is kept back too")
    func end() async throws {
        let (redacted, _) = try await stream(.redact, Chunks.answer("it is ", Self.token))
        #expect(redacted.text() == "it is [REDACTED]")
        let (blocked, _) = try await stream(.block, Chunks.answer("it is ", Self.token))
        #expect(blocked.text() == "it is ")
        #expect(blocked.finishReasons == ["content_filter"])
    }

    @Test("Text without findings comes whole, with its role and its usage")
    func harmless() async throws {
        let (record, bench) = try await stream(
            .redact, Chunks.answer("Hel", "lo, ", "„you“."), #","stream_options":{"include_usage":true}"#)
        #expect(record.text() == "Hello, „you“.")
        #expect(record.choices.first?["delta"]?["role"]?.string == "assistant")
        #expect(record.last?["usage"]?["prompt_tokens"]?.int == 7)
        #expect(bench.log.steps(.outputGuard) == [["action": "redact", "findings": [:], "outcome": "passed"]])
    }

    @Test("Text does not wait for the end where nothing can begin in it")
    func flows() async throws {
        let long = String(repeating: "Nothing of that kind is here. ", count: 40)
        let chunks = [Chunks.role] + pieces(long, 12).map { Chunks.content($0) }
        let (record, _) = try await stream(.redact, chunks)
        #expect(record.text() == long)
        #expect(record.choices.count > 60)
    }

    @Test("What it thinks and what it says are two texts")
    func channels() async throws {
        let half = Self.token.count / 2
        let (first, second) = (Self.token.prefix(half), Self.token.dropFirst(half))
        let (record, _) = try await stream(
            .redact,
            [
                Chunks.role, Chunks.chunk(#"{"reasoning_content":"key \#(first)"}"#), Chunks.content("Say "),
                Chunks.chunk(#"{"reasoning_content":"\#(second) done"}"#), Chunks.content("it."),
                Chunks.chunk("{}", finish: "stop"),
            ])
        #expect(record.text() == "Say it.")
        let thought = record.choices.compactMap { $0["delta"]?["reasoning_content"]?.string }.joined()
        #expect(thought == "key [REDACTED] done")
    }

    @Test("Calls of tools come whole at the end of their choice, their arguments clean and still JSON")
    func calls() async throws {
        let arguments = #"{"to":"you","token":"\#(Self.token)"}"#
        var chunks = [
            Chunks.chunk(
                #"{"role":"assistant","tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"send","arguments":""}}]}"#
            )
        ]
        chunks += pieces(arguments, 4).map {
            Chunks.chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":\#(Chunks.quoted($0))}}]}"#)
        }
        chunks.append(Chunks.chunk("{}", finish: "tool_calls"))
        let (record, _) = try await stream(.redact, chunks)
        let calls = record.choices.compactMap { $0["delta"]?["tool_calls"] }
        #expect(calls.count == 1)
        let call = try #require(calls.first?.elements.first { _ in true })
        #expect(call["id"]?.string == "c1")
        #expect(call["function"]?["name"]?.string == "send")
        #expect(call["function"]?["arguments"]?.string == #"{"to":"you","token":"[REDACTED]"}"#)
        #expect(record.finishReasons == ["tool_calls"])

        let (blocked, _) = try await stream(.block, chunks)
        #expect(blocked.choices.allSatisfy { $0["delta"]?["tool_calls"] == nil })
        #expect(blocked.finishReasons == ["content_filter"])
    }

    @Test("Of two choices one may be blocked while the other goes on")
    func choices() async throws {
        let chunks = [
            Chunks.content("a ", index: 0), Chunks.content("b ", index: 1), Chunks.content(Self.token, index: 0),
            Chunks.content(" more ", index: 0), Chunks.content("goes on", index: 1),
            Chunks.chunk("{}", finish: "stop", index: 0), Chunks.chunk("{}", finish: "stop", index: 1),
        ]
        let (record, _) = try await stream(.block, chunks, #","n":2"#)
        #expect(record.text(of: 0) == "a ")
        #expect(record.text(of: 1) == "b goes on")
        #expect(record.finishReasons.sorted() == ["content_filter", "stop"])
    }

    @Test("A server that breaks off leaves nothing that was held")
    func broken() async throws {
        let bench = try Bench {
            $0.outputGuard = .redact
            $0.script.chunks = [Chunks.role, Chunks.content("it is \(Self.token.dropLast())")]
            $0.script.ending = .failure(ProviderError(.unreachable, "it broke off"))
        }
        let record = try await bench.stream(Bench.body("hello", #""stream":true"#))
        #expect(!record.text().contains(Self.token.prefix(12)))
        #expect(record.error != nil)
    }

    @Test("More choices, kinds of text or bytes of calls than can be held end the stream with an error")
    func limits() async throws {
        let kinds = (0..<20).map { Chunks.chunk(#"{"kind\#($0)":"text"}"#) }
        let many = (0..<200).map { Chunks.content("x", index: $0) }
        let large = (0..<3).map { _ in
            Chunks.chunk(
                #"{"tool_calls":[{"index":0,"function":{"arguments":"\#(String(repeating: "x", count: 600_000))"}}]}"#)
        }
        for chunks in [kinds, many, large] {
            let (record, _) = try await stream(.redact, chunks)
            #expect(record.error?["code"]?.string == "provider_malformed_answer")
            #expect(!record.isDone)
        }
    }
}
