/// The labels that are nearest to each by their centroids.
struct Neighbours: Sendable {
    /// A head is trained against the texts of so many.
    static let most = 20

    /// The nearest labels of each, without itself, in no order that matters.
    let nearest: [[Int]]

    /// Those among them that mean the same: a text of one belongs to the other too.
    let same: [[Int]]
    /// The cosine of centroids from which on labels mean the same.
    private static let sameness = 0.9

    init(_ centroids: FloatRows, _ instructions: Instructions) {
        let ranked = (0..<centroids.count).map { label in
            let row = centroids.row(label)
            let best = Ranked.best(Self.most + 1, of: centroids.count) {
                // A label is as near to itself as can be, and its equals may stand before it.
                Ranked(index: $0, value: $0 == label ? 2 : Double(centroids.dot($0, row, instructions)))
            }
            return best.dropFirst()
        }
        nearest = ranked.map { $0.map(\.index) }
        same = ranked.map { $0.filter { $0.value >= Self.sameness }.map(\.index) }
    }
}
