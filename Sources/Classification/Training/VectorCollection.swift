/// Vectors of texts: of a previous classifier where it has them, else newly made, in portions.
struct VectorCollection {
    /// How many texts are embedded at once.
    static let portion = 512

    let dimensions: Int
    private(set) var statistics = TrainingStatistics()

    init(dimensions: Int) { self.dimensions = dimensions }

    mutating func table(
        _ collection: TextCollection, reusing previous: TextTable?,
        vectors: (_ texts: [String]) async throws -> [[Float]], progress: (TrainingProgress) -> Void
    ) async throws -> TextTable {
        let count = collection.texts.count
        let rows = FloatRows(count: count, dimensions: dimensions)
        let missing = reuse(collection.hashes, of: previous, into: rows)
        statistics.textsReused = count - missing.count
        statistics.textsEmbedded = missing.count
        progress(TrainingProgress(phase: .embedding, done: statistics.textsReused, total: count))
        for start in stride(from: 0, to: missing.count, by: Self.portion) {
            try Task.checkCancellation()
            let portion = missing[start..<min(start + Self.portion, missing.count)]
            let found = try await vectors(portion.map { collection.texts[$0] })
            guard found.count == portion.count else {
                throw ClassifierError(.invalidVectors, "\(found.count) vectors came for \(portion.count) texts")
            }
            for (row, vector) in zip(portion, found) { try set(row, vector, in: rows) }
            progress(
                TrainingProgress(phase: .embedding, done: statistics.textsReused + portion.endIndex, total: count))
        }
        return TextTable(hashes: collection.hashes, vectors: rows, members: collection.members)
    }

    /// Copies what is known; returns the rows that are not.
    private func reuse(_ hashes: [TextHash], of previous: TextTable?, into rows: FloatRows) -> [Int] {
        guard let previous else { return Array(hashes.indices) }
        let known = Dictionary(zip(previous.hashes, previous.hashes.indices), uniquingKeysWith: { first, _ in first })
        return hashes.indices.filter { row in
            guard let other = known[hashes[row]] else { return true }
            rows.set(row, previous.vectors.values(other))
            return false
        }
    }

    private func set(_ row: Int, _ vector: [Float], in rows: FloatRows) throws(ClassifierError) {
        guard vector.count == dimensions else {
            throw ClassifierError(
                .invalidVectors, "a vector has \(vector.count) dimensions; the embedder's have \(dimensions)")
        }
        rows.set(row, vector)
        guard rows.isUsable(row) else {
            throw ClassifierError(.invalidVectors, "a vector holds what is no number, or is longer than 1")
        }
    }
}
