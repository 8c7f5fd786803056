/// A stored log as a check of all of it reads it: every row as it is, right or wrong, within one moment.
package protocol AuditStore {
    /// The log's keys, the first one first.
    func keys() throws -> [LogKey]

    /// The checkpoints of trees larger than one size and not larger than another, the smallest first.
    func checkpoints(after size: Int, through last: Int) throws -> [StoredCheckpoint]

    func newestCheckpoint() throws -> StoredCheckpoint?

    /// The leaves in a range of places, the first one first; fewer where some are missing.
    func leaves(_ range: Range<Int>) throws -> [StoredLeaf]

    /// The first hashes of a tile; fewer where fewer are there.
    func hashes(level: Int, index: Int, width: Int) throws -> [MerkleHash]

    func trace(_ id: [UInt8]) throws -> StoredTrace?

    /// How many traces are under way, or were when the process died.
    func openTraces() throws -> Int

    /// Rows that belong to nothing: leaves outside of the log's places, traces without a leaf, steps and salts without a
    /// trace. At most ``AuditReport/maximumFindings`` of each.
    func strangers(treeSize: Int) throws -> [AuditReport.Finding]
}

/// A row of the log's leaves.
package struct StoredLeaf: Sendable {
    package var index: Int
    package var traceID: [UInt8]
    package var bytes: [UInt8]

    package init(index: Int, traceID: [UInt8], bytes: [UInt8]) {
        self.index = index
        self.traceID = traceID
        self.bytes = bytes
    }
}

/// A row of the log's checkpoints.
package struct StoredCheckpoint: Sendable {
    package var size: Int
    /// A signed note.
    package var note: String

    package init(size: Int, note: String) {
        self.size = size
        self.note = note
    }
}
