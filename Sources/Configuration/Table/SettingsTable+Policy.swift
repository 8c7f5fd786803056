import OrchCore

extension SettingsTable {
    static let toolPolicyEnforced = Setting(
        "ORCH_TOOL_POLICY_ENFORCE", .bool, default: "0", .policy, "enforce the tool policy (production forces 1)")
    static let toolPolicyPath = Setting(
        "ORCH_TOOL_POLICY_PATH", .path, default: "config/tool_policy.yaml", .policy, "tool policy")
    static let toolApprovalEnforced = Setting(
        "ORCH_TOOL_APPROVAL_ENFORCE", .bool, default: "1", .policy, "unsafe tools need an approval")
    static let toolApprovalLifetime = Setting(
        "ORCH_TOOL_APPROVAL_TTL_SEC", .seconds(.seconds(1)...(.seconds(31_536_000))), default: "900", .policy,
        "approval lifetime")
    static let toolApprovalDatabasePath = Setting(
        "ORCH_TOOL_APPROVAL_DB_PATH", .path, default: .traceDatabase, .policy,
        "SQLite file of approvals, if it shall have its own")
    static let webhookURL = Setting(
        "ORCH_WEBHOOK_URL", .optional(.url(["http", "https"], example: "https://hooks.example.org/orch")),
        default: "", .policy, "announces reviews and approvals")
    static let webhookSecret = Setting(
        "ORCH_WEBHOOK_SECRET", .optional(.secret), default: "", .policy,
        "signs its calls: 16 characters or more, or `whsec_` and the Base64 of 24 bytes or more")
    static let policyDecisionsShown = Setting(
        "ORCH_POLICY_DECISIONS_IN_RESPONSE", .bool, default: "0", .policy, "policy_decision in tool results")

    static let policy = [
        toolPolicyEnforced.entry, toolPolicyPath.entry, toolApprovalEnforced.entry, toolApprovalLifetime.entry,
        toolApprovalDatabasePath.entry, webhookURL.entry, webhookSecret.entry, policyDecisionsShown.entry,
    ]

    static let reviewsEnabled = Setting(
        "ORCH_INTENT_HITL_ENABLED", .bool, default: "1", .routing, "queue for human review")
    static let reviewDatabasePath = Setting(
        "ORCH_INTENT_HITL_DB_PATH", .path, default: .traceDatabase, .routing,
        "SQLite file of the queue, if it shall have its own")
}
