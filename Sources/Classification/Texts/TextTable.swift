/// Every different text of the labels once, with its hash and its vector, and which labels it belongs to.
struct TextTable: Sendable {
    let hashes: [TextHash]
    let vectors: FloatRows
    let bytes: ByteRows
    let members: [LabelMembers]

    init(hashes: [TextHash], vectors: FloatRows, members: [LabelMembers]) {
        self.hashes = hashes
        self.vectors = vectors
        self.members = members
        bytes = ByteRows(vectors)
    }

    /// SHA-256 of the hashes of rows, in the hashes' order.
    func hash(of rows: [UInt32]) -> TextHash {
        var hasher = ContentHasher("rows")
        hasher.add(rows.map { hashes[Int($0)] }.sorted())
        return hasher.finish()
    }
}
