import OrchCore

/// A policy that cannot be compiled, with the rule that is to blame.
package struct RoutingError: CodedError, Equatable {
    package enum Code: String, Sendable {
        case invalidPattern = "invalid_pattern"
        case duplicateRuleID = "duplicate_rule_id"
        case invalidRule = "invalid_rule"
    }

    package let code: Code
    /// nil when the fault is outside the rules: in the defaults or among the analysis expressions.
    package let ruleID: String?
    /// The rule's place in the policy, from 0.
    package let ruleIndex: Int?
    /// The expression's place in the rule's list (or among the analysis expressions), from 0.
    package let patternIndex: Int?
    /// What is wrong, without saying where.
    package let reason: String

    package var codeName: String { code.rawValue }

    package var message: String {
        let place = ruleID.map { "rule `\($0)`" } ?? (patternIndex == nil ? "defaults" : "analysis_request")
        guard let patternIndex else { return "\(place): \(reason)" }
        return "\(place), pattern \(patternIndex + 1): \(reason)"
    }

    init(_ code: Code, ruleID: String?, ruleIndex: Int? = nil, patternIndex: Int? = nil, reason: String) {
        self.code = code
        self.ruleID = ruleID
        self.ruleIndex = ruleIndex
        self.patternIndex = patternIndex
        self.reason = reason
    }
}
