/// Which label a text belongs to. All figures have four decimal places.
package struct Classification: Sendable, Hashable {
    package struct Candidate: Sendable, Hashable {
        /// The place of the label among the classifier's.
        package let label: Int
        /// How likely it is this one, if the text belongs to any.
        package let probability: Double

        package init(label: Int, probability: Double) {
            self.label = label
            self.probability = probability
        }
    }

    /// How likely the text belongs to any of the labels.
    package let belonging: Double
    /// The best three labels, or all of fewer, the likeliest first; of equal ones the earlier label first.
    package let candidates: [Candidate]
    /// How likely the text belongs to the first candidate: the product of both probabilities, rounded at the end.
    package let confidence: Double

    /// How much likelier the first candidate is than the second.
    package var gap: Double {
        guard let first = candidates.first else { return 0 }
        return FixedReals.toFourPlaces(first.probability - (candidates.count > 1 ? candidates[1].probability : 0))
    }

    package init(belonging: Double, candidates: [Candidate], confidence: Double) {
        self.belonging = belonging
        self.candidates = candidates
        self.confidence = confidence
    }
}
