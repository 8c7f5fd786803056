/// Arithmetic on embedded vectors, in double precision and from the first component to the last.
enum VectorMath {
    /// Of unit vectors; nil where they do not compare.
    static func cosine(_ one: [Float], _ other: [Float]) -> Double? {
        guard one.count == other.count, !one.isEmpty else { return nil }
        var sum = 0.0
        for place in one.indices { sum += Double(one[place]) * Double(other[place]) }
        return sum.isFinite ? sum : nil
    }

    /// The mean, not of unit length; of those that are as long as the first.
    static func mean(_ vectors: [[Float]]) -> [Float] {
        guard let first = vectors.first else { return [] }
        var sums = [Double](repeating: 0, count: first.count)
        for vector in vectors where vector.count == sums.count {
            for place in sums.indices { sums[place] += Double(vector[place]) }
        }
        return sums.map { Float($0 / Double(vectors.count)) }
    }
}
