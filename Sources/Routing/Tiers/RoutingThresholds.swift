/// From where on a decision about a text's intent may stand without a human. All from 0 to 1.
package struct RoutingThresholds: Sendable, Hashable {
    /// Of the probability that the text belongs to any intent at all. Below: no intent.
    package var minimumSimilarity: Double
    /// Of the probability that it is the one that was found. Below: a human decides.
    package var minimumConfidence: Double
    /// Between the best two intents. Below: a human decides.
    package var minimumGap: Double

    package init(minimumSimilarity: Double, minimumConfidence: Double, minimumGap: Double) {
        self.minimumSimilarity = minimumSimilarity
        self.minimumConfidence = minimumConfidence
        self.minimumGap = minimumGap
    }

    /// All of them in one text, equal for equal thresholds alone.
    package var spelling: String { "\(minimumSimilarity) \(minimumConfidence) \(minimumGap)" }
}

/// What a tool policy says of one intent, over the settings.
package struct IntentOverride: Sendable, Hashable {
    package var minimumConfidence: Double?
    package var minimumGap: Double?
    /// Whether a human decides, however clear the case is.
    package var needsHuman: Bool

    package init(minimumConfidence: Double? = nil, minimumGap: Double? = nil, needsHuman: Bool = false) {
        self.minimumConfidence = minimumConfidence
        self.minimumGap = minimumGap
        self.needsHuman = needsHuman
    }
}
