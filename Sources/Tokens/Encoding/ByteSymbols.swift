/// What the merging of a piece begins with: a token for each byte.
struct ByteSymbols: Sendable {
    /// What becomes of a byte that has no token.
    enum Missing: Sendable {
        /// It is left out, and its neighbours do not meet (llama.cpp).
        case separates
        /// It is left out, and its neighbours meet (Hugging Face, without `unk_token`).
        case vanishes
        /// This token stands for it (Hugging Face's `unk_token`, not fused).
        case becomes(Int)
    }

    /// The id for each byte; `Merge.hole` for one that is left out.
    let ids: [UInt32]
    /// Whether a hole keeps its neighbours apart.
    let holesSeparate: Bool

    /// - Parameter ids: The id of each of the 256 bytes, nil where the vocabulary has none.
    init(_ ids: [Int?], missing: Missing) {
        let stand: UInt32 =
            switch missing {
            case .becomes(let id): UInt32(id)
            case .separates, .vanishes: Merge.hole
            }
        self.ids = ids.map { id in id.map { UInt32($0) } ?? stand }
        holesSeparate =
            switch missing {
            case .vanishes: false
            case .separates, .becomes: true
            }
    }
}
