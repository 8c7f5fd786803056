/// A part of the program, in the order of the reference.
package enum SettingArea: String, Sendable, CaseIterable {
    case server, auth, limits, logs, metrics, llm, egress, tokens, routing, agents, tools, policy, sandbox
    case receipts, privacy, memory, storage, otel

    /// The heading in the reference.
    package var title: String {
        switch self {
        case .server: "Server"
        case .auth: "Authentication"
        case .limits: "Limits"
        case .logs: "Logs"
        case .metrics: "Metrics"
        case .llm: "Models"
        case .egress: "Outbound connections"
        case .tokens: "Tokens"
        case .routing: "Routing"
        case .agents: "Agents"
        case .tools: "Tools"
        case .policy: "Policy and approvals"
        case .sandbox: "Sandbox"
        case .receipts: "Receipts"
        case .privacy: "Privacy"
        case .memory: "Memory"
        case .storage: "Storage"
        case .otel: "OpenTelemetry"
        }
    }
}
