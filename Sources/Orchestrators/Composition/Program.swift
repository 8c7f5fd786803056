import Crypto
import Logging
import NIOPosix
import OrchAgents
import OrchApprovals
import OrchConfiguration
import OrchCore
import OrchEgress
import OrchHTTPTransport
import OrchKeyFiles
import OrchObservability
import OrchOrchestrator
import OrchPolicyFiles
import OrchPrivacy
import OrchProviders
import OrchRE2
import OrchReceipts
import OrchRouting
import OrchSandbox
import OrchTokens
import OrchTools

/// Every part of the program, built from the configuration.
struct Program: Sendable {
    enum Role { case server, command }

    /// How often policy files are looked at.
    static let policyInterval = Duration.seconds(2)

    let loaded: LoadedConfiguration
    let logger: Logger
    let group: MultiThreadedEventLoopGroup
    let registry: PrometheusRegistry
    let metrics: LiveMetrics
    let router: Watched<RuleRouter>
    let agents: Watched<AgentDirectory>
    let egress: EgressPolicy
    let transport: HTTPTransport
    let instance: InstanceDirectory
    /// nil where receipts are off.
    let receipts: ReceiptStore?
    let recorder: Recorder
    let models: ModelSetup
    let toolPolicies: ToolPolicies
    /// What is wrong with manifests of tools.
    let toolProblems: [PolicyFileError]
    /// Of the manifests that are in force; nil where there are none.
    let manifestHash: String?
    let reviewStorage: ReviewStorage
    let sandbox: Sandbox
    let tools: ToolRunner
    let modelDirectory: ModelDirectory
    let embedders: Embedders
    let tokenizers: Tokenizers
    /// nil where no text's meaning is looked at.
    let intents: IntentRouting?
    /// nil where the intent router has no cache.
    let intentCache: IntentCacheKeeper?

    var configuration: Configuration { loaded.configuration }

    let scrubbers: Scrubbers

