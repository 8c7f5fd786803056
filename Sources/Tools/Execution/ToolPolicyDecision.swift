package import OrchCore

/// What the tool policy says about one call.
package struct ToolPolicyDecision: Sendable, Hashable {
    package let allowed: Bool
    /// A stable word, such as `policy_default_deny`.
    package let reason: String
    /// The rule that decided, if one did.
    package let rule: String?

    package init(allowed: Bool, reason: String, rule: String? = nil) {
        self.allowed = allowed
        self.reason = reason
        self.rule = rule
    }
}

/// Asks the policy about a tool and its arguments, which fit the schema by then.
package typealias ToolPolicyCheck = @Sendable (Tool, JSONObject) -> ToolPolicyDecision
