import OrchCore

/// The tiers of a decision, each as a pure function of the text and of what was found: no tier looks anything up or waits.
///
/// The same text, policies and findings give the same decision.
package struct TierRouter: Sendable {
    package let rules: RuleRouter
    package let gate: GatePatterns
    package let intents: IntentCatalog
    package let ambiguity: AmbiguityGuard
    /// Of the tool policy; empty where there is none.
    package let policyHash: String

    package init(
        rules: RuleRouter, gate: GatePatterns = GatePatterns(), intents: IntentCatalog = IntentCatalog(),
        ambiguity: AmbiguityGuard, policyHash: String = ""
    ) {
        self.rules = rules
        self.gate = gate
        self.intents = intents
        self.ambiguity = ambiguity
        self.policyHash = policyHash
    }

    /// Tier 0: deny expressions, the rules, allow expressions.
    ///
    /// - Parameter usesGate: Without it the rules alone are asked, as the plain router does.
    /// - Returns: nil where none of them matches.
    package func immediate(_ text: String, usesGate: Bool = true) -> IntentDecision? {
        if usesGate, let pattern = gate.denying(text) { return denial(pattern) }
        let rule = rules.decide(text)
        if let tool = rule.tool {
            var decision = IntentDecision(
                policyHash: policyHash, tier: 0, intentID: rule.ruleID, tool: tool, params: rule.params,
                outcome: .tool, reason: rule.reason, confidence: rule.confidence)
            decision.evidence.rule = rule.ruleID
            return usesGate ? withHuman(decision) : decision
        }
        if usesGate, let pattern = gate.allowing(text) {
            var allowed = IntentDecision(
                policyHash: policyHash, tier: 0, intentID: RouteReason.allowed, outcome: .model,
                reason: RouteReason.allowed, confidence: 0.9)
            allowed.evidence.pattern = pattern
            return allowed
        }
        return nil
    }

    /// A deny expression has matched.
    package func denial(_ pattern: Int) -> IntentDecision {
        var denied = IntentDecision(
            policyHash: policyHash, tier: 0, outcome: .denied, reason: RouteReason.denied, confidence: 1)
        denied.evidence.pattern = pattern
        return denied
    }

    /// Tiers 1 to 3: what a text's meaning says, and whether it may stand.
    ///
    /// - Parameter isRemembered: Whether the finding is a cache's: tier 1.
    package func judged(_ finding: SemanticFinding, _ text: String, isRemembered: Bool = false) -> IntentDecision {
        let tier = isRemembered ? 1 : 2
        var evidence = IntentDecision.Evidence()
        evidence.isCacheHit = isRemembered
        guard case .candidate(let candidate) = finding, let intent = intents[candidate.intentID] else {
            if case .none(let absence) = finding { evidence.absence = absence }
            evidence.verdict = .noCandidate
            return IntentDecision(
                policyHash: policyHash, tier: tier, outcome: .model, reason: AmbiguityGuard.Verdict.noMatch.rawValue,
                confidence: 0, evidence: evidence)
        }
        let thresholds = ambiguity.thresholds(for: intent)
        let verdict = AmbiguityGuard.verdict(on: candidate, thresholds)
        (evidence.candidate, evidence.thresholds, evidence.verdict) = (candidate, thresholds, verdict)
        guard verdict != .noMatch else {
            return IntentDecision(
                policyHash: policyHash, tier: tier, outcome: .model, reason: verdict.rawValue,
                confidence: candidate.confidence, gap: candidate.gap, evidence: evidence)
        }
        let decision = IntentDecision(
            policyHash: policyHash, tier: verdict.needsHuman ? 3 : tier, intentID: intent.id, tool: intent.tool,
            params: intents.arguments(of: intent.id, for: text) ?? JSONObject(),
            outcome: verdict.needsHuman ? .human : intent.tool == nil ? .model : .tool, reason: verdict.rawValue,
            confidence: candidate.confidence, gap: candidate.gap, evidence: evidence)
        return verdict.needsHuman ? decision : withHuman(decision)
    }

    /// A decision that a human must confirm, where the policy says so.
    private func withHuman(_ decision: IntentDecision) -> IntentDecision {
        guard let intent = decision.intentID, ambiguity.needsHuman(intent) else { return decision }
        var decision = decision
        (decision.tier, decision.outcome, decision.reason) = (3, .human, RouteReason.humanRequired)
        return decision
    }
}
