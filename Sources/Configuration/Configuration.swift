package import OrchCore

/// The settings that this version uses, checked and typed. Each module takes the part that it needs.
package struct Configuration: Sendable {
    /// What the server listens on.
    package var server: Server
    /// Who may call.
    package var auth: Auth
    /// How much may come in.
    package var limits: Limits
    /// What is logged.
    package var logs: Logs
    /// Whether metrics are shown.
    package var metrics: Metrics
    /// Which models answer.
    package var models: Models
    /// Where connections may go.
    package var egress: Egress
    /// When one model hands over to the next.
    package var tokens: Tokens
    /// How a request finds its way.
    package var routing: Routing
    /// Where agents are.
    package var agents: Agents
    /// What tools may answer.
    package var tools: Tools
    /// Where tools run that nobody vouches for.
    package var sandbox: Sandbox
    /// Which tools may run, and who allows it.
    package var policy: Policy
    /// Whether and where receipts are kept.
    package var receipts: Receipts
    /// What becomes of secrets and personal data.
    package var privacy: Privacy
    /// Where state and assets are.
    package var storage: Storage

    /// What the server listens on, and for whom it is run.
    package struct Server: Sendable {
        /// Development or production.
        package var environment: DeploymentEnvironment
        /// The address or name to listen on.
        package var host: HostName
        /// 0 lets the system choose.
        package var port: Int
        /// Off: every /v1 route and /ready answer 503.
        package var isAPIEnabled: Bool
    }

    /// Who may call.
    package struct Auth: Sendable {
        /// Whether every route but /health, /ready and /openapi.json wants a token.
        package var isBearerRequired: Bool
        /// The tokens of callers.
        package var bearerTokens: [NamedToken]
        /// The tokens of operators, who may do all that callers may.
        package var operatorTokens: [NamedToken]
        /// The `Host` and `Origin` values that are answered.
        package var allowedHosts: [AllowedHost]
    }

    /// How much may come in.
    package struct Limits: Sendable {
        /// The longest body.
        package var maxRequestBytes: Int
        /// The most open client connections.
        package var maxConnections: Int
        /// Whether requests are counted per key.
        package var isRateLimitEnabled: Bool
        /// All of them apply.
        package var rateRules: [RateRule]
    }

    /// What is logged, and in which form.
    package struct Logs: Sendable {
        /// JSON objects, or lines for people.
        package var isJSON: Bool
        /// The least severe level that is written.
        package var level: LogLevel
    }

    /// Whether /metrics answers.
    package struct Metrics: Sendable {
        /// Whether it is on at all.
        package var isEnabled: Bool
    }

    /// Which model servers and models answer, and with how much patience.
    package struct Models: Sendable {
        /// Whether it is on at all.
        package var isEnabled: Bool
        /// Whether model servers may be connected to.
        package var isNetworkEnabled: Bool
        /// The kind of server that answers first.
        package var provider: ProviderName
        /// Ollama's base URL.
        package var ollamaURL: ServiceURL
        /// The OpenAI-compatible server's base URL.
        package var openAIBaseURL: ServiceURL
        /// Sent to the OpenAI-compatible server only.
        package var openAIAPIKey: Redacted<String>?
        /// nil: the one that the set-up installed.
        package var localModelPath: String?
        /// The model of the lowest tier.
        package var chat: String
        /// The model that goes on after a tool.
        package var tool: String
        /// The model of the higher tiers.
        package var reasoner: String
        /// The model that a provider embeds with.
        package var embedding: String
        /// Empty allows all.
        package var allowlist: [String]
        /// Names that stand for models.
        package var aliases: [ModelAlias]
        /// In the order in which they are tried.
        package var fallbacks: [ModelFallback]
        /// A whole call; on a stream, the wait for each token.
        package var timeout: Duration
        /// A health check.
        package var healthTimeout: Duration
        /// nil: no cap.
        package var maxOutputCharacters: Int?
        /// Tries after the first.
        package var retryCount: Int
        /// The first wait before a retry; it doubles.
        package var retryBackoff: Duration
        /// Consecutive failures that open the breaker.
        package var circuitMaxFailures: Int
        /// How long the breaker stays open.
        package var circuitReset: Duration
    }

    /// Where the process may connect to.
    package struct Egress: Sendable {
        /// Every place that may be connected to.
        package var allowlist: [EgressRule]
    }

    /// The sizes at which one model hands over to the next, and how byte counts are turned into tokens.
    package struct Tokens: Sendable {
        /// Above it the reasoner takes over.
        package var chatTier1MaxTokens: Int
        /// Above it the reasoner overflows.
        package var reasonerTier1MaxTokens: Int
        /// Above it what was pruned is summarised.
        package var tier3MinTokens: Int
        /// Multiplies counts that were made without a vocabulary.
        package var safetyMargin: Double
        /// The budget of a model's input; 0 is none.
        package var maximum: Int
        /// How turns without a priority are ranked where some must go.
        package var pruneStrategy: PruneStrategy
        /// Whether what was pruned is always summed up, and not in large requests alone.
        package var isSummaryEnabled: Bool
        /// The directory of vocabularies.
        package var tokenizerDirectory: String
        /// The vocabulary of models that no table knows.
        package var tokenizerModel: String
    }

    /// How a request finds its way.
    package struct Routing: Sendable {
        /// A part of the pipeline, or all of it.
        package var mode: OrchestratorMode
        /// The file of the rules.
        package var policyPath: String
        /// The file of the intents.
        package var intentsPath: String
        /// What a text's meaning is asked.
        package var semantic: SemanticRouter
        /// The tiers in front of everything.
        package var intents: IntentRouter
    }

    /// What a text's meaning is asked.
    package struct SemanticRouter: Sendable {
        /// Whether it is asked behind the rules where the intent router is off.
        package var isEnabled: Bool
        /// Below it a text belongs to no intent.
        package var minimumSimilarity: Double
        /// `builtin`, `builtin-static`, or a model of the Ollama server.
        package var embedModel: String
        /// Where the model is, if it is not built in.
        package var ollamaURL: ServiceURL
        /// The limit for one text.
        package var timeout: Duration
    }

    /// The tiers in front of everything.
    package struct IntentRouter: Sendable {
        /// Off: the plain router decides.
        package var isEnabled: Bool
        /// It decides and is recorded, and the plain router acts.
        package var isShadow: Bool
        /// Whether answers show its decisions.
        package var isDecisionExposed: Bool
        /// Below it a human decides.
        package var minimumConfidence: Double
        /// The same of the best two intents' distance.
        package var minimumGap: Double
        /// Tier 1.
        package var isCacheEnabled: Bool
        /// The file of the cache.
        package var cachePath: String
        /// How long the cache remembers.
        package var cacheLifetime: Duration
    }

    /// Where agents are.
    package struct Agents: Sendable {
        /// The directory of their YAML files.
        package var directory: String
        /// Whether prompts over their part of the budget are kept whole.
        package var mayPromptsExceedBudget: Bool
    }

    /// What tools may answer.
    package struct Tools: Sendable {
        /// The longest result that is passed on.
        package var maxOutputCharacters: Int
        /// Whether secrets and personal data are taken out of results and errors.
        package var isOutputScrubbed: Bool
        /// The directory of tool manifests.
        package var directory: String
    }

    /// Where tools run that nobody vouches for.
    package struct Sandbox: Sendable {
        package var isEnabled: Bool
        /// Whether tools that are not safe run in the sandbox or not at all.
        package var isRequired: Bool
        /// Whether tools that say so themselves run without, where it is not required and not to be had.
        package var fallsBack: Bool
        package var backend: SandboxBackend
        /// Of docker.
        package var image: String
        /// Of one run, from start to end.
        package var timeout: Duration
        package var memoryMegabytes: Int
        /// Processors, as a ratio.
        package var cpuShare: Double
        /// The folder of tools' programs.
        package var toolDirectory: String
    }

    /// Which tools may run, and who allows it.
    package struct Policy: Sendable {
        /// Off: what the policy would deny is recorded, and passes. Always on in production.
        package var isEnforced: Bool
        /// The file of the tool policy.
        package var path: String
        /// Whether unsafe tools need an approval.
        package var isApprovalEnforced: Bool
        /// Of approvals, and of requests that wait for one.
        package var approvalLifetime: Duration
        /// The SQLite file of approvals.
        package var approvalDatabasePath: String
        /// Whether requests that need a human wait for one.
        package var areReviewsEnabled: Bool
        /// The SQLite file of the queue.
        package var reviewDatabasePath: String
        /// What is told of reviews and approvals; nil: nothing is.
        package var webhookURL: ServiceURL?
        /// Signs what it is told.
        package var webhookSecret: Redacted<String>?
        /// Whether results show what the policy decided.
        package var areDecisionsShown: Bool
    }

    /// Whether receipts are made, and where they are kept.
    package struct Receipts: Sendable {
        /// Whether it is on at all.
        package var isEnabled: Bool
        /// The SQLite file.
        package var databasePath: String
        /// The file of the key that signs the log.
        package var keyPath: String
        /// The log's name; `<host>` in it stands for the machine's.
        package var logOrigin: String
        /// Whether checkpoints, proofs and tiles are for everybody.
        package var isAuditPublic: Bool
        package var trustPanel: TrustPanel
    }

    /// What becomes of secrets and personal data.
    package struct Privacy: Sendable {
        /// Of those in models' answers.
        package var outputGuard: OutputGuardMode
        /// What stands in their place.
        package var redactionStyle: RedactionStyle
    }

    /// What operators may look at over HTTP.
    package struct TrustPanel: Sendable {
        package var isEnabled: Bool
        /// Whether sizes may be asked for.
        package var isDebugAllowed: Bool
        /// Events that one query gives at most.
        package var maxEvents: Int
        /// Longer values are cut.
        package var maxValueCharacters: Int
    }

    /// Where state and assets are.
    package struct Storage: Sendable {
        /// Databases and keys.
        package var instanceDirectory: String
        /// Vocabularies and models.
        package var assetsDirectory: String
        /// The file of the local key.
        package var secretKeyPath: String
        /// Whether SQLite's journal is a write-ahead log.
        package var isWALEnabled: Bool
        /// Days after which the contents of traces go; nil keeps them.
        package var retentionDays: Int?
        /// Megabytes that they may take; nil is no limit.
        package var retentionMaxMegabytes: Int?
    }
}
