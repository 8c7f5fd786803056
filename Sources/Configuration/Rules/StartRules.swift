import OrchCore

/// What must hold between settings before the program starts.
enum StartRules {
    struct Findings {
        var violations: [ConfigurationViolation] = []
        var warnings: [ConfigurationWarning] = []
        private let values: SettingValues

        init(values: SettingValues) {
            self.values = values
        }

        mutating func refuse(_ entry: SettingEntry, _ reason: String) {
            violations.append(ConfigurationViolation(entry.name, reason, source: explicitSource(of: entry)))
        }

        mutating func warn(_ entry: SettingEntry, _ message: String) {
            warnings.append(ConfigurationWarning(entry.name, message, source: explicitSource(of: entry)))
        }

        private func explicitSource(of entry: SettingEntry) -> SettingSource? {
            values.source(of: entry).flatMap { $0.isExplicit ? $0 : nil }
        }
    }

    static func findings(in configuration: Configuration, values: SettingValues) -> Findings {
        var findings = Findings(values: values)
        switch configuration.server.environment {
        case .development:
            checkBearer(configuration, &findings)
            checkJournal(configuration, &findings)
        case .production:
            ProductionRules.check(configuration, &findings)
        }
        adviseAlways(configuration, values, &findings)
        return findings
    }

    private static func checkBearer(_ configuration: Configuration, _ findings: inout Findings) {
        let auth = configuration.auth
        guard auth.isBearerRequired else {
            if !configuration.server.host.isLoopback {
                findings.refuse(
                    SettingsTable.bearerRequired.entry,
                    "0 would let anybody in who reaches \(configuration.server.host): "
                        + "set it to 1, or ORCH_HOST to 127.0.0.1")
            }
            return
        }
        if auth.bearerTokens.isEmpty {
            findings.refuse(
                SettingsTable.bearerTokens.entry,
                "a token is required and none is set: ./scripts/quickstart writes one to .env, and "
                    + "`openssl rand -hex 24` prints one")
        }
    }

    private static func checkJournal(_ configuration: Configuration, _ findings: inout Findings) {
        if configuration.receipts.isEnabled, !configuration.storage.isWALEnabled {
            findings.refuse(
                SettingsTable.walEnabled.entry,
                "0 is not possible while receipts are on: their durability rests on the WAL journal in this version; "
                    + "set it to 1, or ORCH_TRACE_ENABLED to 0")
        }
    }

    private static func checkWebhook(_ policy: Configuration.Policy, _ findings: inout Findings) {
        if policy.webhookURL != nil, policy.webhookSecret == nil {
            findings.refuse(
                SettingsTable.webhookSecret.entry,
                "ORCH_WEBHOOK_URL is set and its calls would not be signed: `openssl rand -hex 32` prints a secret")
        }
        if let secret = policy.webhookSecret?.exposed, !isWebhookSecret(secret) {
            findings.refuse(
                SettingsTable.webhookSecret.entry,
                "it is too short, or not what stands behind whsec_ in Standard Webhooks: `openssl rand -hex 32` prints "
                    + "a secret")
        }
        if policy.webhookURL == nil, policy.webhookSecret != nil {
            findings.warn(SettingsTable.webhookSecret.entry, "nothing is announced: ORCH_WEBHOOK_URL is not set")
        }
    }

    private static func adviseRouting(_ routing: Configuration.Routing, _ findings: inout Findings) {
        guard routing.mode == .basic else { return }
        for (isOn, entry) in [
            (routing.semantic.isEnabled, SettingsTable.semanticRouterEnabled.entry),
            (routing.intents.isEnabled, SettingsTable.intentRouterEnabled.entry),
            (routing.intents.isShadow, SettingsTable.intentRouterShadow.entry),
        ] where isOn {
            findings.warn(entry, "nothing is routed while ORCH_ORCHESTRATOR_MODE is basic: set it to advanced")
        }
    }

    private static func isWebhookSecret(_ text: String) -> Bool {
        let prefix = "whsec_"
        guard text.hasPrefix(prefix) else { return text.utf8.count >= 16 }
        return Base64.decode(text.dropFirst(prefix.count)).map { $0.count >= 24 } ?? false
    }

    private static func adviseAlways(
        _ configuration: Configuration, _ values: SettingValues, _ findings: inout Findings
    ) {
        if configuration.tokens.safetyMargin < 1 {
            findings.warn(
                SettingsTable.tokenSafetyMargin.entry,
                "below 1.0, counts that are made without a vocabulary may come out too low")
        }
        checkWebhook(configuration.policy, &findings)
        adviseRouting(configuration.routing, &findings)
        let callers = Set(configuration.auth.bearerTokens.map(\.name))
        for token in configuration.auth.operatorTokens where callers.contains(token.name) {
            findings.warn(
                SettingsTable.operatorTokens.entry,
                "an operator and a bearer are both called \(token.name): who asks must not be who allows, so give tokens "
                    + "names of their own (name:token)")
            break
        }
        let answersEverywhere = configuration.server.host.address?.isUnspecified == true
        if answersEverywhere, values.source(of: SettingsTable.allowedHosts.entry)?.isExplicit != true {
            findings.warn(
                SettingsTable.allowedHosts.entry,
                "ORCH_HOST is every interface, yet only clients on this machine are answered until the names by which "
                    + "others call the server are listed here")
        }
    }
}
