import OrchCore
import OrchProviders
import OrchReceipts
import Testing

@testable import OrchOrchestrator

@Suite("Embeddings")
struct EmbeddingPipelineTests {
    private func answer(
        _ bench: Bench, _ body: String, provider: FakeModel?, elsewhere: Bool = false, allowed: Set<String> = []
    ) async throws -> String {
        let gateway = provider.map {
            ModelGateway(
                provider: $0,
                policy: ModelGateway.Policy(allowedModels: allowed, backoff: .zero, timeout: .seconds(5)),
                breakers: CircuitBreakers(maximumFailures: 9, resetAfter: .seconds(1)))
        }
        let pipeline = EmbeddingPipeline(
            gateway: gateway, model: "embedder", aliases: ["small": "embedder"], asksOtherMachines: elsewhere,
            recorder: bench.recorder, pins: { Bench.pins })
        let (bytes, traceID) = try await pipeline.answer(Array(body.utf8), caller: Bench.caller)
        bench.timeline.add("answered")
        #expect(traceID?.description == bench.log.entries.last?.traceID)
        return String(decoding: bytes, as: UTF8.self)
    }

    static let bodies: [(String, String, String)] = [
        (#"{"input":"canary"}"#, #"{"model":"embedder","input":"canary"}"#, "embedder"),
        (
            #"{"model":"","input":["canary"],"dimensions":3}"#,
            #"{"model":"embedder","input":["canary"],"dimensions":3}"#, "embedder"
        ),
        (#"{ "input":"canary", "model":"embedder" }"#, #"{ "input":"canary", "model":"embedder" }"#, "embedder"),
        (
            #"{"model":"canary","input":[1,2],"encoding_format":"base64"}"#,
            #"{"model":"canary","input":[1,2],"encoding_format":"base64"}"#, "named_by_caller"
        ),
        (
            #"{"input":"x","encoding_format":null}"#, #"{"model":"embedder","input":"x","encoding_format":null}"#,
            "embedder"
        ),
    ]

    @Test("Go to the provider with a model named, come back as they are, and are receipted first", arguments: bodies)
    func passes(_ body: String, _ sent: String, _ recorded: String) async throws {
        let bench = try Bench()
        #expect(try await answer(bench, body, provider: bench.model) == FakeModel.Script().embedding)
        #expect(bench.model.embedded == [sent])
        #expect(bench.timeline.events == ["asked", "commit whole", "committed whole", "answered"])
        let call = try #require(bench.log.steps(.llmProvider).first)
        #expect(call["model"]?.stringValue == recorded && call["prompt_tokens"] == 3 && call["outcome"] == "ok")
        #expect(!bench.log.text.contains("canary"))
    }

    @Test("An alias stands for its model, and a model that is not allowed is not asked")
    func governed() async throws {
        let bench = try Bench()
        _ = try await answer(bench, #"{"input":"x","model":"small"}"#, provider: bench.model, allowed: ["embedder"])
        #expect(bench.model.embedded == [#"{"model":"embedder","input":"x"}"#])
        await #expect {
            _ = try await answer(bench, #"{"input":"x","model":"other"}"#, provider: bench.model, allowed: ["embedder"])
        } throws: { error in
            (error as? TracedFailure)?.error.codeName == "model_not_allowlisted"
        }
        #expect(bench.model.embedded.count == 1)
    }

    @Test("Are receipted before they go to another machine")
    func elsewhere() async throws {
        let bench = try Bench()
        _ = try await answer(bench, #"{"input":"x"}"#, provider: bench.model, elsewhere: true)
        #expect(
            bench.timeline.events == [
                "commit opening", "committed opening", "asked", "commit closing", "committed closing", "answered",
            ])
        let down = try Bench { $0.failing = [.opening] }
        await #expect(throws: ReceiptError.self) {
            _ = try await answer(down, #"{"input":"x"}"#, provider: down.model, elsewhere: true)
        }
        #expect(down.model.embedded.isEmpty)
    }

    static let refusals: [(String, PipelineError)] = [
        (
            "nonsense",
            PipelineError(.invalidJSON, "the body is not valid JSON: unexpected word at line 1 column 1 (byte 0)")
        ),
        ("3", PipelineError(.invalidType, "body must be an object, not a number", parameter: "body")),
        ("{}", PipelineError(.missingParameter, "input is required", parameter: "input")),
        (
            #"{"input":{}}"#,
            PipelineError(.invalidType, "input must be a string or an array, not an object", parameter: "input")
        ),
        (
            #"{"input":null}"#,
            PipelineError(.invalidType, "input must be a string or an array, not null", parameter: "input")
        ),
        (
            #"{"input":"x","encoding_format":"hex"}"#,
            PipelineError(.invalidValue, "encoding_format must be float or base64", parameter: "encoding_format")
        ),
        (
            #"{"input":"x","encoding_format":1}"#,
            PipelineError(.invalidValue, "encoding_format must be float or base64", parameter: "encoding_format")
        ),
        (
            #"{"input":"x","model":1}"#,
            PipelineError(.invalidType, "model must be a string, not a number", parameter: "model")
        ),
    ]

    @Test("That are asked for wrongly are refused, naming the field", arguments: refusals)
    func refuses(_ body: String, _ expected: PipelineError) async throws {
        let bench = try Bench()
        await #expect(throws: expected) { _ = try await answer(bench, body, provider: bench.model) }
        #expect(bench.log.entries.isEmpty && bench.model.embedded.isEmpty)
    }

    @Test("That fail are receipted, then told", arguments: [ProviderError.Code.unsupported, .cancelled])
    func fails(_ code: ProviderError.Code) async throws {
        let bench = try Bench { $0.script.failure = ProviderError(code, "canary") }
        let failure = await #expect(throws: TracedFailure.self) {
            _ = try await answer(bench, #"{"input":"x"}"#, provider: bench.model)
        }
        #expect((failure?.error as? ProviderError)?.code == code)
        #expect(failure?.traceID?.description == bench.log.entries.last?.traceID)
        #expect(bench.log.status == (code == .cancelled ? "cancelled" : "failed"))
        #expect(bench.log.steps(.llmProvider).count == 1 && !bench.log.text.contains("canary"))
    }

    @Test("Without a model say which setting turns one on; without receipts give no answer")
    func unavailable() async throws {
        let bench = try Bench()
        let error = await #expect(throws: ProviderError.self) {
            _ = try await answer(bench, #"{"input":"x"}"#, provider: nil)
        }
        #expect(error?.code == .notReady && error?.message.contains("ORCH_LLM_ENABLED") == true)
        let down = try Bench { $0.failing = [.whole] }
        await #expect(throws: ReceiptError.self) { _ = try await answer(down, #"{"input":"x"}"#, provider: down.model) }
    }
}
