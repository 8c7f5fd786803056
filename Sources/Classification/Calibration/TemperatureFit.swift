/// The temperature under which held-out texts' own labels are likeliest, with the default one as a prior.
struct TemperatureFit {
    /// Log-odds of a text's labels, less those of its own.
    private let texts: [[Double]]
    private static let steps = 40
    private static let bounds = 0.1...10.0

    init(_ heldOut: [HeldOut], _ calibration: (LabelScore) -> Double) {
        texts = heldOut.compactMap { text in
            guard let own = text.scores.first(where: { $0.label == text.own }).map(calibration) else { return nil }
            return text.scores.map { calibration($0) - own }
        }
    }

    /// The zero of a rising derivative: by Newton's steps where they stay between what is known to be too low and too
    /// high, else by halving.
    func temperature() -> Double {
        guard !texts.isEmpty else { return Calibration.default.temperature }
        var (low, high) = (Self.bounds.lowerBound, Self.bounds.upperBound)
        var temperature = Calibration.default.temperature
        for _ in 0..<Self.steps {
            let (first, second) = derivatives(temperature)
            if first == 0 { break }
            if first > 0 { high = temperature } else { low = temperature }
            let next = temperature - first / second
            let step = next > low && next < high ? next : (low + high) / 2
            if (step - temperature).magnitude <= 1e-12 * temperature { break }
            temperature = step
        }
        return temperature
    }

    private func derivatives(_ temperature: Double) -> (first: Double, second: Double) {
        let weight = Calibration.weight * Calibration.information.temperature
        var first = weight * (temperature - Calibration.default.temperature)
        var second = weight
        for text in texts {
            let highest = text.max() ?? 0
            var (sum, mean, square) = (0.0, 0.0, 0.0)
            for value in text {
                let power = FixedReals.exponential(temperature * (value - highest))
                sum += power
                mean += power * value
                square += power * value * value
            }
            mean = mean / sum
            first += mean
            second += square / sum - mean * mean
        }
        return (first, second)
    }
}
