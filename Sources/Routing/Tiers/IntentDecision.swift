package import OrchCore

/// What is done with a text, and why.
package struct IntentDecision: Sendable, Hashable {
    /// What happens next.
    package enum Outcome: String, Sendable, CaseIterable {
        /// A tool runs.
        case tool
        /// The model, or the local answer.
        case model
        /// A human decides; no tool runs, and no model is called.
        case human
        /// Nothing happens.
        case denied
    }

    /// What the decision rests on.
    package struct Evidence: Sendable, Hashable {
        /// The rule that matched.
        package var rule: String?
        /// The place of the deny or allow expression that matched, from 0.
        package var pattern: Int?
        package var candidate: SemanticCandidate?
        package var verdict: AmbiguityGuard.Verdict?
        /// What the candidate was held against.
        package var thresholds: RoutingThresholds?
        /// Why the text's meaning says nothing.
        package var absence: SemanticAbsence?
        package var isCacheHit = false
        /// What waits for a human.
        package var reviewID: String?

        package init() {}
    }

    /// Of this decision alone.
    package var id: String
    /// Of the tool policy; empty where there is none.
    package var policyHash: String
    /// From 0 to 3; see docs/routing.md.
    package var tier: Int
    /// The rule's id at tier 0, `allow_pattern`, or an intent's; nil where none was found.
    package var intentID: String?
    /// nil: no tool.
    package var tool: String?
    /// From the text at hand, never from a cache.
    package var params: JSONObject
    package var outcome: Outcome
    /// A word: a rule's reason, or one of those in docs/routing.md.
    package var reason: String
    package var confidence: Double
    /// nil where there was nothing to be apart from.
    package var gap: Double?
    package var evidence: Evidence
    /// The operator who decided, where one has.
    package var operatorName: String?

    package init(
        id: String = "", policyHash: String = "", tier: Int, intentID: String? = nil, tool: String? = nil,
        params: JSONObject = JSONObject(), outcome: Outcome, reason: String, confidence: Double, gap: Double? = nil,
        evidence: Evidence = Evidence(), operatorName: String? = nil
    ) {
        self.id = id
        self.policyHash = policyHash
        self.tier = tier
        self.intentID = intentID
        self.tool = tool
        self.params = params
        self.outcome = outcome
        self.reason = reason
        self.confidence = confidence
        self.gap = gap
        self.evidence = evidence
        self.operatorName = operatorName
    }

    /// Why nothing ran; nil where something may.
    package var denyReason: String? { outcome == .human || outcome == .denied ? reason : nil }

    /// Whether the same may be decided of the same text again without looking at its meaning.
    package var isCacheable: Bool {
        tier == 2 && evidence.verdict == .confident && outcome != .human && outcome != .denied
    }
}

/// Reasons that are not a rule's own.
package enum RouteReason {
    package static let noMatch = "no_match"
    package static let denied = "tier0_deny"
    package static let allowed = "allow_pattern"
    /// The policy has a human decide on this intent.
    package static let humanRequired = "tier3_required"
    package static let toolNotAllowed = "tool_not_allowed_for_agent"
}
