/// The intent that a text's meaning speaks for, and how clearly. Figures are rounded to 4 places.
package struct SemanticCandidate: Sendable, Hashable {
    package var intentID: String
    /// The probability that the text belongs to any intent at all: s.
    package var similarity: Double
    /// The probability of this intent: s × p1.
    package var confidence: Double
    /// To the next intent: p1 − p2.
    package var gap: Double
    /// The next intent; nil where there is no other.
    package var runnerUp: String?
    /// Its probability, p2; nil where there is none.
    package var runnerUpProbability: Double?

    package init(
        intentID: String, similarity: Double, confidence: Double, gap: Double, runnerUp: String? = nil,
        runnerUpProbability: Double? = nil
    ) {
        self.intentID = intentID
        self.similarity = similarity
        self.confidence = confidence
        self.gap = gap
        self.runnerUp = runnerUp
        self.runnerUpProbability = runnerUpProbability
    }
}

/// Why a text's meaning was not looked at, or says nothing. Words of a closed set, which decisions and metrics show.
package enum SemanticAbsence: String, Sendable, CaseIterable {
    /// The semantic router is off.
    case disabled = "semantic_router_disabled"
    /// There are no intents.
    case noIntents = "no_intents"
    /// Intents are being learned for the first time.
    case learning = "intents_not_learned"
    /// No embedder is installed.
    case embedderMissing = "embedder_missing"
    /// The embedder failed, or is paused after failures.
    case embedderDown = "embedder_unavailable"
    case embedderSlow = "embedder_timeout"
    /// Too many texts wait for the embedder.
    case embedderBusy = "embedder_busy"
    /// The text is longer than what is embedded.
    case tooLong = "text_too_long"
    /// The text holds nothing that an embedder knows.
    case emptyText = "text_without_meaning"
}

/// What the meaning of a text says.
package enum SemanticFinding: Sendable, Hashable {
    case candidate(SemanticCandidate)
    case none(SemanticAbsence)
}
