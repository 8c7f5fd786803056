import Logging
import OrchConfiguration
import OrchCore
import OrchEgress
import OrchHTTPTransport
import OrchLocalModel
import OrchModelClients
import OrchObservability
import OrchOrchestrator
import OrchProviders

/// The model side of the program: who is asked, and by which names.
struct ModelSetup: Sendable {
    struct Names: Sendable {
        var chat: String
        var reasoner: String
        var tool: String
    }

    let access: ChatPipeline.Models

    /// nil where no model can be asked.
    var gateway: ModelGateway? {
        if case .available(let gateway) = access { gateway } else { nil }
    }

    /// nil where no model can be asked.
    let provider: (any ModelProvider)?
    let names: Names
    /// Names that need no listing, since settings hold them.
    let configuredNames: Set<String>
    /// Whether a prompt may leave this machine.
    let asksOtherMachines: Bool
    /// The managed child; nil where none is needed.
    let localServer: ModelServer?
    /// The file of the managed model, whether it is there or not.
    let localModelPath: String

    init(
        _ loaded: LoadedConfiguration, transport: HTTPTransport, egress: EgressPolicy, metrics: LiveMetrics,
        logger: Logger, instance: InstanceDirectory
    ) throws {
        let models = loaded.configuration.models
        let isNeeded = models.isEnabled && ([models.provider] + models.fallbacks.map(\.provider)).contains(.local)
        let local = isNeeded ? Self.localServer(loaded.configuration, instance, logger, metrics) : nil
        localServer = local
        localModelPath = Self.localModelPath(loaded.configuration)
        names = Self.names(loaded, local: local)
        let kinds = [models.provider] + models.fallbacks.map(\.provider)
        asksOtherMachines = kinds.contains { Self.host(of: $0, models)?.isLoopback == false }
        configuredNames = Set(
            [names.chat, names.reasoner, names.tool] + models.fallbacks.map(\.model) + models.allowlist)

        guard models.isEnabled else {
            (access, provider) = (.none(.disabled), nil)
            return
        }
        if models.provider == .local, local == nil {
            (access, provider) = (.none(.notInstalled), nil)
            return
        }
        let make = { (kind: ProviderName) -> any ModelProvider in
            Self.provider(kind, models, transport: transport, egress: egress, local: local)
        }
        let primary = make(models.provider)
        let gateway = ModelGateway(
            provider: primary,
            fallbacks: models.fallbacks.filter { $0.provider != .local || local != nil }
                .map { ModelGateway.Fallback(provider: make($0.provider), model: $0.model) },
            policy: ModelGateway.Policy(
                allowedModels: Set(models.allowlist), retries: models.retryCount, backoff: models.retryBackoff,
                timeout: models.timeout),
            breakers: CircuitBreakers(maximumFailures: models.circuitMaxFailures, resetAfter: models.circuitReset),
            observe: { metrics.attempted($0) })
        (access, provider) = (.available(gateway), primary)
    }

    // MARK: The managed server

    /// SHA-256 of the managed model's file; nil where none is in use. Reads the whole file.
    func localModelHash() -> String? {
        localServer == nil ? nil : FileHash.sha256(localModelPath)
    }

    private static func localModelPath(_ configuration: Configuration) -> String {
        configuration.models.localModelPath
            ?? LocalModelAssets(directory: configuration.storage.assetsDirectory).modelPath
    }

    private static func localServer(
        _ configuration: Configuration, _ instance: InstanceDirectory, _ logger: Logger, _ metrics: LiveMetrics
    ) -> ModelServer? {
        let assets = LocalModelAssets(directory: configuration.storage.assetsDirectory)
        let model = localModelPath(configuration)
        guard LocalModelAssets.exists(model), LocalModelAssets.exists(assets.interpreterPath) else { return nil }
        return ModelServer(
            settings: ModelServer.Settings(
                interpreter: assets.interpreterPath, launcherPath: instance.file("llama_server.py"), modelPath: model,
                modelName: LocalModelAssets.name(ofModel: model)),
            logger: logger, onRestart: { metrics.modelRestarted() })
    }

    /// The managed server has one model; settings that were left alone mean that one.
    private static func names(_ loaded: LoadedConfiguration, local: ModelServer?) -> Names {
        let models = loaded.configuration.models
        var names = Names(chat: models.chat, reasoner: models.reasoner, tool: models.tool)
        guard models.provider == .local, let local else { return names }
        func isLeftAlone(_ name: String) -> Bool {
            guard case .standard = loaded.settings.first(where: { $0.entry.name == name })?.source else { return false }
            return true
        }
        let own = local.modelName
        if isLeftAlone("ORCH_MODEL_CHAT") { names.chat = own }
        if isLeftAlone("ORCH_MODEL_REASONER") { names.reasoner = names.chat }
        if isLeftAlone("ORCH_MODEL_TOOL") { names.tool = own }
        return names
    }

    // MARK: Providers

    private static func host(of kind: ProviderName, _ models: Configuration.Models) -> HostName? {
        switch kind {
        case .openai: models.openAIBaseURL.host
        case .ollama: models.ollamaURL.host
        case .local: nil
        }
    }

    private static func provider(
        _ kind: ProviderName, _ models: Configuration.Models, transport: HTTPTransport, egress: EgressPolicy,
        local: ModelServer?
    ) -> any ModelProvider {
        switch kind {
        case .openai:
            return OpenAIClient(name: .openai, http: transport) {
                () throws(ProviderError) -> (Endpoint, basePath: String, apiKey: Redacted<String>?) in
                try requireNetwork(models)
                return (endpoint(models.openAIBaseURL), models.openAIBaseURL.path, models.openAIAPIKey)
            }
        case .ollama:
            return OllamaClient(
                http: transport,
                endpoint: { () throws(ProviderError) -> (Endpoint, basePath: String, apiKey: Redacted<String>?) in
                    try requireNetwork(models)
                    return (endpoint(models.ollamaURL), models.ollamaURL.path, nil)
                },
                remoteHostAllowed: { egress.names($0) }, now: wallClock)
        case .local:
            // A loopback child of our own needs no leave to use the network.
            return OpenAIClient(name: .local, http: transport) {
                () throws(ProviderError) -> (Endpoint, basePath: String, apiKey: Redacted<String>?) in
                guard let local else { throw ProviderError(.notReady, "no managed model is installed") }
                let address = try local.address()
                return (Endpoint(host: "127.0.0.1", port: address.port), "/v1", Redacted(address.key))
            }
        }
    }

    private static func requireNetwork(_ models: Configuration.Models) throws(ProviderError) {
        guard models.isNetworkEnabled else {
            throw ProviderError(
                .networkDisabled, "calls to model servers are off: set ORCH_LLM_NETWORK_ENABLED=1 to allow them")
        }
    }

    private static func endpoint(_ url: ServiceURL) -> Endpoint {
        Endpoint(host: url.host.text, port: url.port, usesTLS: url.isSecure)
    }
}
