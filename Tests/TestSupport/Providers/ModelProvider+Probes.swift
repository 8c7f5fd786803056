package import OrchCore
package import OrchProviders

extension ChatCall {
    /// A small question.
    package static func sample(
        _ text: String = #"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#, model: String = "m",
        inputTokens: Int = 10, timeout: Duration = .seconds(30)
    ) -> ChatCall {
        ChatCall(model: model, body: Array(text.utf8), inputTokens: inputTokens, timeout: timeout)
    }
}

extension ModelProvider {
    /// How asking for a whole answer fails; nil where it does not.
    package func failureOfComplete(_ call: ChatCall) async -> ProviderError? {
        do throws(ProviderError) {
            _ = try await complete(call)
            return nil
        } catch {
            return error
        }
    }

    /// How asking for a stream or reading it fails; nil where it does not.
    package func failureOfStream(_ call: ChatCall) async -> ProviderError? {
        do throws(ProviderError) {
            _ = try await chunks(call)
            return nil
        } catch {
            return error
        }
    }

    /// All of a stream.
    package func chunks(_ call: ChatCall) async throws(ProviderError) -> [JSONDocument] {
        let stream = try await stream(call)
        var chunks: [JSONDocument] = []
        while let chunk = try await stream.next() { chunks.append(chunk) }
        return chunks
    }

    func summary(_ call: ChatCall) async throws(ProviderError) -> StreamSummary {
        StreamSummary(try await chunks(call))
    }
}
