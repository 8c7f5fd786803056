/// Says whether a candidate may stand without a human. The score decides whether it is any intent, the gap whether it is
/// clear which, and the confidence whether it is sure enough.
package struct AmbiguityGuard: Sendable, Hashable {
    package enum Verdict: String, Sendable, CaseIterable {
        /// There is none.
        case noCandidate = "no_tool_selected"
        /// It belongs to no intent.
        case noMatch = "intent_router_no_match"
        case ambiguous = "hitl_ambiguous"
        case lowConfidence = "hitl_low_confidence"
        case confident = "intent_confident"

        /// Whether a human is asked.
        package var needsHuman: Bool { self == .ambiguous || self == .lowConfidence }
    }

    package let thresholds: RoutingThresholds
    private let overrides: [String: IntentOverride]

    /// - Parameter overrides: By the intents' ids.
    package init(_ thresholds: RoutingThresholds, overrides: [String: IntentOverride] = [:]) {
        self.thresholds = thresholds
        self.overrides = overrides
    }

    /// What holds for an intent: the policy's word over the intent's own, and that over the settings'.
    package func thresholds(for intent: Intent) -> RoutingThresholds {
        let override = overrides[intent.id]
        return RoutingThresholds(
            minimumSimilarity: thresholds.minimumSimilarity,
            minimumConfidence: override?.minimumConfidence ?? intent.minimumConfidence ?? thresholds.minimumConfidence,
            minimumGap: override?.minimumGap ?? intent.minimumGap ?? thresholds.minimumGap)
    }

    /// Whether a human decides on an intent, however clear it is.
    package func needsHuman(_ intentID: String) -> Bool { overrides[intentID]?.needsHuman ?? false }

    package static func verdict(on candidate: SemanticCandidate?, _ thresholds: RoutingThresholds) -> Verdict {
        guard let candidate else { return .noCandidate }
        if candidate.similarity < thresholds.minimumSimilarity { return .noMatch }
        if candidate.gap < thresholds.minimumGap { return .ambiguous }
        return candidate.confidence < thresholds.minimumConfidence ? .lowConfidence : .confident
    }
}
