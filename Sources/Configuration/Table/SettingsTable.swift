/// Every setting of the program. Names are fixed: other people's scripts use them.
package enum SettingsTable {
    /// All settings, area by area, in the order of the reference.
    package static let all: [SettingEntry] = SettingArea.allCases.flatMap(entries)

    /// The settings of one area.
    package static func entries(of area: SettingArea) -> [SettingEntry] {
        switch area {
        case .server: server
        case .auth: auth
        case .limits: limits
        case .logs: logs
        case .metrics: metrics
        case .llm: models
        case .egress: egress
        case .tokens: tokens
        case .routing: routing + semanticRouting + intentRouting
        case .agents: agents
        case .tools: tools
        case .policy: policy
        case .sandbox: sandbox
        case .receipts: receipts + trustPanel
        case .privacy: privacy
        case .memory: memory
        case .storage: storage
        case .otel: telemetry
        }
    }

    /// The setting of this exact name.
    package static func entry(named name: String) -> SettingEntry? {
        byName[name]
    }

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    /// A setting that this version knows and does nothing with.
    static func planned<Value>(
        _ name: String,
        _ type: SettingType<Value>,
        default standard: SettingDefault,
        _ area: SettingArea,
        _ meaning: String,
        refuseUnlessDefault: Bool = false
    ) -> SettingEntry {
        let status = SettingStatus.planned(refuseUnlessDefault: refuseUnlessDefault)
        return Setting(name, type, default: standard, area, meaning, status: status).entry
    }
}
