package import OrchCore

/// Reads the log: its head, its leaves, its tiles, and the proofs about them. Every call is bounded.
package protocol LogReader: Sendable {
    /// The newest checkpoint; nil before the log's first start.
    func checkpoint() async throws(ReceiptError) -> SignedCheckpoint?

    /// The log's keys, the first one first.
    func keys() async throws(ReceiptError) -> [LogKey]

    /// All that is there to judge a trace by, read at one moment; nil where there is no such trace.
    func evidence(of trace: TraceID) async throws(ReceiptError) -> TraceEvidence?

    /// That the log with so many leaves is the beginning of the log with so many others; nil where one of them is not
    /// from 1 to the log's size, or they are the wrong way round.
    ///
    /// - Parameter to: nil for the log as it is.
    func consistency(from: Int, to: Int?) async throws(ReceiptError) -> ConsistencyProof?

    /// The bytes of a tile; nil where the log has none of this index and width.
    func tile(_ path: TilePath) async throws(ReceiptError) -> [UInt8]?
}

/// A key of the log, and from where on it signs.
package struct LogKey: Sendable, Equatable {
    /// The size of the smallest tree that it signs; 0 for the first key.
    package var firstSize: Int
    package var key: VerifierKey
    /// The checkpoint that the key before it has signed, too; nil for the first key, or where that one was lost.
    package var note: String?

    package init(firstSize: Int, key: VerifierKey, note: String?) {
        self.firstSize = firstSize
        self.key = key
        self.note = note
    }
}

/// That one tree is the beginning of another.
package struct ConsistencyProof: Sendable, Equatable {
    package var from: Int
    package var to: Int
    package var fromRoot: MerkleHash
    package var toRoot: MerkleHash
    package var hashes: [MerkleHash]

    package init(from: Int, to: Int, fromRoot: MerkleHash, toRoot: MerkleHash, hashes: [MerkleHash]) {
        self.from = from
        self.to = to
        self.fromRoot = fromRoot
        self.toRoot = toRoot
        self.hashes = hashes
    }
}

/// What is stored about a trace, at one moment.
package struct TraceEvidence: Sendable {
    /// A leaf with the proof of its place.
    package struct InLog: Sendable {
        package var index: Int
        package var leaf: [UInt8]
        /// The hash in the tree at this place; it should be the leaf's.
        package var treeHash: MerkleHash
        package var proof: [MerkleHash]
        package var checkpoint: SignedCheckpoint

        package init(
            index: Int, leaf: [UInt8], treeHash: MerkleHash, proof: [MerkleHash], checkpoint: SignedCheckpoint
        ) {
            self.index = index
            self.leaf = leaf
            self.treeHash = treeHash
            self.proof = proof
            self.checkpoint = checkpoint
        }
    }

    /// nil where its row is gone and only the leaf is there.
    package var stored: StoredTrace?
    /// nil where no leaf names the trace.
    package var log: InLog?

    package init(stored: StoredTrace?, log: InLog?) {
        self.stored = stored
        self.log = log
    }
}
