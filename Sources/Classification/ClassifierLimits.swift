import CEmbeddings

/// Bounds on what is learnt and decoded.
package enum ClassifierLimits {
    /// How many numbers a vector may have.
    package static let dimensions = 1...Int(CEM_BYTE_WIDTH_LIMIT)
    /// How many labels there may be.
    package static let labels = 1...10_000
    /// How many texts a classifier may have, its descriptions included.
    package static let texts = 4_000_000
    /// The length of an id or of an embedder's hash, in bytes.
    package static let nameBytes = 4096

    static func check(_ labels: [LabelledTexts]) throws(ClassifierError) {
        guard Self.labels.contains(labels.count) else {
            throw ClassifierError(
                .invalidLabels,
                "there are \(labels.count) labels; \(Self.labels.lowerBound) to \(Self.labels.upperBound) are taken")
        }
        var texts = labels.count
        for label in labels { texts += label.examples.count }
        guard texts <= Self.texts else {
            throw ClassifierError(
                .invalidLabels, "the labels have \(texts) texts; \(Self.texts) are taken, descriptions included")
        }
        for (index, label) in labels.enumerated() where label.id.utf8.count > nameBytes {
            throw ClassifierError(
                .invalidLabels, "the id of label \(index) has more than \(nameBytes) bytes")
        }
        guard Set(labels.map(\.id)).count == labels.count else {
            throw ClassifierError(.invalidLabels, "two labels have one id")
        }
    }
}
