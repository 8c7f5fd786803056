import CEmbeddings

/// What one head is trained on.
struct HeadPlan: Sendable {
    let hash: TextHash
    let positives: [UInt32]
    let negatives: [UInt32]
    /// How many neighbours the label lacks. The zero vector stands for them.
    let missing: Int

    /// What errors cost: more on a label's own texts, which are fewer.
    private static let cost = (own: 6.0, other: 2.0)
    private static let passes = 50
    private static let tolerance = 0.01

    init(positives: [UInt32], neighbours: [[UInt32]], missing: Int, of table: TextTable, embedder: String) {
        self.positives = positives
        self.missing = missing
        // In the order of their hashes, so that the order of labels changes no bit.
        let sorted = neighbours.map { (hash: table.hash(of: $0), rows: $0) }.sorted { $0.hash < $1.hash }
        negatives = sorted.flatMap(\.rows)
        var hasher = ContentHasher("head")
        hasher.add(embedder)
        hasher.add([table.hash(of: positives)])
        hasher.add(sorted.map(\.hash))
        hasher.add(UInt64(missing))
        hash = hasher.finish()
    }

    func train(_ vectors: FloatRows, _ instructions: Instructions) -> Head {
        let ids = positives + negatives
        var scratch = [Double](repeating: 0, count: cem_head_scratch(ids.count))
        var bias: Float = 0
        let weights = [Float](unsafeUninitializedCapacity: vectors.stride) { weights, count in
            ids.withUnsafeBufferPointer { ids in
                var problem = cem_head_problem()
                problem.table = UnsafePointer(vectors.numbers)
                problem.width = vectors.stride
                problem.ids = ids.baseAddress
                problem.positives = positives.count
                problem.count = ids.count
                problem.positive_cost = Self.cost.own
                problem.negative_cost = Self.cost.other
                problem.origin_cost = Double(missing) * Self.cost.other
                problem.passes = Self.passes
                problem.tolerance = Self.tolerance
                bias = cem_train_head(instructions.path, &problem, weights.baseAddress, &scratch)
            }
            count = vectors.stride
        }
        return Head(hash: hash, weights: Array(weights[..<vectors.dimensions]), bias: bias)
    }
}
