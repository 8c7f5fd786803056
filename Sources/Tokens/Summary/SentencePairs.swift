/// How alike the candidates for a summary are, pair by pair: the cosine by words, or its mean with the cosine of the
/// embedded vectors where both have one.
struct SentencePairs {
    let count: Int
    private let cosines: [Double]

    /// - Parameters:
    ///   - units: A bounded number of them; what is made is a square.
    ///   - embedded: One for each unit.
    init(_ units: [Int], _ terms: TermVectors, embedded: [[Float]?]) {
        count = units.count
        var cosines: [Double] = []
        cosines.reserveCapacity(count * count)
        var scratch = terms.scratch
        for (row, unit) in units.enumerated() {
            var own = terms.cosines(of: unit, with: units, scratch: &scratch)
            if let vector = embedded[row] {
                for column in units.indices {
                    guard let other = embedded[column], let near = VectorMath.cosine(vector, other) else { continue }
                    own[column] = max((own[column] + near) / 2, 0)
                }
            }
            own[row] = 1
            cosines += own
        }
        self.cosines = cosines
    }

    /// The cosines of one with all, itself among them.
    subscript(row: Int) -> ArraySlice<Double> { cosines[row * count..<(row + 1) * count] }
}
