package import OrchAgents
package import OrchCore
package import OrchRouting

/// Decides what is done with a text: by the rules, by which intent it had, by its meaning, or by a human.
package struct RequestRouter: Sendable {
    /// Who acts.
    package enum Mode: Sendable {
        /// The rules; behind them meaning, where it is on.
        case plain
        /// The intent router's tiers.
        case tiers
        /// The plain router, and the tiers only watch.
        case shadow
    }

    /// The longest text that is looked up in the cache.
    private static let maximumRememberedBytes = 1 << 16

    package let mode: Mode
    package let tiers: TierRouter
    /// Whether the plain router asks meaning behind the rules.
    private let plainAsksMeaning: Bool
    private let meaning: Meaning
    private let memory: IntentMemory?
    private let now: Now

    package init(
        mode: Mode, tiers: TierRouter, plainAsksMeaning: Bool, meaning: Meaning, memory: IntentMemory?,
        now: @escaping Now
    ) {
        self.mode = mode
        self.tiers = tiers
        self.plainAsksMeaning = plainAsksMeaning
        self.meaning = meaning
        self.memory = memory
        self.now = now
    }

    /// The rules alone.
    package init(rules: RuleRouter) {
        let thresholds = RoutingThresholds(minimumSimilarity: 1, minimumConfidence: 1, minimumGap: 1)
        self.init(
            mode: .plain, tiers: TierRouter(rules: rules, ambiguity: AmbiguityGuard(thresholds)),
            plainAsksMeaning: false, meaning: .absent(.disabled), memory: nil, now: { Timestamp(microseconds: 0) })
    }

    /// Whether a text may leave this machine to be looked at.
    var leavesMachine: Bool { meaning.leavesMachine && (plainAsksMeaning || mode != .plain) }

    /// What is done with a text.
    ///
    /// - Parameter agent: Whose tools alone may run.
    package func route(_ text: String, agent: Agent? = nil) async -> Routed {
        var look = Look()
        var routed: Routed
        switch mode {
        case .plain:
            routed = Routed(allowed(await plain(text, &look), agent), by: .plain)
        case .tiers:
            routed = Routed(allowed(await tiered(text, agent, &look), agent), by: .tiers)
        case .shadow:
            routed = Routed(allowed(await plain(text, &look), agent), by: .plain)
            routed.shadow = allowed(await tiered(text, agent, &look), agent)
        }
        routed.cacheOutcome = look.cacheOutcome
        (routed.reading, routed.readingTime) = (look.reading, look.time)
        routed.hashes = look.reading == nil && look.cacheOutcome != .hit ? nil : meaning.hashes
        return routed
    }

    /// Of a turn that is not routed: whether it is refused all the same.
    package func refusal(of text: String) -> Routed? {
        guard mode == .tiers, let pattern = tiers.gate.denying(text) else { return nil }
        return Routed(tiers.denial(pattern), by: .tiers)
    }

    // MARK: Ways

    private func plain(_ text: String, _ look: inout Look) async -> IntentDecision {
        if let decision = tiers.immediate(text, usesGate: false) { return decision }
        let noMatch = IntentDecision(
            policyHash: tiers.policyHash, tier: 0, outcome: .model, reason: RouteReason.noMatch, confidence: 0)
        guard plainAsksMeaning else { return noMatch }
        let decision = tiers.judged(await read(text, &look), text)
        guard decision.intentID == nil else { return decision }
        var unmatched = decision
        unmatched.reason = noMatch.reason
        return unmatched
    }

    private func tiered(_ text: String, _ agent: Agent?, _ look: inout Look) async -> IntentDecision {
        if let decision = tiers.immediate(text) { return decision }
        let thresholds = tiers.ambiguity.thresholds
        // Signing a long text takes longer than it saves.
        let memory = text.utf8.count <= Self.maximumRememberedBytes ? self.memory : nil
        let key = memory.map { memory in
            (
                memory: memory,
                signature: memory.signature(
                    of: text,
                    IntentSignature.Context(
                        intents: "\(meaning.hashes.intents) \(meaning.hashes.learned)",
                        embedder: meaning.hashes.embedder,
                        thresholds: thresholds.spelling, agent: agent?.name.text))
            )
        }
        if let key {
            if let known = key.memory.candidate(key.signature, policyHash: tiers.policyHash, at: now()) {
                look.cacheOutcome = .hit
                return tiers.judged(.candidate(known), text, isRemembered: true)
            }
            look.cacheOutcome = .miss
        }
        let decision = tiers.judged(await read(text, &look), text)
        if let key, decision.isCacheable, let candidate = decision.evidence.candidate {
            key.memory.remember(candidate, key.signature, policyHash: tiers.policyHash, at: now())
        }
        return decision
    }

    /// A tool that the agent has not does not run, and nobody is asked whether it may.
    private func allowed(_ decision: IntentDecision, _ agent: Agent?) -> IntentDecision {
        guard let tool = decision.tool, let agent, !agent.tools.contains(tool) else { return decision }
        var other = decision
        (other.tool, other.params, other.outcome) = (nil, JSONObject(), .model)
        other.reason = RouteReason.toolNotAllowed
        // Nobody is asked.
        if other.tier == 3 { other.tier = other.evidence.rule != nil ? 0 : other.evidence.isCacheHit ? 1 : 2 }
        return other
    }

    // MARK: Meaning

    /// What was looked at for one text, once.
    private struct Look {
        var cacheOutcome: Routed.CacheOutcome?
        var reading: Meaning.Reading?
        var time = Duration.zero
    }

    private func read(_ text: String, _ look: inout Look) async -> SemanticFinding {
        if let reading = look.reading { return reading.finding }
        let start = ContinuousClock.now
        let reading = await meaning.read(text)
        look.time = start.duration(to: .now)
        look.reading = reading
        return reading.finding
    }
}
