package import OrchCore

/// What the rules say about one text.
package struct RouteDecision: Sendable, Hashable {
    /// nil when no rule matched.
    package var tool: String?
    /// The arguments for the tool.
    package var params: JSONObject
    /// From 0 to 1, rounded to 4 places.
    package var confidence: Double
    package var reason: String
    package var ruleID: String?

    package init(tool: String?, params: JSONObject, confidence: Double, reason: String, ruleID: String?) {
        self.tool = tool
        self.params = params
        self.confidence = confidence
        self.reason = reason
        self.ruleID = ruleID
    }

    /// The decision when no rule matched.
    package static let noMatch = RouteDecision(
        tool: nil, params: JSONObject(), confidence: 0, reason: "no_match", ruleID: nil)
}

/// A decision with the way that led to it.
package struct RouteExplanation: Sendable, Hashable {
    package var decision: RouteDecision
    /// Every rule of the policy, in order.
    package var trials: [RuleTrial]
    package var asksForAnalysis: Bool

    package init(decision: RouteDecision, trials: [RuleTrial], asksForAnalysis: Bool) {
        self.decision = decision
        self.trials = trials
        self.asksForAnalysis = asksForAnalysis
    }
}

/// What became of one rule.
package struct RuleTrial: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        /// The expression at this place in the rule's list matched.
        case matched(pattern: Int)
        case notMatched
        case disabled
        /// An earlier rule had matched.
        case notReached
    }

    package var ruleID: String
    package var outcome: Outcome

    package init(ruleID: String, outcome: Outcome) {
        self.ruleID = ruleID
        self.outcome = outcome
    }
}
