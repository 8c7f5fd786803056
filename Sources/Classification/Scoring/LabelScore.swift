/// What speaks for a label before calibration.
struct LabelScore: Sendable {
    enum Kind: Sendable {
        /// Of a label with examples: its head's value and its texts' nearness.
        case learnt
        /// Of a label without examples: the cosine to its description.
        case described
    }

    let label: Int
    let kind: Kind
    let value: Double
}
