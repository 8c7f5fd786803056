package import OrchCore

/// What the tool policy says about one call.
package struct ToolPolicyDecision: Sendable, Hashable {
    package let allowed: Bool
    /// A stable word, such as `policy_default_deny`.
    package let reason: String
    /// The rule that decided, if one did.
    package let rule: String?
    /// Why the call would have been denied, were the policy enforced; nil where it is, or would have allowed it.
    package let wouldDeny: String?
    /// Whether the call's arguments, or something else that is not known yet, may still change it.
    package let isConditional: Bool

    package init(
        allowed: Bool, reason: String, rule: String? = nil, wouldDeny: String? = nil, isConditional: Bool = false
    ) {
        self.allowed = allowed
        self.reason = reason
        self.rule = rule
        self.wouldDeny = wouldDeny
        self.isConditional = isConditional
    }

    /// Writes `{"allowed","reason","rule","would_deny"?,"conditional"?}`.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("allowed", allowed)
        writer.member("reason", reason)
        writer.member("rule", orNull: rule)
        if let wouldDeny { writer.member("would_deny", wouldDeny) }
        if isConditional { writer.member("conditional", true) }
        writer.endObject()
    }
}

/// The tool policy, as tools ask it.
package struct ToolPolicyCheck: Sendable {
    /// A call that is let in, and a way to say that it does not run after all, so that it does not count.
    package typealias Admission = (decision: ToolPolicyDecision, withdraw: (@Sendable () -> Void)?)

    /// Decides on a call whose arguments fit the schema, and counts it where calls are counted.
    package let admit: @Sendable (_ tool: Tool, _ arguments: JSONObject, _ call: ToolCall) -> Admission
    /// What the policy says of a tool whatever its arguments, for listings.
    package let outlook: @Sendable (_ tool: Tool) -> ToolPolicyDecision

    package init(
        admit: @escaping @Sendable (_ tool: Tool, _ arguments: JSONObject, _ call: ToolCall) -> Admission,
        outlook: @escaping @Sendable (_ tool: Tool) -> ToolPolicyDecision
    ) {
        self.admit = admit
        self.outlook = outlook
    }

    /// Says the same of every call.
    package static func always(_ decision: ToolPolicyDecision) -> ToolPolicyCheck {
        ToolPolicyCheck(admit: { _, _, _ in (decision, nil) }, outlook: { _ in decision })
    }
}
