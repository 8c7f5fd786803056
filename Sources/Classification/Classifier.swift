import OrchCore

/// Labels that were learnt: which of them the vector of a text belongs to, and how sure that is.
///
/// A classification is the same bits on every processor, in every build, and after ``encoded()`` and
/// ``init(decoding:instructions:)``.
package final class Classifier: Sendable {
    /// SHA-256 of the labels' ids, descriptions and examples in their order, of the embedder's hash, and of the
    /// format's version, in hexadecimal.
    package let key: String
    /// The hash of what makes the vectors.
    package let embedder: String
    /// How many numbers a vector has.
    package let dimensions: Int
    /// The labels' ids in their order.
    package let labels: [String]
    /// What training did; all zeros where this was decoded.
    package let statistics: TrainingStatistics
    let texts: TextTable
    /// Of all examples and of each fold, by their hashes.
    let heads: [TextHash: Head]
    /// The hash of each label's head of all examples; nil for labels without examples.
    let current: [TextHash?]
    let calibration: Calibration
    private let scorer: LabelScorer
    private let instructions: Instructions

    init(
        key: String, embedder: String, labels: [String], texts: TextTable, heads: [TextHash: Head],
        current: [TextHash?], calibration: Calibration, statistics: TrainingStatistics, _ instructions: Instructions
    ) {
        self.key = key
        self.embedder = embedder
        dimensions = texts.vectors.dimensions
        self.labels = labels
        self.statistics = statistics
        self.texts = texts
        self.heads = heads
        self.current = current
        self.calibration = calibration
        self.instructions = instructions
        scorer = LabelScorer(
            texts, members: texts.members.map { $0.rows(without: nil) },
            heads: current.map { hash in hash.flatMap { heads[$0] } }, instructions)
    }

    /// The ``key`` of labels before they are learnt.
    package static func key(of labels: [LabelledTexts], embedder: String) -> String {
        var hasher = ContentHasher("labels")
        hasher.add(embedder)
        hasher.add(UInt64(labels.count))
        for label in labels {
            hasher.add(label.id)
            hasher.add(label.meaning)
            hasher.add(UInt64(label.examples.count))
            for example in label.examples { hasher.add(example) }
        }
        return hasher.finish().withBytes { Hexadecimal.encode($0) }
    }

    /// Which label a vector of ``dimensions`` numbers and length 1 belongs to. One that holds what is no number is
    /// taken for the zero vector, which belongs to none.
    package func classify(_ vector: [Float]) -> Classification {
        precondition(vector.count == dimensions, "a vector of another embedder")
        let query = Query(vector, stride: texts.vectors.stride, instructions)
        return calibration.classification(scorer.scores(query))
    }
}
