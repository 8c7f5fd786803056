import OrchCore
package import OrchRouting

/// Tier 1: which intent a text had, for this policy, these intents, this embedder, these thresholds and this agent.
package struct IntentMemory: Sendable {
    package let cache: IntentCache
    private let signer: IntentSigner

    package init(cache: IntentCache, signer: IntentSigner) {
        self.cache = cache
        self.signer = signer
    }

    func signature(of text: String, _ context: IntentSignature.Context) -> IntentSignature {
        signer.signature(of: text, context: context)
    }

    func candidate(_ signature: IntentSignature, policyHash: String, at moment: Timestamp) -> SemanticCandidate? {
        cache.lookup(policyHash: Self.row(policyHash), signature: signature, at: moment).map(SemanticCandidate.init)
    }

    func remember(
        _ candidate: SemanticCandidate, _ signature: IntentSignature, policyHash: String, at moment: Timestamp
    ) {
        cache.insert(CachedIntent(candidate), policyHash: Self.row(policyHash), signature: signature, at: moment)
    }

    /// Where there is no policy, its hash is empty, and a row's may not be.
    private static func row(_ policyHash: String) -> String { policyHash.isEmpty ? "none" : policyHash }
}

extension SemanticCandidate {
    fileprivate init(_ known: CachedIntent) {
        self.init(
            intentID: known.intentID, similarity: known.similarity, confidence: known.confidence, gap: known.gap,
            runnerUp: known.runnerUp, runnerUpProbability: known.runnerUpProbability)
    }
}

extension CachedIntent {
    fileprivate init(_ candidate: SemanticCandidate) {
        self.init(
            intentID: candidate.intentID, similarity: candidate.similarity, confidence: candidate.confidence,
            gap: candidate.gap, runnerUp: candidate.runnerUp, runnerUpProbability: candidate.runnerUpProbability)
    }
}
