/// Which intent a text had, and how sure that was.
///
/// It holds no words of the text and no arguments: those always come from the text at hand.
package struct CachedIntent: Sendable, Equatable {
    /// Bytes of an id in UTF-8. What has a longer one is not cached.
    package static let maximumIDBytes = 1024

    package let intentID: String
    /// The probability that the text belongs to any intent. This and the others are from 0 to 1, in steps of 1/10000.
    package let similarity: Double
    package let confidence: Double
    package let gap: Double
    /// The intent that came second; nil where there was none.
    package let runnerUp: String?
    /// Its probability; nil exactly where ``runnerUp`` is.
    package let runnerUpProbability: Double?

    /// Rounds to the nearest step, so that a decision is the same before and after it was stored. What is no number is
    /// 0: as unsure as can be. A runner-up without its probability, or a probability without its intent, is left out.
    package init(
        intentID: String, similarity: Double, confidence: Double, gap: Double, runnerUp: String? = nil,
        runnerUpProbability: Double? = nil
    ) {
        self.intentID = intentID
        self.similarity = Self.step(similarity)
        self.confidence = Self.step(confidence)
        self.gap = Self.step(gap)
        let isWhole = runnerUp != nil && runnerUpProbability != nil
        self.runnerUp = isWhole ? runnerUp : nil
        self.runnerUpProbability = isWhole ? runnerUpProbability.map(Self.step) : nil
    }

    /// Whether the cache takes it: its ids are neither empty nor too long.
    var isCacheable: Bool { Self.isID(intentID) && runnerUp.map(Self.isID) ?? true }

    static func isID(_ text: String) -> Bool { (1...maximumIDBytes).contains(text.utf8.count) }

    /// Whether ``init(intentID:similarity:confidence:gap:runnerUp:runnerUpProbability:)`` leaves a figure as it is.
    static func isStep(_ value: Double) -> Bool { step(value) == value }

    private static func step(_ value: Double) -> Double {
        guard !value.isNaN else { return 0 }
        return (min(max(value, 0), 1) * 10_000).rounded() / 10_000
    }
}
