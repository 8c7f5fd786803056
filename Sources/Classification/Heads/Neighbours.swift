/// The labels that are nearest to each by their centroids.
struct Neighbours: Sendable {
    /// A head is trained against the texts of so many.
    static let most = 20

    /// The nearest labels of each, without itself, in no order that matters.
    let nearest: [[Int]]

    init(_ centroids: FloatRows, _ instructions: Instructions) {
        nearest = (0..<centroids.count).map { label in
            let row = centroids.row(label)
            let others = (0..<centroids.count).filter { $0 != label }
                .map { Ranked(index: $0, value: Double(centroids.dot($0, row, instructions))) }
            return Ranked.best(Self.most, of: others).map(\.index)
        }
    }
}
