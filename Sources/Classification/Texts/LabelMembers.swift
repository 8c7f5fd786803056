/// The rows of texts that belong to a label.
struct LabelMembers: Sendable {
    /// Different examples, in the order of their hashes.
    let examples: [UInt32]
    /// The description's row; nil where one of the examples says the same.
    let description: UInt32?

    /// Parts that are held out in turn.
    static let folds = 5
    /// How many examples a label needs for one to be held out.
    static let fewestForFolds = 2

    /// The fold that an example is held out of, by its place.
    private func fold(of place: Int) -> Int? {
        examples.count >= Self.fewestForFolds ? place % Self.folds : nil
    }

    /// All rows, or without the examples that a fold holds out.
    func rows(without fold: Int?) -> [UInt32] {
        let kept = examples.indices.filter { fold == nil || self.fold(of: $0) != fold }.map { examples[$0] }
        return kept + (description.map { [$0] } ?? [])
    }

    /// The examples that a fold holds out.
    func heldOut(of fold: Int) -> [UInt32] {
        examples.indices.filter { self.fold(of: $0) == fold }.map { examples[$0] }
    }
}
