/// A linear regressor that is near 1 for what belongs to a label, and near -1 for what belongs to its neighbours.
struct Head: Sendable {
    /// Hash of all that it was made of.
    let hash: TextHash
    let weights: [Float]
    let bias: Float

    /// Whether all is finite and within the format's bounds.
    var isUsable: Bool {
        func isWithin(_ value: Float) -> Bool { value.magnitude <= ClassifierFormat.weightLimit }
        return isWithin(bias) && weights.allSatisfy(isWithin)
    }
}
