import Crypto
import OrchConfiguration
import OrchCore
import OrchEgress
import OrchEmbeddings
import OrchHTTPTransport
import OrchModelClients
import OrchObservability
import OrchProviders
import OrchRouting

/// What embeds texts for the semantic router: a model of this process, or one of an Ollama server.
struct RouterEmbedder: Sendable {
    /// What decides which vectors come out.
    struct Identity: Sendable, Equatable {
        var hash: String
        var dimensions: Int
    }

    /// Why there is no vector, and what was connected to.
    struct Absent: Error {
        var reason: SemanticAbsence
        var connections: [ConnectionRecord] = []
    }

    /// Whether it is this process's own, and so the same until the process ends.
    let isBuiltIn: Bool
    /// Whether texts leave this machine.
    let leavesMachine: Bool
    /// Who it is: loads it, or asks it.
    let identity: @Sendable () async throws -> Identity
    /// Vectors of many texts, to learn from.
    let embedAll: @Sendable ([String]) async throws -> [[Float]]
    /// The vector of one text, within the time that is allowed.
    let embed: @Sendable (String) async throws(Absent) -> ([Float], [ConnectionRecord])

    /// As the settings name it; nil where no such model is installed.
    static func make(
        _ configuration: Configuration, _ embedders: Embedders, transport: HTTPTransport, egress: EgressPolicy,
        observe: @escaping @Sendable (AttemptRecord) -> Void
    ) -> RouterEmbedder? {
        let settings = configuration.routing.semantic
        switch settings.embedModel {
        case "builtin", "builtin-static":
            return embedders.routing(isStatic: settings.embedModel == "builtin-static").map { model in
                RouterEmbedder(builtIn: model.query, learning: model.learning, timeout: settings.timeout)
            }
        default:
            return RouterEmbedder(ollama: configuration, transport, egress, observe)
        }
    }

    // MARK: In the process

    private init(builtIn query: EmbeddingService, learning: EmbeddingService, timeout: Duration) {
        isBuiltIn = true
        leavesMachine = false
        identity = {
            let embedder = try await query.loaded()
            return Identity(hash: embedder.hash, dimensions: embedder.dimensions)
        }
        embedAll = { texts in try await learning.embed(texts) }
        embed = { (text) async throws(Absent) in
            do {
                let vectors = try await Deadline.run(timeout) { try await query.embed([text]) }
                return (vectors.first ?? [], [])
            } catch {
                throw Absent(reason: SemanticAbsence(error))
            }
        }
    }

    // MARK: At an Ollama server

    /// Texts that are sent at once while learning.
    private static let portion = 64
    /// For a portion, while learning, and tries after the first.
    private static let patience = Duration.seconds(120)
    private static let retries = 2
    /// What is embedded to see whether the model is the one that it was.
    private static let probe = "The quick brown fox jumps over the lazy dog."

    private init(
        ollama configuration: Configuration, _ transport: HTTPTransport, _ egress: EgressPolicy,
        _ observe: @escaping @Sendable (AttemptRecord) -> Void
    ) {
        let (settings, models) = (configuration.routing.semantic, configuration.models)
        let (url, model) = (settings.ollamaURL, settings.embedModel)
        let provider = OllamaClient(
            http: transport,
            endpoint: { () throws(ProviderError) -> (Endpoint, basePath: String, apiKey: Redacted<String>?) in
                (Endpoint(host: url.host.text, port: url.port, usesTLS: url.isSecure), url.path, nil)
            },
            remoteHostAllowed: { egress.names($0) }, now: wallClock)
        // Requests and learning do not pause each other's calls.
        func gateway(_ timeout: Duration, retries: Int) -> ModelGateway {
            ModelGateway(
                provider: provider,
                policy: ModelGateway.Policy(retries: retries, backoff: .seconds(1), timeout: timeout),
                breakers: CircuitBreakers(
                    maximumFailures: models.circuitMaxFailures, resetAfter: models.circuitReset),
                observe: observe)
        }
        let quick = gateway(settings.timeout, retries: 0)
        let patient = gateway(max(settings.timeout, Self.patience), retries: Self.retries)
        let ask: @Sendable (ModelGateway, [String]) async -> (Result<[[Float]], ProviderError>, [ConnectionRecord]) = {
            gateway, texts in
            let outcome = await gateway.embed(model: model) { OllamaVectors.request(model: $0, texts) }
            let vectors = outcome.result.flatMap { document in
                Result { () throws(ProviderError) in try OllamaVectors.read(document.root, count: texts.count) }
            }
            return (vectors, outcome.facts.connections)
        }
        isBuiltIn = false
        leavesMachine = !url.host.isLoopback
        identity = {
            let vector = try await ask(patient, [Self.probe]).0.get()[0]
            var hasher = SHA256()
            hasher.update(data: Array("ollama \(model)\n".utf8))
            for value in vector {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { hasher.update(bufferPointer: $0) }
            }
            return Identity(hash: Hexadecimal.encode(hasher.finalize()), dimensions: vector.count)
        }
        embedAll = { texts in
            var vectors: [[Float]] = []
            for start in stride(from: 0, to: texts.count, by: Self.portion) {
                try Task.checkCancellation()
                vectors += try await ask(patient, Array(texts[start..<min(texts.count, start + Self.portion)])).0.get()
            }
            return vectors
        }
        embed = { (text) async throws(Absent) in
            let (result, connections) = await ask(quick, [text])
            switch result {
            case .success(let vectors): return (vectors[0], connections)
            case .failure(let error): throw Absent(reason: SemanticAbsence(error), connections: connections)
            }
        }
    }
}

extension SemanticAbsence {
    /// What is said of a failed embedding.
    fileprivate init(_ error: any Error) {
        switch error {
        case is Deadline.Passed: self = .embedderSlow
        case let error as EmbedderError where error.code == .queueFull: self = .embedderBusy
        case let error as EmbedderError where error.code == .inputTooLarge: self = .tooLong
        case let error as ProviderError where error.code == .timedOut: self = .embedderSlow
        default: self = .embedderDown
        }
    }
}
