import OrchCore
import OrchProviders
import Testing

extension ProviderConformance {
    func wholeAnswer() async throws {
        try await withProvider(subject.chatPath, reply(subject.completion)) { provider in
            let root = try await provider.complete(Self.call).body.root
            let choice = root["choices"]?.elements.first { _ in true }
            #expect(root["object"]?.string == "chat.completion")
            #expect(choice?["message"]?["role"]?.string == "assistant")
            #expect(choice?["message"]?["content"]?.string == ProviderSubject.text)
            #expect(choice?["finish_reason"]?.string == "stop")
            #expect(root["usage"]?["prompt_tokens"]?.int == 10)
            #expect(root["usage"]?["completion_tokens"]?.int == 5)
            #expect(root["usage"]?["total_tokens"]?.int == 15)
        }
    }

    func models() async throws {
        try await withProvider(subject.modelsPath, reply(subject.models)) { provider in
            let models = try await provider.models(timeout: .seconds(5))
            #expect(models.prefix(2).map(\.id) == ["one", "two"])
        }
        try await withProvider(subject.modelsPath, reply("{\"unrelated\":1}")) { provider in
            await #expect(throws: ProviderError.self) { _ = try await provider.models(timeout: .seconds(5)) }
        }
    }

    func health() async throws {
        try await withProvider(subject.healthPath, reply(subject.health)) { provider in
            try await provider.checkHealth(timeout: .seconds(5))
        }
        for broken in [
            ScriptedReply.refused, ScriptedReply("{}", status: 500), ScriptedReply("", contentType: "text/html"),
        ] {
            try await withProvider(subject.healthPath, broken) { provider in
                await #expect(throws: ProviderError.self) { try await provider.checkHealth(timeout: .seconds(5)) }
            }
        }
    }

    func embeddings() async throws {
        try await withProvider(subject.embeddingsPath, reply(subject.embeddings)) { provider in
            let body = Array(#"{"model":"m","input":["a","b"]}"#.utf8)
            let root = try await provider.embed(body, timeout: .seconds(5)).body.root
            let vectors = root["data"].map { $0.elements.map { $0["embedding"]?.elements.compactMap(\.double) ?? [] } }
            #expect(vectors == [[1, 2], [3, 4]])
            #expect(root["object"]?.string == "list")
            #expect(root["data"].map { $0.elements.compactMap { $0["index"]?.int } } == [0, 1])
        }
    }

    func stalledAnswer() async throws {
        var call = Self.call
        call.timeout = .milliseconds(150)
        try await withProvider(subject.chatPath, reply("{", ending: .stalled)) { provider in
            #expect(await provider.failureOfComplete(call)?.code == .timedOut)
        }
    }

    func malformedAnswers() async throws {
        for text in ["", "{", "[]", "null", "\"text\"", "{\"a\":1}", subject.completion + "x", "{\"a\":1,\"a\":1}"] {
            try await withProvider(subject.chatPath, reply(text)) { provider in
                #expect(await provider.failureOfComplete(Self.call)?.code == .malformedAnswer, "\(text)")
            }
        }
    }

    func hugeAnswer() async throws {
        let piece = [UInt8](repeating: 0x20, count: 1 << 20)
        let endless = ScriptedReply(pieces: [[UInt8]](repeating: piece, count: 70))
        try await withProvider(subject.chatPath, endless) { provider in
            #expect(await provider.failureOfComplete(Self.call)?.code == .malformedAnswer)
        }
    }

    func serverFails() async throws {
        for status in [500, 502, 504] { try await refuses(status: status, with: .failed, isRetryable: true) }
        try await refuses(status: 408, with: .timedOut, isRetryable: true)
        try await refuses(status: 302, with: .malformedAnswer, isRetryable: false)
    }

    func rateLimited() async throws {
        var reply = ScriptedReply("{}", status: 429)
        reply.retryAfter = 7
        try await refuses(reply, with: .rateLimited, isRetryable: true) { error in
            #expect(error.retryAfter == .seconds(7))
        }
    }

    func cancelledAnswer() async throws {
        try await withProvider(subject.chatPath, reply("{", ending: .stalled)) { provider in
            let error = await cancelling { await provider.failureOfComplete(Self.call) }
            #expect(error?.code == .cancelled)
        }
    }

    /// Runs the work, cancels it a moment later, and expects it to heed that at once.
    func cancelling<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        let result = await withTaskGroup(of: Result.self, returning: Result?.self) { group in
            group.addTask { await work() }
            try? await Task.sleep(for: .milliseconds(50))
            let start = ContinuousClock.now
            group.cancelAll()
            let result = await group.next()
            // At once on an idle machine; the limit only tells a hang from a machine that others use, too.
            #expect(start.duration(to: .now) < .seconds(60))
            return result
        }
        guard let result else { return await work() }
        return result
    }
}
