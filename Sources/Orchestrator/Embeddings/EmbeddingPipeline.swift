package import OrchCore
package import OrchProviders
import OrchReceipts
import OrchTokens

/// The way of an embeddings request: checked, passed on, receipted.
package struct EmbeddingPipeline: Sendable {
    private let provider: (any ModelProvider)?
    private let model: String
    private let timeout: Duration
    /// Whether the model server is on another machine.
    private let asksOtherMachines: Bool
    private let recorder: Recorder
    private let pins: @Sendable () -> JSONObject

    /// - Parameters:
    ///   - provider: nil where no model can be asked.
    ///   - model: ORCH_MODEL_EMBED, for requests that name none.
    package init(
        provider: (any ModelProvider)?, model: String, timeout: Duration, asksOtherMachines: Bool, recorder: Recorder,
        pins: @escaping @Sendable () -> JSONObject
    ) {
        self.provider = provider
        self.model = model
        self.timeout = timeout
        self.asksOtherMachines = asksOtherMachines
        self.recorder = recorder
        self.pins = pins
    }

    /// Answers an `embeddings` body with the provider's answer.
    package func answer(_ body: [UInt8], caller: Caller) async throws -> (body: [UInt8], traceID: TraceID?) {
        let (outgoing, isOurChoice) = try checked(body)
        guard let provider else {
            throw ProviderError(
                .notReady, "no embedding model is configured: set ORCH_LLM_ENABLED=1 and a provider that has one")
        }
        var trace = recorder.begin(route: "embeddings", caller: caller, pins: pins())
        do {
            if asksOtherMachines { try await recorder.open(&trace) }
            let start = ContinuousClock.now
            // A name that the caller made up is the caller's text, which receipts do not hold.
            var facts = CallFacts(provider: provider.name, model: isOurChoice ? model : "named_by_caller")
            facts.attempts = 1
            let reply: ChatReply
            do throws(ProviderError) { reply = try await provider.embed(outgoing, timeout: timeout) } catch {
                facts.latency = start.duration(to: .now)
                trace.addCall(facts, outcome: error.codeName, usage: nil)
                throw error
            }
            facts.latency = start.duration(to: .now)
            if let connected = reply.connected { facts.connections = [connected] }
            trace.addCall(facts, outcome: "ok", usage: Usage(reply.body.root["usage"]))
            let receipt = try await recorder.close(&trace, .ok)
            return (reply.body.bytes, receipt?.traceID)
        } catch let error as ProviderError {
            trace.add(error: error)
            let receipt = try await recorder.close(&trace, error.code == .cancelled ? .cancelled : .failed)
            throw TracedFailure(error: error, traceID: receipt?.traceID)
        }
    }

    /// The body to send, and whether it asks for our own model.
    private func checked(_ body: [UInt8]) throws(PipelineError) -> (body: [UInt8], isOurChoice: Bool) {
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
        guard named == nil || named?.kind == .string else {
            throw .wrongType("model", expected: "a string", found: named?.kind ?? .null)
        }
        if let name = named?.string, !name.isEmpty { return (body, name == model) }
        var writer = JSONWriter(capacity: body.count + 64)
        writer.beginObject()
        writer.member("model", model)
        for member in root.members where !member.keyEquals("model") { writer.raw(body[member.range]) }
        writer.endObject()
        return (writer.bytes, true)
    }
}