    /// - Throws: A ``CodedError`` that says what is wrong and what to do.
    ///
    /// - Parameter extraTools: Of the executable's own.
    init(_ loaded: LoadedConfiguration, role: Role, engine: any ScanEngine, tools extraTools: [SwiftTool]) throws {
        let configuration = loaded.configuration
        self.loaded = loaded
        scrubbers = try Scrubbers(configuration, engine: engine)
        instance = try InstanceDirectory(configuration.storage.instanceDirectory)
        if role == .server { try instance.lock() }
        registry = PrometheusRegistry()
        let metrics = LiveMetrics(registry: registry, redact: scrubbers.records)
        self.metrics = metrics
        logger = Self.bootstrapLogging(configuration, role, scrubbers.records)
        group = MultiThreadedEventLoopGroup.singleton

        let policyLogger = logger
        let compiler = RE2Compiler()
        router = try RulePolicyFile.watch(
            configuration.routing.policyPath, compiler: compiler, every: Self.policyInterval, clock: ContinuousClock()
        ) { event in
            metrics.reloaded("router_policy", event)
            policyLogger.policyEvent(event, of: "router policy")
        }
        agents = AgentDirectory.watch(
            configuration.agents.directory, every: Self.policyInterval, clock: ContinuousClock()
        ) { event in
            metrics.reloaded("agents", event)
            policyLogger.policyEvent(event, of: "agents")
        }

        egress = try EgressPolicy(allowlist: configuration.egress.allowlist.map(\.description))
        transport = HTTPTransport(group: group, policy: egress) { metrics.connected($0) }
        receipts =
            configuration.receipts.isEnabled
            ? ReceiptStore(configuration.receipts, hostName: MachineName.current, metrics: metrics) : nil
        recorder = Recorder(
            log: try receipts.map { [instance] in try Self.log($0, role, instance) }, now: wallClock,
            redact: scrubbers.records)
        models = try ModelSetup(
            loaded, transport: transport, egress: egress, metrics: metrics, logger: logger, instance: instance)
        modelDirectory = Self.directory(configuration, models, agents)
        embedders = Embedders(configuration)
        tokenizers = try Tokenizers(configuration, models, vectors: embedders.vectors)
        toolPolicies = ToolPolicies(
            file: try ToolPolicyFile.watch(
                configuration.policy.path, isEnforced: configuration.policy.isEnforced,
                // Commands are what people find out with what is wrong.
                toleratesFaults: role == .command, compiler: compiler, every: Self.policyInterval,
                clock: ContinuousClock()
            ) { event in
                metrics.reloaded("tool_policy", event)
                policyLogger.policyEvent(event, of: "tool policy")
            }, configuration)
        let builtIn: [Tool] = [
            .echo, .safeCalc, .tokenizer(tokenizers.catalog, defaultModel: models.names.chat),
            .summarizeText(tokenizers.summarizer), .pythonEval, .pythonExec,
        ]
        let compiledIn = try builtIn + extraTools.map { try $0.registered() }
        let own = ToolDirectory.load(
            configuration.tools.directory, taken: Set(compiledIn.map(\.name)), compiler: compiler)
        toolProblems = own.problems
        manifestHash = own.tools.isEmpty ? nil : own.hash
        reviewStorage = ReviewStorage(configuration, receipts: receipts, metrics: metrics)
        sandbox = Sandbox(Sandbox.Settings(configuration.sandbox)) { metrics.happened($0) }
        tools = ToolRunner(
            tools: ToolExecutor(
                registry: try ToolRegistry(compiledIn + own.tools, patterns: compiler),
                sandbox: SandboxedTools(sandbox, rules: SandboxedTools.Rules(configuration.sandbox)).port,
                redact: scrubbers.toolOutput,
                options: .init(
                    maximumOutputCharacters: configuration.tools.maxOutputCharacters,
                    showsPolicyDecision: configuration.policy.areDecisionsShown),
                threads: ToolThreads()),
            approvals: Self.approvals(configuration, reviewStorage, try Self.owner(role, instance), metrics),
            recorder: recorder, observe: { metrics.happened($0) })
        let routing = configuration.routing
        intents =
            routing.asksMeaning
            ? IntentRouting(
                file: try IntentFile.watch(
                    routing.intentsPath, toleratesFaults: role == .command, every: Self.policyInterval,
                    clock: ContinuousClock()
                ) { event in
                    metrics.reloaded("intents", event)
                    policyLogger.policyEvent(event, of: "intents")
                },
                tools: tools.tools.registry.tools,
                embedder: RouterEmbedder.make(
                    configuration, embedders, transport: transport, egress: egress,
                    observe: { metrics.attempted($0) }),
                store: LearnedFile(path: instance.file("intents.model")), threads: Embedders.processors,
                logger: logger, observe: { metrics.learnedIntents($0) }) : nil
        intentCache =
            routing.mode == .advanced && routing.usesTiers && routing.intents.isCacheEnabled
            ? try IntentCacheKeeper(configuration, logger: logger) : nil
    }

    /// In whose name this process claims approvals: that of its instance folder, which one server alone uses at a time.
    private static func owner(_ role: Role, _ instance: InstanceDirectory) throws -> Claim.Owner {
        switch role {
        case .server:
            let file = SecretKeyFile(instance.file("instance.id"), setting: "ORCH_INSTANCE_DIR")
            return Claim.Owner("server/" + Hexadecimal.encode(try file.key().exposed.prefix(16)))
        case .command:
            return Claim.Owner("command/" + Hexadecimal.encode(RandomBytes.draw(16)))
        }
    }

    private static func approvals(
        _ configuration: Configuration, _ storage: ReviewStorage, _ owner: Claim.Owner, _ metrics: LiveMetrics
    ) -> ApprovalDesk {
        let policy = configuration.policy
        return ApprovalDesk(
            settings: ApprovalDesk.Settings(
                isEnforced: policy.isApprovalEnforced, queues: policy.areReviewsEnabled,
                hasOperators: !configuration.auth.operatorTokens.isEmpty
                    || configuration.server.environment == .development,
                lifetime: policy.approvalLifetime, owner: owner),
            stores: { () throws(ApprovalError) in try storage.stores() }, now: wallClock,
            observe: { metrics.happened($0) })
    }

