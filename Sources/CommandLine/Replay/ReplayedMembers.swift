import OrchCore
import OrchReceipts

/// The members of a step that the same request, decided the same way, has again: none of time, outcome or cache.
struct ReplayedMembers: Sendable {
    /// What the part is called.
    let name: String
    let step: StepType
    /// nil: all of them.
    let members: [String]?
    /// Whether the step is there by what happened afterwards, too.
    var isOutcome = false

    /// - Parameter isCached: Whether a cache knew the text in one of the two: the tier says no more than that then.
    static func all(isCached: Bool) -> [ReplayedMembers] {
        let route = [
            "router", "mode", "outcome", "tool", "intent", "reason", "rule", "pattern", "confidence", "gap", "shadow",
        ]
        return [
            ReplayedMembers(name: "pins", step: .policySnapshot, members: nil),
            ReplayedMembers(
                name: "meaning", step: .semanticRouter,
                members: [
                    "intent", "similarity", "confidence", "gap", "runner_up", "absence", "embedder", "intents",
                    "learned",
                ]),
            ReplayedMembers(
                name: "guard", step: .semanticAmbiguityGuard, members: ["verdict", "thresholds", "policy_hash"]),
            ReplayedMembers(name: "routing", step: .intentRouter, members: isCached ? route : route + ["tier"]),
            ReplayedMembers(
                name: "policy", step: .toolExecution,
                members: [
                    "tool", "agent", "safe", "input_characters", "policy_reason", "policy_rule", "policy_would_deny",
                    "error",
                ]),
            ReplayedMembers(name: "prompt", step: .agentPromptGuardrail, members: nil),
            ReplayedMembers(
                name: "pruning", step: .tokenBudgetPrune,
                members: [
                    "strategy", "budget", "turns", "dropped_turns", "tokens_before", "tokens_after", "summary_added",
                    "summary",
                ]),
            ReplayedMembers(
                name: "tokens", step: .tokenUsage,
                members: ["input_tokens", "tokenizer", "fallback", "budget", "utilization"]),
            ReplayedMembers(name: "model", step: .tokenUsage, members: ["model", "reason", "tier"]),
            ReplayedMembers(name: "error", step: .error, members: ["code"], isOutcome: true),
        ]
    }

    /// Whether a step tells of the decision, and not of what became of it.
    func concerns(_ payload: JSONObject) -> Bool { payload["code"] == "context_length_exceeded" }

    /// A member, as far as it tells of the decision.
    func value(_ member: String, _ payload: JSONObject) -> JSONValue? {
        let value = payload[member]?.withCanonicalNumbers
        switch (step, member) {
        case (.toolExecution, "error"): return value.flatMap { Self.isRefusal($0) ? $0 : nil }
        case (.intentRouter, "shadow"):
            guard var shadow = value?.objectValue else { return value }
            // A cache may have known it.
            shadow["tier"] = nil
            return .object(shadow)
        case (.error, _): return concerns(payload) ? value : nil
        // Absent and null say the same.
        default: return value == .null ? nil : value
        }
    }

    /// What is said of a call before it runs; all else is what came of running it.
    private static func isRefusal(_ error: JSONValue) -> Bool {
        ["unknown_tool", "invalid_args", "policy_denied"].contains(error)
    }
}
