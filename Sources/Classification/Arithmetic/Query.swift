import CEmbeddings

/// A vector that is asked about: as floats filled up to a row's size, and as integers of 14 bits with a scale.
struct Query {
    let floats: [Float]
    let integers: [Int16]
    let scale: Float

    /// - Parameter vector: Where it holds what is no number, the query is the zero vector.
    init(_ vector: some Collection<Float>, stride: Int, _ instructions: Instructions) {
        precondition(vector.count <= stride, "a vector of more dimensions than the labels' texts")
        var floats = [Float](repeating: 0, count: stride)
        floats.replaceSubrange(0..<vector.count, with: vector)
        let square = cem_dot(instructions.path, floats, floats, stride)
        if !square.isFinite { floats = [Float](repeating: 0, count: stride) }
        self.init(row: floats, instructions)
    }

    /// Its sketch, to be held against sketches.
    func sketched(by sketch: Sketch, _ instructions: Instructions) -> Query {
        floats.withUnsafeBufferPointer { floats in
            guard let start = floats.baseAddress else { return self }
            return Query(row: sketch.values(start), instructions)
        }
    }

    private init(row: [Float], _ instructions: Instructions) {
        var integers = [Int16](repeating: 0, count: row.count)
        var scale: Float = 0
        cem_quantise(instructions.path, row, 1, row.count, &integers, &scale)
        floats = row
        self.integers = integers
        self.scale = scale
    }
}
