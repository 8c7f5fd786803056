/// Series of numbers, one for each turn; sums run from the first to the last, so that the result has always the same
/// bits.
enum Series {
    /// How many standard deviations each number is above the mean; 0 throughout where all are equal. What is missing
    /// or no finite number takes no part, and gets 0.
    static func zScores(_ numbers: [Double?]) -> [Double] {
        let known = numbers.compactMap { $0 }.filter(\.isFinite)
        guard let first = known.first, known.contains(where: { $0 != first }) else {
            return [Double](repeating: 0, count: numbers.count)
        }
        let count = Double(known.count)
        let mean = known.reduce(0, +) / count
        let deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        return numbers.map { number in
            guard let number, number.isFinite, deviation > 0 else { return 0 }
            return (number - mean) / deviation
        }
    }

    /// Each number as the mean of those around it, up to `reach` on either side: the nearer and the heavier, the more
    /// they count. The weight falls evenly with the distance, to nothing at `reach + 1`.
    ///
    /// - Parameter weights: One for each number, above 0.
    static func smoothed(_ numbers: [Double], weights: [Double], reach: Int) -> [Double] {
        numbers.indices.map { place in
            var (sum, total) = (0.0, 0.0)
            for near in max(place - reach, 0)...min(place + reach, numbers.count - 1) {
                let weight = Double(reach + 1 - abs(place - near)) * weights[near]
                sum += weight * numbers[near]
                total += weight
            }
            return total > 0 ? sum / total : 0
        }
    }

    /// The numbers moved and stretched to reach from `low` to `high`; all in the middle where they are equal.
    static func spread(_ numbers: [Double], from low: Double, to high: Double) -> [Double] {
        guard let least = numbers.min(), let most = numbers.max(), most > least else {
            return [Double](repeating: low + (high - low) / 2, count: numbers.count)
        }
        return numbers.map { low + (high - low) * (($0 - least) / (most - least)) }
    }
}
