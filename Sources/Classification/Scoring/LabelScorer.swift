/// Scores of labels for vectors: all of them roughly, in integers, and then the best few exactly, so that a thousand
/// labels take hardly longer than a few.
struct LabelScorer: Sendable {
    /// How many labels are scored exactly, and how many are looked at for that beyond their sketches.
    static let kept = 6
    static let sketched = 32
    /// How many nearest texts of a label count.
    static let nearest = 5
    /// The weight of nearness beside the head's value.
    static let nearness = 5.0

    let members: [[UInt32]]
    let centroids: FloatRows
    /// The heads' weights and biases; for labels without examples zeros.
    let heads: FloatRows
    let biases: [Float]
    let isLearnt: [Bool]
    /// Rows whose products rank the labels, and what is added.
    let rough: ByteRows
    let roughBiases: [Float]
    /// The same rows in a third of the room.
    let sketches: ByteRows
    let sketch: Sketch
    let texts: TextTable
    let instructions: Instructions

    var count: Int { members.count }

    /// - Parameter heads: Of each label; nil where it has no examples.
    init(_ texts: TextTable, members: [[UInt32]], heads found: [Head?], _ instructions: Instructions) {
        let dimensions = texts.vectors.dimensions
        self.texts = texts
        self.members = members
        self.instructions = instructions
        centroids = FloatRows(count: members.count, dimensions: dimensions)
        heads = FloatRows(count: members.count, dimensions: dimensions)
        isLearnt = found.map { $0 != nil }
        biases = found.map { $0?.bias ?? 0 }
        let sums = FloatRows(count: members.count, dimensions: dimensions)
        var roughBiases: [Float] = []
        // Default figures bring both kinds of labels to one scale: what is only ranked needs no better.
        let scale = Calibration.default
        for (label, head) in found.enumerated() {
            centroids.setMean(label, of: members[label], in: texts.vectors, instructions)
            if let head { heads.set(label, head.weights) }
            let nearness = Float(head == nil ? scale.described.slope : scale.learnt.slope * Self.nearness)
            let slope = Float(scale.learnt.slope)
            let (sum, weights, centroid) = (sums.row(label), heads.row(label), centroids.row(label))
            for place in 0..<dimensions { sum[place] = weights[place] * slope + centroid[place] * nearness }
            roughBiases.append(
                Float(head.map { scale.learnt.slope * Double($0.bias) + scale.learnt.shift } ?? scale.described.shift))
        }
        rough = ByteRows(sums)
        sketch = Sketch(of: sums.stride)
        sketches = ByteRows(sketch.rows(sums))
        self.roughBiases = roughBiases
    }

    /// The exact scores of the best labels, in the order of labels.
    /// - Parameter own: A label that is scored in any case.
    func scores(_ query: Query, own: Int? = nil) -> [LabelScore] {
        var labels = Array(0..<count)
        if count > Self.kept {
            labels = best(query).map(\.index)
            if let own, !labels.contains(own) { labels.append(own) }
            labels.sort()
        }
        return labels.map { score($0, query) }
    }

    private func best(_ query: Query) -> [Ranked] {
        guard count > Self.sketched else { return best(of: 0..<count, query) }
        let sketched = query.sketched(by: sketch, instructions)
        let likely = withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { sums in
            sketches.multiply(sketched, into: sums, instructions)
            return withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { values in
                sketches.scales.withUnsafeBufferPointer { scales in
                    roughBiases.withUnsafeBufferPointer { biases in
                        let scale = sketched.scale
                        for label in 0..<values.count {
                            values[label] = Float(sums[label]) * (scales[label] * scale) + biases[label]
                        }
                    }
                }
                return Ranked.highest(Self.sketched, of: UnsafeBufferPointer(values))
            }
        }
        return best(of: likely.sorted(), query)
    }

    /// The best of some labels, which are in their order.
    private func best(of labels: some RandomAccessCollection<Int>, _ query: Query) -> [Ranked] {
        let labels = Array(labels)
        return Ranked.best(Self.kept, of: labels.count) { place in
            let label = labels[place]
            let sum = Float(rough.product(of: label, query, instructions))
            return Ranked(index: label, value: Double(sum * (rough.scales[label] * query.scale) + roughBiases[label]))
        }
    }

    private func score(_ label: Int, _ query: Query) -> LabelScore {
        let cosine = Double(centroids.dot(label, query.floats, instructions))
        guard isLearnt[label] else { return LabelScore(label: label, kind: .described, value: cosine) }
        let head = Double(heads.dot(label, query.floats, instructions) + biases[label])
        let nearest = Double(
            texts.bytes.meanOfNearest(Self.nearest, of: members[label], to: query, instructions))
        return LabelScore(label: label, kind: .learnt, value: head + Self.nearness * (cosine + nearest) / 2)
    }
}
