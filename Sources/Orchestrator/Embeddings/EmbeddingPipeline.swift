package import OrchCore
package import OrchProviders
package import OrchReceipts
import OrchTokens

/// The way of an embeddings request: checked, answered by the built-in embedder or passed on, receipted.
package struct EmbeddingPipeline: Sendable {
    /// nil where no model can be asked.
    private let gateway: ModelGateway?
    private let model: String
    private let aliases: [String: String]
    private let builtIn: [String: BuiltInEmbedder]
    /// Whether the model server is on another machine.
    private let asksOtherMachines: Bool
    private let recorder: Recorder
    private let pins: @Sendable () -> Pins

    /// - Parameters:
    ///   - gateway: nil where no model can be asked.
    ///   - model: For requests that name none, where a model can be asked: ORCH_MODEL_EMBED.
    ///   - aliases: ORCH_MODEL_ALIASES.
    ///   - builtIn: The embedders of this process, by the names that requests may use for them.
    package init(
        gateway: ModelGateway?, model: String, aliases: [String: String] = [:],
        builtIn: [String: BuiltInEmbedder] = [:], asksOtherMachines: Bool, recorder: Recorder,
        pins: @escaping @Sendable () -> Pins
    ) {
        self.gateway = gateway
        self.model = model
        self.aliases = aliases
        self.builtIn = builtIn
        self.asksOtherMachines = asksOtherMachines
        self.recorder = recorder
        self.pins = pins
    }

    /// Answers an `embeddings` body.
    package func answer(_ body: [UInt8], caller: Caller) async throws -> (body: [UInt8], traceID: TraceID?) {
        let request = try checked(body)
        if let embedder = builtIn[request.model] {
            return try await answer(try EmbeddingInput(request.root), by: embedder, body, caller)
        }
        guard let gateway else {
            throw ProviderError(
                .notReady,
                "no model server is configured: set ORCH_LLM_ENABLED=1 and a provider that has the model, or ask for "
                    + "\"\(BuiltInEmbedder.standardName)\"")
        }
        let outgoing = outgoing(request, body)
        var trace = recorder.begin(route: "embeddings", caller: caller, pins: pins(), request: body)
        do {
            if asksOtherMachines { try await recorder.open(&trace) }
            let outcome = await gateway.embed(model: request.model) { _ in outgoing }
            // A name that the caller made up is the caller's text, which receipts do not hold.
            var facts = outcome.facts
            if request.model != model { facts.model = "named_by_caller" }
            let document: JSONDocument
            do throws(ProviderError) { document = try outcome.result.get() } catch {
                trace.addCall(facts, outcome: error.codeName, usage: nil)
                throw error
            }
            trace.addCall(facts, outcome: "ok", usage: Usage(document.root["usage"]))
            trace.commit(.answer, to: document.bytes)
            let receipt = try await recorder.close(&trace, .ok)
            return (document.bytes, receipt?.traceID)
        } catch let error as ProviderError {
            trace.add(error: error)
            let receipt = try await recorder.close(&trace, error.code == .cancelled ? .cancelled : .failed)
            throw TracedFailure(error: error, traceID: receipt?.traceID)
        }
    }

    /// Answers in this process.
    private func answer(
        _ input: EmbeddingInput, by embedder: BuiltInEmbedder, _ body: [UInt8], _ caller: Caller
    ) async throws -> (body: [UInt8], traceID: TraceID?) {
        var trace = recorder.begin(route: "embeddings", caller: caller, pins: pins(), request: body)
        let model: BuiltInEmbedder.Model
        do throws(EmbeddingError) { model = try await embedder.model() } catch {
            throw try await recorder.fail(&trace, error, wasCancelled: error.code == .cancelled)
        }
        if let asked = input.dimensions, asked != model.dimensions {
            throw PipelineError(
                .invalidValue, "\(embedder.name) has \(model.dimensions) dimensions, and no other number of them",
                parameter: "dimensions")
        }
        var facts = CallFacts(provider: BuiltInEmbedder.provider, model: embedder.name)
        facts.attempts = 1
        let start = ContinuousClock.now
        let vectors: [[Float]]
        do throws(EmbeddingError) { vectors = try await embedder.vectors(input.texts) } catch {
            facts.latency = start.duration(to: .now)
            trace.addCall(facts, outcome: error.codeName, usage: nil)
            throw try await recorder.fail(&trace, error, wasCancelled: error.code == .cancelled)
        }
        facts.latency = start.duration(to: .now)
        // Thousands of vectors take a while to write, which would hold up the connections of this event loop.
        let (tokens, bytes) = await withTaskExecutorPreference(globalConcurrentExecutor) {
            let tokens = input.texts.reduce(0) { $0 + model.tokens($1) }
            let answer = EmbeddingAnswer(
                model: embedder.name, vectors: vectors, tokens: tokens, isBase64: input.isBase64)
            return (tokens, answer.json)
        }
        trace.addCall(facts, outcome: "ok", usage: Usage(promptTokens: tokens, completionTokens: 0))
        trace.commit(.answer, to: bytes)
        let receipt = try await recorder.close(&trace, .ok)
        return (bytes, receipt?.traceID)
    }

    /// A body whose form is right, and the model that it asks for.
    private struct Request {
        let root: JSONNode
        let model: String
        /// Whether the body names that model itself.
        let isNamed: Bool
    }

    private func checked(_ body: [UInt8]) throws(PipelineError) -> Request {
        let root: JSONNode
        do throws(JSONError) { root = try JSONDocument(parsing: body).root } catch {
            throw PipelineError(.invalidJSON, "the body is not valid JSON: \(error.message)")
        }
        guard root.kind == .object else { throw .wrongType("body", expected: "an object", found: root.kind) }
        guard let input = root["input"] else { throw .missing("input") }
        guard input.kind == .string || input.kind == .array else {
            throw .wrongType("input", expected: "a string or an array", found: input.kind)
        }
        if let format = root["encoding_format"], !format.isNull {
            guard let word = format.string, word == "float" || word == "base64" else {
                throw PipelineError(
                    .invalidValue, "encoding_format must be float or base64", parameter: "encoding_format")
            }
        }
        let named = root["model"]
        guard named == nil || named?.kind == .string || named?.isNull ?? false else {
            throw .wrongType("model", expected: "a string", found: named?.kind ?? .null)
        }
        let asked = named?.string.flatMap { $0.isEmpty ? nil : $0 }
        let standard = gateway == nil ? BuiltInEmbedder.standardName : self.model
        let model = asked.map { aliases[$0] ?? $0 } ?? standard
        return Request(root: root, model: model, isNamed: asked == model)
    }

    /// The body to send.
    private func outgoing(_ request: Request, _ body: [UInt8]) -> [UInt8] {
        guard !request.isNamed else { return body }
        var writer = JSONWriter(capacity: body.count + 64)
        writer.beginObject()
        writer.member("model", request.model)
        for member in request.root.members where !member.keyEquals("model") { writer.raw(body[member.range]) }
        writer.endObject()
        return writer.bytes
    }
}
