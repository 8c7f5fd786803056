/// Whether decisions are right as often as their confidence says. In whole numbers: figures have 4 places.
struct Reliability: Sendable {
    /// Decisions of about one confidence.
    struct Bin: Sendable {
        fileprivate(set) var count = 0
        fileprivate(set) var right = 0
        /// The sum of the confidences, in 1/10,000.
        fileprivate var confidence = 0

        /// nil of none.
        var meanConfidence: Double? { count == 0 ? nil : Reliability.rounded(confidence, count * 10_000) }
        var shareRight: Double? { count == 0 ? nil : Reliability.rounded(right, count) }
    }

    /// By tenths; the last one holds 1, too.
    private(set) var bins = [Bin](repeating: Bin(), count: 10)

    mutating func add(confidence: Double, isRight: Bool) {
        let parts = Int((min(max(confidence, 0), 1) * 10_000).rounded())
        let place = min(parts / 1000, 9)
        bins[place].count += 1
        bins[place].confidence += parts
        if isRight { bins[place].right += 1 }
    }

    var count: Int { bins.reduce(0) { $0 + $1.count } }

    /// How far confidence and share are apart, by the decision; nil where there is none.
    var expectedCalibrationError: Double? {
        let distance = bins.reduce(0) { $0 + abs($1.confidence - $1.right * 10_000) }
        return count == 0 ? nil : Self.rounded(distance, count * 10_000)
    }

    /// A share with 4 places.
    static func rounded(_ part: Int, _ whole: Int) -> Double {
        (Double(part) * 10_000 / Double(whole)).rounded() / 10_000
    }
}
