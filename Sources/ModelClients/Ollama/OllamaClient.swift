package import OrchCore
package import OrchEgress
package import OrchProviders

/// Ollama by its native API, which sizes the context by request and says where a model runs.
package struct OllamaClient: ModelProvider {
    package let name = "ollama"

    private let server: ModelServer
    private let cloud: CloudModelGuard
    private let identity: AnswerIdentity

    /// - Parameters:
    ///   - endpoint: Where the server is now, the path before `/api`, and a key if something before it asks for one;
    ///     asked before every exchange.
    ///   - remoteHostAllowed: Whether ORCH_EGRESS_ALLOWLIST names the host that a cloud model runs on, given as
    ///     `host:port` in lower case.
    ///   - now: The time of day, for answers that do not say when they were made.
    ///   - random: Makes the answers' identifiers.
    ///   - instant: The clock by which what is known of a model goes stale.
    package init(
        http: any OutboundHTTP,
        endpoint:
            @escaping @Sendable () throws(ProviderError) -> (
                Endpoint, basePath: String, apiKey: Redacted<String>?
            ),
        remoteHostAllowed: @escaping @Sendable (String) -> Bool = { _ in false }, now: @escaping Now,
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 0...UInt64.max) },
        instant: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        server = ModelServer(http: http, locate: endpoint)
        cloud = CloudModelGuard(server: server, isAllowed: remoteHostAllowed, instant: instant)
        identity = AnswerIdentity(now: now, random: random)
    }

    package func complete(_ call: ChatCall) async throws(ProviderError) -> ChatReply {
        let body = try OllamaChatRequest.body(for: call, streams: false)
        let start = ContinuousClock.now
        let checked = try await cloud.admit(call.model, timeout: call.timeout)
        let request = try server.request(
            .post, "/api/chat", body: body, timeout: Self.rest(of: call.timeout, since: start))
        let reply = try await server.fetchKnown(request)
        try cloud.check(reply.body.root)
        let answer = try OllamaAnswer(reply.body.root)
        guard answer.isDone else { throw .malformed("does not say that it is complete") }
        let completion = try answer.completion(model: call.model, identity: identity)
        return ChatReply(body: completion, connected: reply.connected ?? checked)
    }

    package func stream(_ call: ChatCall) async throws(ProviderError) -> ChunkStream {
        let body = try OllamaChatRequest.body(for: call, streams: true)
        let checked = try await cloud.admit(call.model, timeout: call.timeout)
        let request = try server.request(
            .post, "/api/chat", accept: "application/x-ndjson, application/json", body: body, timeout: call.timeout)
        let answer = try await server.openKnown(request)
        switch MediaType(answer.head.contentType) {
        case .lines, .json:
            let decoder = OllamaChunkDecoder(model: call.model, cloud: cloud, identity: identity)
            return ChunkReader(answer, decoder: decoder).stream(connected: answer.head.connected ?? checked)
        case .eventStream, .other:
            answer.cancel()
            throw .malformed("is not lines of JSON by its content type")
        }
    }

    /// The models that Ollama has, without those that run elsewhere and may not be asked.
    package func models(timeout: Duration) async throws(ProviderError) -> [ModelDescription] {
        var request = try server.request(.get, "/api/tags", timeout: timeout)
        request.maximumAnswerBytes = ModelServer.maximumListBytes
        let reply = try await server.fetch(request)
        guard let list = reply.body.root["models"], list.kind == .array else { throw .malformed("lists no models") }
        return list.elements.compactMap { entry in
            guard let id = entry["name"]?.string ?? entry["model"]?.string, !id.isEmpty,
                cloud.mayAsk(id, entry: entry)
            else { return nil }
            let modified = entry["modified_at"]?.string.flatMap(RFC3339.seconds) ?? 0
            return ModelDescription(id: id, created: modified, owner: Self.owner(of: id))
        }
    }

    package func embed(_ body: [UInt8], timeout: Duration) async throws(ProviderError) -> ChatReply {
        let question = try OllamaEmbedding(request: body)
        let start = ContinuousClock.now
        let checked = try await cloud.admit(question.model, timeout: timeout)
        let request = try server.request(
            .post, "/api/embed", body: question.body, timeout: Self.rest(of: timeout, since: start))
        let reply = try await server.fetchKnown(request)
        try cloud.check(reply.body.root)
        return ChatReply(body: try question.answer(reply.body.root), connected: reply.connected ?? checked)
    }

    package func checkHealth(timeout: Duration) async throws(ProviderError) {
        _ = try await models(timeout: timeout)
    }

    /// What the look-up of the model has left of a call's time.
    private static func rest(
        of timeout: Duration, since start: ContinuousClock.Instant
    ) throws(ProviderError) -> Duration {
        let rest = timeout - start.duration(to: .now)
        guard rest > .zero else { throw ProviderError(.timedOut, "the model server did not answer in time") }
        return rest
    }

    /// The namespace in `[host/][namespace/]model[:tag]`; `library` where there is none.
    private static func owner(of model: String) -> String {
        let parts = model.split(separator: "/")
        return parts.count > 1 ? String(parts[parts.count - 2]) : "library"
    }
}

extension ModelServer {
    /// As ``fetch(_:)``, for routes where 404 means that Ollama does not have the model.
    func fetchKnown(_ request: OutboundRequest) async throws(ProviderError) -> ChatReply {
        var server = self
        server.missingMeansNoModel = true
        return try await server.fetch(request)
    }

    /// As ``open(_:)``, for routes where 404 means that Ollama does not have the model.
    func openKnown(_ request: OutboundRequest) async throws(ProviderError) -> OutboundStream {
        var server = self
        server.missingMeansNoModel = true
        return try await server.open(request)
    }
}