    /// The pipeline for chats.
    func chat(_ policies: PolicyCache) -> ChatPipeline {
        let configuration = loaded.configuration
        let metrics = self.metrics
        return ChatPipeline(
            settings: ChatPipeline.Settings(
                mode: configuration.routing.mode == .advanced ? .advanced : .basic,
                maximumOutputCharacters: configuration.models.maxOutputCharacters ?? 0,
                asksOtherMachines: models.asksOtherMachines, outputGuard: scrubbers.outputGuard,
                showsDecisions: configuration.routing.intents.isDecisionExposed),
            policies: { policies.current },
            models: models.access, directory: modelDirectory,
            selector: ModelSelector(
                ModelSelector.Thresholds(
                    chatModel: models.names.chat, reasonerModel: models.names.reasoner, toolModel: models.names.tool,
                    chatTier1: configuration.tokens.chatTier1MaxTokens,
                    reasonerTier1: configuration.tokens.reasonerTier1MaxTokens,
                    tier3: configuration.tokens.tier3MinTokens)),
            catalog: tokenizers.catalog, budget: tokenizers.budget,
            tools: tools, recorder: recorder, now: wallClock,
            observe: { [logger] event in
                metrics.happened(event)
                if case .promptKept(let agent, let tokens, let limit) = event {
                    logger.warning(
                        "an agent's prompt is over its part of the budget, and exempt",
                        metadata: ["agent": "\(agent)", "tokens": "\(tokens)", "limit": "\(limit)"])
                }
            })
    }

    private static func directory(
        _ configuration: Configuration, _ models: ModelSetup, _ agents: Watched<AgentDirectory>
    ) -> ModelDirectory {
        ModelDirectory(
            provider: models.provider, configured: models.configuredNames,
            aliases: Self.aliases(configuration),
            agents: { agents.current.value.catalog })
    }

    var aliases: [String: String] { Self.aliases(configuration) }

    private static func aliases(_ configuration: Configuration) -> [String: String] {
        Dictionary(configuration.models.aliases.map { ($0.name, $0.model) }, uniquingKeysWith: { _, last in last })
    }

    /// What decides and does not change while the program runs, for every receipt: the version, a hash of the
    /// configuration without its secrets, and those of the files of the managed model and the embedders.
    func fixedPins() -> JSONObject {
        let settings = JSONObject(
            loaded.settings.map { JSONObject.Member(key: $0.entry.name, value: .string($0.shown)) })
        var pins: JSONObject = [
            "program": .string(OrchestratorProgram.version),
            "configuration": .string(Hexadecimal.encode(SHA256.hash(data: settings.canonical))),
        ]
        if let hash = manifestHash { pins["tools"] = .string(hash) }
        pins["tokenizer"] = .string(tokenizers.hash)
        if let hash = embedders.hash() { pins["embedder"] = .string(hash) }
        if let hash = models.localModelHash() { pins["local_model"] = .string(hash) }
        return pins
    }

    /// What decides, with what may be reloaded.
    func policyCache() -> PolicyCache {
        PolicyCache(
            rules: router, agents: agents, toolPolicies: toolPolicies, intents: intents, memory: intentCache?.memory,
            settings: configuration.routing, fixedPins: fixedPins())
    }

    private static func bootstrapLogging(
        _ configuration: Configuration, _ role: Role, _ redact: @escaping Redact
    ) -> Logger {
        let level = Logger.Level(rawValue: configuration.logs.level.rawValue) ?? .info
        // A command's own output is what its user wants to see; the log speaks up only when something is wrong.
        OrchLogging.bootstrap(
            json: role == .server && configuration.logs.isJSON, level: role == .server ? level : max(level, .error),
            redact: redact)
        return Logger(label: "orch")
    }

    /// A server finds out at its start what is wrong with its log; a command when it writes.
    private static func log(
        _ receipts: ReceiptStore, _ role: Role, _ instance: InstanceDirectory
    ) throws -> any ReceiptLog {
        role == .server ? try receipts.log() : DeferredReceiptLog(store: receipts, instance: instance)
    }
}

extension Logger {
    func policyEvent(_ event: WatchEvent, of file: String) {
        switch event {
        case .reloaded(let hash):
            notice("\(file) reloaded", metadata: ["sha256": "\(hash)"])
        case .refused(let error):
            self.error(
                "\(file) refused; the last good one stays in force", metadata: ["problem": "\(error.message)"])
        }
    }
}
