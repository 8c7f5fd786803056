/// Examples of .env files that name every setting.
package enum EnvironmentTemplate {
    /// The text of .env.example: everything commented out.
    package static var development: String {
        let head = [
            "# Settings of the orchestrator. Copy this file to .env and take the # from what you change.",
            "# Made from the settings table by `orch config docs --write`; docs/configuration.md says more.",
            "# A bearer token is all that must be set: ./scripts/quickstart writes one.",
        ]
        return render(head, filledIn: [:])
    }

    /// The text of .env.production.example: what production needs is filled in, with tokens that it refuses.
    package static var production: String {
        let head = [
            "# Settings of the orchestrator in production. Copy this file to .env and replace the tokens: production",
            "# refuses these. `openssl rand -hex 24` prints one. Rates are limited in front of the server, since limits",
            "# that several servers share are not in this version yet.",
            "# Made from the settings table by `orch config docs --write`; docs/configuration.md says more.",
        ]
        return render(head, filledIn: productionValues)
    }

    /// What production needs; the tokens are placeholders.
    private static let productionValues = [
        "ORCH_ENV": "production",
        "ORCH_REQUIRE_BEARER": "1",
        "ORCH_BEARER_TOKEN": "clients:replace-me-with-openssl-rand-hex-24",
        "ORCH_OPERATOR_TOKEN": "operator:replace-me-with-another-openssl-rand-hex-24",
        "ORCH_RATE_LIMIT_ENABLED": "0",
        "ORCH_LOG_LEVEL": "INFO",
        "ORCH_TRACE_ENABLED": "1",
        "ORCH_SQLITE_WAL_ENABLED": "1",
    ]

    private static func render(_ head: [String], filledIn: [String: String]) -> String {
        var lines = head
        for area in SettingArea.allCases {
            lines += ["", "# --- \(area.title)"]
            for entry in SettingsTable.entries(of: area) {
                lines += ["", comment(entry)]
                let standard = "#" + DotEnv.assignment(entry.name, entry.standard.assignable)
                lines.append(filledIn[entry.name].map { DotEnv.assignment(entry.name, $0) } ?? standard)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func comment(_ entry: SettingEntry) -> String {
        var text = "# \(entry.meaning) (\(entry.typeName)"
        if entry.standard.derivation != .literal { text += "; default: \(entry.standard.documented)" }
        text += ")"
        switch entry.status {
        case .used: break
        case .planned(refuseUnlessDefault: false): text += "; no effect yet"
        case .planned(refuseUnlessDefault: true): text += "; not in this version: leave it"
        }
        return text
    }
}
