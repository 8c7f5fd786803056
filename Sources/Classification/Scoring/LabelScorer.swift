/// Scores of labels for vectors: all of them roughly, in integers, and then the best few exactly, so that a thousand
/// labels take hardly longer than sixteen.
struct LabelScorer: Sendable {
    /// How many labels are scored exactly.
    static let kept = 16
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
    let roughBiases: [Double]
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
        var roughBiases: [Double] = []
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
                head.map { scale.learnt.slope * Double($0.bias) + scale.learnt.shift } ?? scale.described.shift)
        }
        rough = ByteRows(sums)
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
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { sums in
            rough.multiply(query, into: sums, instructions)
            return Ranked.best(Self.kept, of: count) {
                Ranked(index: $0, value: Double(sums[$0]) * Double(rough.scales[$0] * query.scale) + roughBiases[$0])
            }
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
