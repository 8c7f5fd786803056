import OrchCore
import OrchProviders
import OrchReceipts
import Testing

@testable import OrchOrchestrator

@Suite("Embeddings of this process")
struct BuiltInEmbedderTests {
    private func answer(
        _ bench: Bench, _ body: String, _ embedder: FakeEmbedder = FakeEmbedder(), hasProvider: Bool = false,
        elsewhere: Bool = false
    ) async throws -> [UInt8] {
        let gateway = ModelGateway(
            provider: bench.model, policy: ModelGateway.Policy(backoff: .zero, timeout: .seconds(5)),
            breakers: CircuitBreakers(maximumFailures: 9, resetAfter: .seconds(1)))
        let pipeline = EmbeddingPipeline(
            gateway: hasProvider ? gateway : nil, model: "embedder", aliases: ["small": "builtin", "other": "tiny"],
            builtIn: embedder.named, asksOtherMachines: elsewhere, recorder: bench.recorder, pins: { Bench.pins })
        let (bytes, traceID) = try await pipeline.answer(Array(body.utf8), caller: Bench.caller)
        bench.timeline.add("answered")
        #expect(traceID?.description == bench.log.entries.last?.traceID)
        return bytes
    }

    @Test("Have OpenAI's form, and are receipted before they leave")
    func form() async throws {
        let bench = try Bench()
        let bytes = try await answer(bench, #"{"input":["canary","b"],"model":"tiny","user":"u"}"#)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[6.0,-0.1,0.33333334,1e-09]},"#
                + #"{"object":"embedding","index":1,"embedding":[1.0,-0.1,0.33333334,1e-09]}],"model":"tiny","#
                + #""usage":{"prompt_tokens":7,"total_tokens":7}}"#)
        #expect(bench.timeline.events == ["commit whole", "committed whole", "answered"])
        let call = try #require(bench.log.steps(.llmProvider).first)
        #expect(call["provider"] == "builtin" && call["model"] == "tiny" && call["outcome"] == "ok")
        #expect(call["prompt_tokens"] == 7 && call["attempts"] == 1)
        #expect(bench.log.steps(.egress).isEmpty && !bench.log.text.contains("canary"))
    }

    @Test("Say the same in base 64 as in decimals")
    func base64() async throws {
        let bench = try Bench()
        let decimals = try JSONDocument(parsing: try await answer(bench, #"{"input":"canary"}"#)).root
        let base64 = try JSONDocument(
            parsing: try await answer(bench, #"{"input":"canary","encoding_format":"base64"}"#)
        ).root
        let numbers = try #require(decimals["data"]?.elements.map(\.self).first?["embedding"]).elements
            .compactMap { $0.double.map { Float($0) } }
        let text = try #require(base64["data"]?.elements.map(\.self).first?["embedding"]?.string)
        let bytes = try #require(Base64.decode(text))
        let read = stride(from: 0, to: bytes.count, by: 4).map { start in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
        }
        #expect(numbers == FakeEmbedder.vector("canary") && read == numbers)
    }

    static let takers = [
        (#"{"input":"x"}"#, false, true), (#"{"input":"x"}"#, true, false),
        (#"{"input":"x","model":null}"#, true, false), (#"{"input":"x","model":"builtin"}"#, true, true),
        (#"{"input":"x","model":"tiny","dimensions":4}"#, true, true), (#"{"input":"x","model":"small"}"#, true, true),
        (#"{"input":"x","model":"other"}"#, false, true), (#"{"input":"x","model":"Tiny"}"#, true, false),
    ]

    @Test("Are made for who names them, and where no model can be asked for who names none", arguments: takers)
    func chosen(_ body: String, _ hasProvider: Bool, _ isOurs: Bool) async throws {
        let bench = try Bench()
        let embedder = FakeEmbedder()
        _ = try await answer(bench, body, embedder, hasProvider: hasProvider)
        #expect(embedder.calls == (isOurs ? [["x"]] : []))
        #expect(bench.model.embedded.isEmpty == isOurs)
    }

    @Test("Need no opening receipt, for nothing leaves the machine")
    func noOpening() async throws {
        let bench = try Bench()
        _ = try await answer(bench, #"{"input":"x","model":"tiny"}"#, hasProvider: true, elsewhere: true)
        #expect(bench.timeline.events == ["commit whole", "committed whole", "answered"])
    }

    static let tooMany = #"{"input":["# + Array(repeating: #""x""#, count: 2049).joined(separator: ",") + "]}"
    static let refusals: [(String, PipelineError)] = [
        (
            #"{"input":[]}"#,
            PipelineError(
                .emptyArray,
                "Invalid 'input': empty array. Expected an array with minimum length 1, but got an empty array instead.",
                parameter: "input")
        ),
        (
            #"{"input":""}"#,
            PipelineError(
                .emptyString,
                "Invalid 'input': string too short. Expected a string with minimum length 1, but got an empty string "
                    + "instead.", parameter: "input")
        ),
        (
            #"{"input":["a",""]}"#,
            PipelineError(
                .emptyString,
                "Invalid 'input[1]': string too short. Expected a string with minimum length 1, but got an empty string "
                    + "instead.", parameter: "input[1]")
        ),
        (
            tooMany,
            PipelineError(
                .arrayTooLong,
                "Invalid 'input': array too long. Expected an array with maximum length 2048, but got an array with "
                    + "length 2049 instead.", parameter: "input")
        ),
        (
            #"{"input":[1,2]}"#,
            PipelineError(
                .invalidType, "input[0] must be a string: the built-in embedder takes texts, not tokens",
                parameter: "input[0]")
        ),
        (
            #"{"input":["a",[1]]}"#,
            PipelineError(
                .invalidType, "input[1] must be a string: the built-in embedder takes texts, not tokens",
                parameter: "input[1]")
        ),
        (
            #"{"input":[null]}"#,
            PipelineError(.invalidType, "input[0] must be a string, not null", parameter: "input[0]")
        ),
        (
            #"{"input":"x","dimensions":3}"#,
            PipelineError(
                .invalidValue, "tiny has 4 dimensions, and no other number of them", parameter: "dimensions")
        ),
        (
            #"{"input":"x","dimensions":"4"}"#,
            PipelineError(.invalidType, "dimensions must be a number, not a string", parameter: "dimensions")
        ),
        (
            #"{"input":"x","dimensions":4.5}"#,
            PipelineError(.invalidValue, "dimensions must be a whole number above 0", parameter: "dimensions")
        ),
    ]

    @Test("That are asked for wrongly are refused, naming the field", arguments: refusals)
    func refuses(_ body: String, _ expected: PipelineError) async throws {
        let bench = try Bench()
        let embedder = FakeEmbedder()
        await #expect(throws: expected) { _ = try await answer(bench, body, embedder) }
        #expect(bench.log.entries.isEmpty && embedder.calls.isEmpty)
    }

    @Test("As many texts as may be are taken")
    func most() async throws {
        let texts = Array(repeating: #""x""#, count: 2048).joined(separator: ",")
        let bytes = try await answer(try Bench(), #"{"input":[\#(texts)]}"#)
        #expect(try JSONDocument(parsing: bytes).root["data"]?.elements.map(\.self).count == 2048)
    }

    @Test("That fail are receipted, then told", arguments: [EmbeddingError.Code.queueFull, .inputTooLarge, .cancelled])
    func fails(_ code: EmbeddingError.Code) async throws {
        let bench = try Bench()
        let failure = await #expect(throws: TracedFailure.self) {
            _ = try await answer(bench, #"{"input":"x"}"#, FakeEmbedder(failure: EmbeddingError(code, "canary")))
        }
        #expect((failure?.error as? EmbeddingError)?.code == code)
        #expect(failure?.traceID?.description == bench.log.entries.last?.traceID)
        #expect(bench.log.status == (code == .cancelled ? "cancelled" : "failed"))
        #expect(bench.log.steps(.llmProvider).first?["outcome"]?.stringValue == code.name)
        #expect(!bench.log.text.contains("canary"))
    }

    @Test("Without the model's files say how to get them; without receipts give no answer")
    func unavailable() async throws {
        let bench = try Bench()
        let missing = EmbeddingError(.unavailable, "run ./scripts/assets install")
        let failure = await #expect(throws: TracedFailure.self) {
            _ = try await answer(bench, #"{"input":"x"}"#, FakeEmbedder(loading: missing))
        }
        #expect(failure?.error as? EmbeddingError == missing)
        #expect(bench.log.status == "failed" && failure?.traceID != nil)
        let down = try Bench { $0.failing = [.whole] }
        await #expect(throws: ReceiptError.self) { _ = try await answer(down, #"{"input":"x"}"#) }
    }
}
