package import OrchCore
package import OrchEgress
package import OrchProviders

/// A server that speaks OpenAI's API: llama.cpp, vLLM, LM Studio, LocalAI and their like, or the managed local one.
package struct OpenAIClient: ModelProvider {
    /// Which of the configured providers it is.
    package enum Kind: String, Sendable {
        case openai
        /// The managed llama.cpp child, which answers 503 while it loads its model.
        case local
    }

    private static let maximumCompletionBytes = 32 << 20

    private let kind: Kind
    private let server: ModelServer
    /// Of the managed server, which would drop tools in silence.
    private let toolSupport: ToolSupport?

    /// - Parameter endpoint: Where the server is now, the path that its routes stand under (`/v1`), and the key to show
    ///   it; asked before every exchange.
    package init(
        name: Kind = .openai, http: any OutboundHTTP,
        endpoint:
            @escaping @Sendable () throws(ProviderError) -> (
                Endpoint, basePath: String, apiKey: Redacted<String>?
            )
    ) {
        kind = name
        toolSupport = name == .local ? ToolSupport() : nil
        server = ModelServer(http: http, locate: endpoint, isUnavailableWhileLoading: name == .local)
    }

    package var name: String { kind.rawValue }

    package func complete(_ call: ChatCall) async throws(ProviderError) -> ChatReply {
        try await toolSupport?.check(call, on: server)
        let request = try server.request(.post, "/chat/completions", body: call.body, timeout: call.timeout)
        let reply = try await server.fetch(request)
        guard reply.body.root["choices"]?.kind == .array else { throw .malformed("has no choices") }
        return reply
    }

    package func stream(_ call: ChatCall) async throws(ProviderError) -> ChunkStream {
        try await toolSupport?.check(call, on: server)
        let request = try server.request(
            .post, "/chat/completions", accept: "text/event-stream, application/json", body: call.body,
            timeout: call.timeout)
        let answer = try await server.open(request)
        switch MediaType(answer.head.contentType) {
        case .eventStream:
            return ChunkReader(answer, decoder: OpenAIChunkDecoder()).stream(connected: answer.head.connected)
        case .json:
            let body = try await ModelServer.gather(answer, limit: Self.maximumCompletionBytes)
            let chunks = try CompletionChunks.chunks(of: JSONDocument(answer: body))
            return ChunkStream(chunks: chunks, connected: answer.head.connected)
        case .lines, .other:
            answer.cancel()
            throw .malformed("is not an event stream by its content type")
        }
    }

    package func models(timeout: Duration) async throws(ProviderError) -> [ModelDescription] {
        var request = try server.request(.get, "/models", timeout: timeout)
        request.maximumAnswerBytes = ModelServer.maximumListBytes
        let reply = try await server.fetch(request)
        guard let list = reply.body.root["data"], list.kind == .array else { throw .malformed("lists no models") }
        return list.elements.compactMap { entry in
            guard let id = entry["id"]?.string, !id.isEmpty else { return nil }
            return ModelDescription(
                id: id, created: entry["created"]?.int ?? 0, owner: entry["owned_by"]?.string ?? name)
        }
    }

    package func embed(_ body: [UInt8], timeout: Duration) async throws(ProviderError) -> ChatReply {
        let reply = try await server.fetch(server.request(.post, "/embeddings", body: body, timeout: timeout))
        guard reply.body.root["data"]?.kind == .array else { throw .malformed("has no embeddings") }
        return reply
    }

    package func checkHealth(timeout: Duration) async throws(ProviderError) {
        switch kind {
        case .openai:
            _ = try await models(timeout: timeout)
        case .local:
            var request = try server.request(.get, "/health", atRoot: true, timeout: timeout)
            request.maximumAnswerBytes = ModelServer.maximumListBytes
            _ = try await server.fetch(request)
        }
    }
}
