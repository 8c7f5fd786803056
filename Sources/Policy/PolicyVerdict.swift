/// What a policy says of one call.
package struct PolicyVerdict: Sendable, Hashable {
    package var isAllowed: Bool
    /// A stable word: the rule's own, or one of ``PolicyReason``.
    package var reason: String
    /// The rule that decided; nil if none did.
    package var rule: String?
    /// The condition that was not met.
    package var unmet: PolicyCondition?
    /// A condition that depends on what is not known of the call. The verdict then takes it for met.
    package var open: PolicyCondition?
    /// The place that the call has taken among those that the rule allows in an hour.
    package var ticket: CallCounter.Ticket?

    init(isAllowed: Bool, reason: String, rule: String? = nil, unmet: PolicyCondition? = nil) {
        self.isAllowed = isAllowed
        self.reason = reason
        self.rule = rule
        self.unmet = unmet
    }
}

/// A condition's key in the policy's file.
package enum PolicyCondition: String, Sendable, CaseIterable {
    case minimumInputLength = "min_input_len"
    case maximumInputLength = "max_input_len"
    case maximumCallsPerHour = "max_calls_per_hour"
    case agents
    case hours
    case arguments = "args"
}

/// The words for what no rule has a word of its own for.
package enum PolicyReason {
    package static let allow = "policy_allow"
    package static let deny = "policy_deny"
    package static let defaultDeny = "policy_default_deny"
    package static let requiresSafe = "policy_requires_safe"
    package static let conditionFailed = "deny:policy_condition_failed"
    /// The policy wants receipts, and none are made.
    package static let receiptsRequired = "policy_receipts_required"
    /// There is no policy file.
    package static let missing = "policy_missing"
    /// The policy is not enforced.
    package static let disabled = "policy_disabled"
}

/// A verdict with the way that led to it.
package struct PolicyExplanation: Sendable {
    package enum Outcome: Sendable, Hashable {
        case notMatched
        /// The rule decided.
        case decided
        /// An earlier rule had decided.
        case notReached
    }

    package var verdict: PolicyVerdict
    /// Every rule in order.
    package var rules: [(name: String, action: PolicyRule.Action, outcome: Outcome)]
}
