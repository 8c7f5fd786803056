package import OrchCore

/// What an answer carries of its receipt: where its leaf is, and the signed tree head that covers it.
package struct Receipt: Sendable, Equatable {
    package var traceID: TraceID
    /// The leaf's place in the log, counted from 0.
    package var leafIndex: Int
    package var leafHash: MerkleHash
    /// A signed note; see ``SignedCheckpoint``.
    package var checkpoint: String

    package init(traceID: TraceID, leafIndex: Int, leafHash: MerkleHash, checkpoint: String) {
        self.traceID = traceID
        self.leafIndex = leafIndex
        self.leafHash = leafHash
        self.checkpoint = checkpoint
    }
}
