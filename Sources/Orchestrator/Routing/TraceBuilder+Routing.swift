import OrchCore
import OrchReceipts
import OrchRouting

/// The steps of a routing decision: what was found, what it was held against, and what came of it. Members are written in
/// the order of RFC 8785.
extension TraceBuilder {
    mutating func add(_ routed: Routed, mode: String) {
        for connection in routed.reading?.connections ?? [] { add(connection) }
        addMeaning(routed)
        addGuard(routed.shadow ?? routed.decision)
        let decision = routed.decision
        let (rule, intent) = (decision.evidence.rule.map(foreign), decision.intentID.map(foreign))
        let shadow = routed.shadow
        let shadowIntent = shadow?.intentID.map(foreign)
        add(.intentRouter) { json in
            if let outcome = routed.cacheOutcome { json.member("cache", outcome.rawValue) }
            json.key("confidence")
            json.number(decision.confidence)
            if let gap = decision.gap {
                json.key("gap")
                json.number(gap)
            }
            json.member("intent", orNull: intent)
            json.member("mode", mode)
            json.member("outcome", decision.outcome.rawValue)
            if let pattern = decision.evidence.pattern { json.member("pattern", pattern) }
            json.member("reason", decision.reason)
            if let review = decision.evidence.reviewID { json.member("review", review) }
            json.member("router", routed.router.rawValue)
            json.member("rule", orNull: rule)
            if let shadow {
                json.key("shadow")
                json.beginObject()
                json.key("confidence")
                json.number(shadow.confidence)
                json.member("intent", orNull: shadowIntent)
                json.member("mismatch", routed.isShadowMismatch ?? false)
                json.member("outcome", shadow.outcome.rawValue)
                if let pattern = shadow.evidence.pattern { json.member("pattern", pattern) }
                json.member("reason", shadow.reason)
                json.member("tier", shadow.tier)
                json.member("tool", orNull: shadow.tool)
                json.endObject()
            }
            json.member("tier", decision.tier)
            json.member("tool", orNull: decision.tool)
        }
    }

    /// What the text's meaning said, or what a cache knows of it.
    private mutating func addMeaning(_ routed: Routed) {
        guard let hashes = routed.hashes else { return }
        let evidence = (routed.shadow ?? routed.decision).evidence
        let candidate: SemanticCandidate? =
            if case .candidate(let found)? = routed.reading?.finding { found } else { evidence.candidate }
        let intent = candidate.map { foreign($0.intentID) }
        let runnerUp = candidate?.runnerUp.map(foreign)
        let time = routed.readingTime
        add(.semanticRouter) { json in
            if case .none(let absence)? = routed.reading?.finding { json.member("absence", absence.rawValue) }
            json.member("cache_hit", routed.reading == nil)
            if let candidate {
                json.key("confidence")
                json.number(candidate.confidence)
            }
            json.member("duration_us", time.microseconds)
            json.member("embedder", hashes.embedder)
            if let candidate {
                json.key("gap")
                json.number(candidate.gap)
                json.member("intent", orNull: intent)
            }
            json.member("intents", hashes.intents)
            json.member("learned", hashes.learned)
            if let candidate {
                json.member("runner_up", orNull: runnerUp)
                json.key("similarity")
                json.number(candidate.similarity)
            }
        }
    }

    private mutating func addGuard(_ decision: IntentDecision) {
        let evidence = decision.evidence
        guard let verdict = evidence.verdict else { return }
        add(.semanticAmbiguityGuard) { json in
            json.member("policy_hash", orNull: decision.policyHash.isEmpty ? nil : decision.policyHash)
            if let thresholds = evidence.thresholds { json.member("thresholds", thresholds) }
            json.member("verdict", verdict.rawValue)
        }
    }
}
