import OrchCore

/// What production refuses, all of it at once.
enum ProductionRules {
    static func check(_ configuration: Configuration, _ findings: inout StartRules.Findings) {
        checkTokens(configuration.auth, &findings)
        if configuration.limits.isRateLimitEnabled {
            findings.refuse(
                SettingsTable.rateLimitEnabled.entry,
                "production wants limits that all servers share (\(SettingsTable.rateLimitStorageURL.name)), which "
                    + "this version does not have yet: set it to 0 and limit rates in front of the server")
        }
        if [.trace, .debug].contains(configuration.logs.level) {
            findings.refuse(
                SettingsTable.logLevel.entry,
                "\(configuration.logs.level.rawValue) says too much for production: use info or above")
        }
        if !configuration.policy.isApprovalEnforced {
            findings.refuse(
                SettingsTable.toolApprovalEnforced.entry, "production wants approvals of unsafe tools: set it to 1")
        }
        if !configuration.sandbox.isRequired, configuration.sandbox.fallsBack {
            findings.refuse(
                SettingsTable.sandboxFallback.entry,
                "production runs no tool without the sandbox that should have one: set it to 0")
        }
        if !configuration.receipts.isEnabled {
            findings.refuse(SettingsTable.receiptsEnabled.entry, "production wants receipts: set it to 1")
        }
        if !configuration.storage.isWALEnabled {
            findings.refuse(
                SettingsTable.walEnabled.entry, "the durability of receipts rests on the WAL journal: set it to 1")
        }
    }

    private static func checkTokens(_ auth: Configuration.Auth, _ findings: inout StartRules.Findings) {
        if !auth.isBearerRequired {
            findings.refuse(SettingsTable.bearerRequired.entry, "production always wants a token: set it to 1")
        }
        if auth.bearerTokens.isEmpty {
            findings.refuse(
                SettingsTable.bearerTokens.entry,
                "production wants a token and none is set: `openssl rand -hex 24` prints one")
        }
        judge(auth.bearerTokens, of: SettingsTable.bearerTokens.entry, &findings)
        judge(auth.operatorTokens, of: SettingsTable.operatorTokens.entry, &findings)
        let bearers = Set(auth.bearerTokens.map(\.token))
        for (position, token) in auth.operatorTokens.enumerated() where bearers.contains(token.token) {
            findings.refuse(
                SettingsTable.operatorTokens.entry,
                "item \(position + 1) is a bearer token too: operators want tokens of their own")
        }
    }

    private static func judge(
        _ tokens: [NamedToken], of entry: SettingEntry, _ findings: inout StartRules.Findings
    ) {
        for (position, token) in tokens.enumerated() {
            guard let weakness = TokenStrength.weakness(of: token.token.exposed) else { continue }
            findings.refuse(entry, "item \(position + 1) \(weakness): `openssl rand -hex 24` prints a strong one")
        }
    }
}
