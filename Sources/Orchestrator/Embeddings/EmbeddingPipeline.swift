package import OrchCore
package import OrchProviders
package import OrchReceipts
import OrchTokens

/// The way of an embeddings request: checked, passed on, receipted.
package struct EmbeddingPipeline: Sendable {
    /// nil where no model can be asked.
    private let gateway: ModelGateway?
    private let model: String
    private let aliases: [String: String]
    /// Whether the model server is on another machine.
    private let asksOtherMachines: Bool
    private let recorder: Recorder
    private let pins: @Sendable () -> Pins

    /// - Parameters:
    ///   - gateway: nil where no model can be asked.
    ///   - model: ORCH_MODEL_EMBED, for requests that name none.
    ///   - aliases: ORCH_MODEL_ALIASES.
    package init(
        gateway: ModelGateway?, model: String, aliases: [String: String] = [:], asksOtherMachines: Bool,
        recorder: Recorder, pins: @escaping @Sendable () -> Pins
    ) {
        self.gateway = gateway
        self.model = model
        self.aliases = aliases
        self.asksOtherMachines = asksOtherMachines
        self.recorder = recorder
        self.pins = pins
    }

    /// Answers an `embeddings` body with the provider's answer.
    package func answer(_ body: [UInt8], caller: Caller) async throws -> (body: [UInt8], traceID: TraceID?) {
        let request = try checked(body)
        guard let gateway else {
            throw ProviderError(
                .notReady, "no embedding model is configured: set ORCH_LLM_ENABLED=1 and a provider that has one")
        }
        var trace = recorder.begin(route: "embeddings", caller: caller, pins: pins(), request: body)
        do {
            if asksOtherMachines { try await recorder.open(&trace) }
            let outcome = await gateway.embed(model: request.model) { _ in request.body }
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

    /// The body to send, and the model that it asks for.
    private func checked(_ body: [UInt8]) throws(PipelineError) -> (body: [UInt8], model: String) {
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
        let model = asked.map { aliases[$0] ?? $0 } ?? self.model
        if asked == model { return (body, model) }
        var writer = JSONWriter(capacity: body.count + 64)
        writer.beginObject()
        writer.member("model", model)
        for member in root.members where !member.keyEquals("model") { writer.raw(body[member.range]) }
        writer.endObject()
        return (writer.bytes, model)
    }
}
