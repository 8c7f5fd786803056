import OrchCore

extension Configuration {
    /// Reads every used setting from the effective texts.
    init(_ values: SettingValues) throws(SettingFault) {
        server = Server(
            environment: try values[SettingsTable.environment], host: try values[SettingsTable.host],
            port: try values[SettingsTable.port], isAPIEnabled: try values[SettingsTable.apiEnabled])
        auth = Auth(
            isBearerRequired: try values[SettingsTable.bearerRequired],
            bearerTokens: try values[SettingsTable.bearerTokens],
            operatorTokens: try values[SettingsTable.operatorTokens],
            allowedHosts: try values[SettingsTable.allowedHosts])
        limits = Limits(
            maxRequestBytes: try values[SettingsTable.maxRequestBytes],
            maxConnections: try values[SettingsTable.maxConnections],
            isRateLimitEnabled: try values[SettingsTable.rateLimitEnabled],
            rateRules: try values[SettingsTable.rateLimit])
        logs = Logs(isJSON: try values[SettingsTable.logsAsJSON], level: try values[SettingsTable.logLevel])
        metrics = Metrics(isEnabled: try values[SettingsTable.metricsEnabled])
        models = try Models(values)
        egress = Egress(allowlist: try values[SettingsTable.egressAllowlist])
        tokens = Tokens(
            chatTier1MaxTokens: try values[SettingsTable.chatTier1MaxTokens],
            reasonerTier1MaxTokens: try values[SettingsTable.reasonerTier1MaxTokens],
            tier3MinTokens: try values[SettingsTable.tier3MinTokens],
            safetyMargin: try values[SettingsTable.tokenSafetyMargin],
            maximum: try values[SettingsTable.maxTokens],
            pruneStrategy: try values[SettingsTable.pruneStrategy],
            isSummaryEnabled: try values[SettingsTable.summaryEnabled],
            tokenizerDirectory: try values[SettingsTable.tokenizerDirectory],
            tokenizerModel: try values[SettingsTable.tokenizerModel])
        routing = Routing(
            mode: try values[SettingsTable.orchestratorMode], policyPath: try values[SettingsTable.routerPolicyPath],
            intentsPath: try values[SettingsTable.intentsPath],
            semantic: SemanticRouter(
                isEnabled: try values[SettingsTable.semanticRouterEnabled],
                minimumSimilarity: try values[SettingsTable.semanticMinimumSimilarity],
                embedModel: try values[SettingsTable.semanticEmbedModel],
                ollamaURL: try values[SettingsTable.semanticOllamaURL],
                timeout: try values[SettingsTable.semanticTimeout]),
            intents: IntentRouter(
                isEnabled: try values[SettingsTable.intentRouterEnabled],
                isShadow: try values[SettingsTable.intentRouterShadow],
                isDecisionExposed: try values[SettingsTable.intentDecisionExposed],
                minimumConfidence: try values[SettingsTable.intentMinimumConfidence],
                minimumGap: try values[SettingsTable.intentMinimumGap],
                isCacheEnabled: try values[SettingsTable.intentCacheEnabled],
                cachePath: try values[SettingsTable.intentCachePath],
                cacheLifetime: try values[SettingsTable.intentCacheLifetime]))
        agents = Agents(
            directory: try values[SettingsTable.agentDirectory],
            mayPromptsExceedBudget: try values[SettingsTable.agentPromptsOverBudget])
        tools = Tools(
            maxOutputCharacters: try values[SettingsTable.toolOutputMaxCharacters],
            isOutputScrubbed: try values[SettingsTable.toolOutputScrubbed],
            directory: try values[SettingsTable.toolDirectory])
        sandbox = Sandbox(
            isEnabled: try values[SettingsTable.sandboxEnabled], isRequired: try values[SettingsTable.sandboxRequired],
            fallsBack: try values[SettingsTable.sandboxFallback], backend: try values[SettingsTable.sandboxBackend],
            image: try values[SettingsTable.sandboxImage], timeout: try values[SettingsTable.sandboxTimeout],
            memoryMegabytes: try values[SettingsTable.sandboxMemory],
            cpuShare: try values[SettingsTable.sandboxCPU],
            toolDirectory: try values[SettingsTable.sandboxToolDirectory])
        policy = try Policy(values, isProduction: server.environment == .production)
        receipts = Receipts(
            isEnabled: try values[SettingsTable.receiptsEnabled],
            databasePath: try values[SettingsTable.receiptsDatabasePath],
            keyPath: try values[SettingsTable.receiptKeyPath], logOrigin: try values[SettingsTable.logOrigin],
            isAuditPublic: try values[SettingsTable.auditPublic],
            trustPanel: TrustPanel(
                isEnabled: try values[SettingsTable.trustPanelEnabled],
                isDebugAllowed: try values[SettingsTable.trustPanelDebug],
                maxEvents: try values[SettingsTable.trustPanelMaxEvents],
                maxValueCharacters: try values[SettingsTable.trustPanelMaxValueCharacters]))
        privacy = Privacy(
            outputGuard: try values[SettingsTable.outputGuard],
            redactionStyle: try values[SettingsTable.redactionStyle])
        storage = Storage(
            instanceDirectory: try values[SettingsTable.instanceDirectory],
            assetsDirectory: try values[SettingsTable.assetsDirectory],
            secretKeyPath: try values[SettingsTable.secretKeyPath],
            isWALEnabled: try values[SettingsTable.walEnabled],
            retentionDays: Self.positive(try values[SettingsTable.retentionDays]),
            retentionMaxMegabytes: Self.positive(try values[SettingsTable.retentionMaxMegabytes]))
    }
}

