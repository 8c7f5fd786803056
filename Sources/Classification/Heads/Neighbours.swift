/// The labels that are nearest to each by their centroids.
struct Neighbours: Sendable {
    /// A head is trained against the texts of so many.
    static let most = 20

    /// The nearest labels of each, without itself, in no order that matters.
    let nearest: [[Int]]

    init(_ centroids: FloatRows, _ instructions: Instructions) {
        nearest = (0..<centroids.count).map { label in
            let row = centroids.row(label)
            let best = Ranked.best(Self.most + 1, of: centroids.count) {
                // A label is as near to itself as can be, and its equals may stand before it.
                Ranked(index: $0, value: $0 == label ? 2 : Double(centroids.dot($0, row, instructions)))
            }
            return best.dropFirst().map(\.index)
        }
    }
}
