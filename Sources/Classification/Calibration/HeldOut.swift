/// The scores of a text by heads that have not seen it.
struct HeldOut: Sendable {
    /// Its label.
    let own: Int
    let scores: [LabelScore]
    /// Labels that mean the same as its own.
    var same: [Int] = []

    /// The best score over labels with examples.
    var best: Double? { scores.filter { $0.kind == .learnt }.map(\.value).max() }

    /// The same without its own label and those that mean the same: what a text scores that belongs to none.
    var bestOfOthers: Double? {
        scores.filter { $0.kind == .learnt && $0.label != own && !same.contains($0.label) }.map(\.value).max()
    }
}