extension Configuration {
    /// 0 as a setting means none.
    private static func positive(_ number: Int) -> Int? { number == 0 ? nil : number }
}

extension Configuration.Policy {
    init(_ values: SettingValues, isProduction: Bool) throws(SettingFault) {
        let isEnforced = try values[SettingsTable.toolPolicyEnforced]
        self.init(
            isEnforced: isProduction || isEnforced,
            path: try values[SettingsTable.toolPolicyPath],
            isApprovalEnforced: try values[SettingsTable.toolApprovalEnforced],
            approvalLifetime: try values[SettingsTable.toolApprovalLifetime],
            approvalDatabasePath: try values[SettingsTable.toolApprovalDatabasePath],
            areReviewsEnabled: try values[SettingsTable.reviewsEnabled],
            reviewDatabasePath: try values[SettingsTable.reviewDatabasePath],
            webhookURL: try values[SettingsTable.webhookURL], webhookSecret: try values[SettingsTable.webhookSecret],
            areDecisionsShown: try values[SettingsTable.policyDecisionsShown])
    }
}

extension Configuration.Models {
    init(_ values: SettingValues) throws(SettingFault) {
        let cap = try values[SettingsTable.maxOutputCharacters]
        self.init(
            isEnabled: try values[SettingsTable.modelsEnabled],
            isNetworkEnabled: try values[SettingsTable.modelNetworkEnabled],
            provider: try values[SettingsTable.provider],
            ollamaURL: try values[SettingsTable.ollamaURL],
            openAIBaseURL: try values[SettingsTable.openAIBaseURL],
            openAIAPIKey: try values[SettingsTable.openAIAPIKey],
            localModelPath: try values[SettingsTable.localModelPath],
            chat: try values[SettingsTable.chatModel],
            tool: try values[SettingsTable.toolModel],
            reasoner: try values[SettingsTable.reasonerModel],
            embedding: try values[SettingsTable.embeddingModel],
            allowlist: try values[SettingsTable.modelAllowlist],
            aliases: try values[SettingsTable.modelAliases],
            fallbacks: try values[SettingsTable.modelFallbacks],
            timeout: try values[SettingsTable.modelTimeout],
            healthTimeout: try values[SettingsTable.modelHealthTimeout],
            maxOutputCharacters: cap == 0 ? nil : cap,
            retryCount: try values[SettingsTable.retryCount],
            retryBackoff: try values[SettingsTable.retryBackoff],
            circuitMaxFailures: try values[SettingsTable.circuitMaxFailures],
            circuitReset: try values[SettingsTable.circuitReset])
    }
}

/// Effective texts by name, read through the types of their settings.
struct SettingValues {
    private let settings: [String: EffectiveSetting]

    init(_ settings: [EffectiveSetting]) {
        self.settings = Dictionary(settings.map { ($0.entry.name, $0) }) { first, _ in first }
    }

    /// The value of a setting. The texts have been checked before, so a throw means that a default is wrong.
    subscript<Value>(_ setting: Setting<Value>) -> Value {
        get throws(SettingFault) {
            try setting.type.parse(settings[setting.entry.name]?.text.exposed ?? setting.entry.standard.documented)
        }
    }

    /// Where the value of a setting comes from.
    func source(of entry: SettingEntry) -> SettingSource? {
        settings[entry.name]?.source
    }
}
