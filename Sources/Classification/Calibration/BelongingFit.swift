/// Logistic regression of whether a text belongs to a label on the best score, with the default figures as a prior.
struct BelongingFit {
    private struct Sample {
        let score: Double
        let weight: Double
        /// 1 for a text that belongs, -1 for one that does not.
        let sign: Double
    }

    private typealias Line = Calibration.Line
    private static let steps = 30
    private static let halvings = 20
    /// Bounds on the slope: within them a higher score always speaks for a label.
    private static let slopes = 0.25...20

    private let samples: [Sample]
    private let start: Line

    /// Texts of labels weigh as much as one each and as expected of all texts; those that stand for others, the rest.
    ///
    /// - Parameter labels: How many there are.
    init(_ heldOut: [HeldOut], labels: Int) {
        start = Calibration.default.expecting(labels).learnt
        let belonging = heldOut.compactMap(\.best)
        let others = heldOut.compactMap(\.bestOfOthers)
        guard !belonging.isEmpty, !others.isEmpty else {
            samples = []
            return
        }
        let expected = Calibration.expectedBelonging(of: labels)
        let share = Double(belonging.count) / Double(others.count)
        samples =
            belonging.map { Sample(score: $0, weight: expected, sign: 1) }
            + others.map { Sample(score: $0, weight: (1 - expected) * share, sign: -1) }
    }

    /// Newton's steps, halved until the loss falls.
    func line() -> Calibration.Line {
        guard !samples.isEmpty else { return start }
        var line = start
        var loss = loss(line)
        for _ in 0..<Self.steps {
            let direction = direction(line)
            var size = 1.0
            var found: (line: Line, loss: Double)?
            for _ in 0..<Self.halvings where found == nil {
                let next = Line(slope: line.slope - size * direction.slope, shift: line.shift - size * direction.shift)
                let nextLoss = self.loss(next)
                if nextLoss < loss { found = (next, nextLoss) }
                size = size / 2
            }
            guard let found else { break }
            (line, loss) = found
        }
        line.slope = min(max(line.slope, Self.slopes.lowerBound), Self.slopes.upperBound)
        return line
    }

    private func loss(_ line: Line) -> Double {
        let (slope, shift) = (line.slope - start.slope, line.shift - start.shift)
        let information = Calibration.information
        var sum =
            Calibration.weight / 2
            * (information.slope * slope * slope + 2 * information.both * slope * shift
                + information.shift * shift * shift)
        for sample in samples { sum += sample.weight * FixedReals.softplus(-sample.sign * line(sample.score)) }
        return sum
    }

    /// The gradient through the inverse of the second derivatives.
    private func direction(_ line: Line) -> Line {
        let (slope, shift) = (line.slope - start.slope, line.shift - start.shift)
        let information = Calibration.information
        let weight = Calibration.weight
        var gradient = (
            weight * (information.slope * slope + information.both * shift),
            weight * (information.both * slope + information.shift * shift)
        )
        var second = (weight * information.slope, weight * information.both, weight * information.shift)
        for sample in samples {
            let probability = FixedReals.logistic(line(sample.score))
            let error = sample.weight * (probability - (sample.sign > 0 ? 1 : 0))
            let curvature = sample.weight * probability * (1 - probability)
            gradient.0 += error * sample.score
            gradient.1 += error
            second.0 += curvature * sample.score * sample.score
            second.1 += curvature * sample.score
            second.2 += curvature
        }
        let determinant = second.0 * second.2 - second.1 * second.1
        guard determinant > 0 else { return Line(slope: 0, shift: 0) }
        return Line(
            slope: (second.2 * gradient.0 - second.1 * gradient.1) / determinant,
            shift: (second.0 * gradient.1 - second.1 * gradient.0) / determinant)
    }
}
