import GRDB
package import OrchCore
package import OrchReceipts

/// Reads the log from SQLite.
package struct SQLiteLogReader: LogReader {
    package let database: TraceDatabase

    package init(database: TraceDatabase) {
        self.database = database
    }

    package func checkpoint() async throws(ReceiptError) -> SignedCheckpoint? {
        try await database.read { try Self.newest($0) }
    }

    package func keys() async throws(ReceiptError) -> [LogKey] {
        try await database.read { try LogKeys.all($0) }
    }

    package func evidence(of trace: TraceID) async throws(ReceiptError) -> TraceEvidence? {
        try await database.read { db in
            let stored = try StoredTrace.read(db, trace)
            let log = try Self.inLog(db, trace)
            return stored == nil && log == nil ? nil : TraceEvidence(stored: stored, log: log)
        }
    }

    package func consistency(from: Int, to: Int?) async throws(ReceiptError) -> ConsistencyProof? {
        try await database.read { db in
            guard let size = try Self.newest(db)?.checkpoint.size else { return nil }
            let to = to ?? size
            guard from >= 1, from <= to, to <= size else { return nil }
            var (first, second) = (Self.proofs(db, from), Self.proofs(db, to))
            return ConsistencyProof(
                from: from, to: to, fromRoot: try first.root(), toRoot: try second.root(),
                hashes: try second.consistency(from: from))
        }
    }

    package func tile(_ path: TilePath) async throws(ReceiptError) -> [UInt8]? {
        try await database.read { db in
            let size = try Self.newest(db)?.checkpoint.size ?? 0
            let level = if case .hashes(let level) = path.kind { level } else { 0 }
            guard path.width <= Tile.hashes(level: level, index: path.index, treeSize: size) else { return nil }
            guard case .entries = path.kind else {
                let hashes = try StoredTiles(db).hashes(level: level, index: path.index, width: path.width)
                return hashes.count == path.width ? hashes.joinedBytes : nil
            }
            return try Self.entries(db, path)
        }
    }

    // MARK: Within one access

    private static func newest(_ db: Database) throws -> SignedCheckpoint? {
        try StoredCheckpoint.newest(db).map { try SignedCheckpoint(parsing: $0.note) }
    }

    private static func proofs(_ db: Database, _ size: Int) -> ProofMaker {
        let tiles = StoredTiles(db)
        return ProofMaker(treeSize: size) { try tiles.hashes(level: $0, index: $1, width: $2) }
    }

    private static func inLog(_ db: Database, _ trace: TraceID) throws -> TraceEvidence.InLog? {
        let statement = try RawStatement(
            db, "SELECT leaf_index, leaf_json FROM log_leaves WHERE leaf_index = ?1 AND trace_id = ?2")
        guard let place = try StoredTraceReader(db).leafIndex(Array(trace.description.utf8)) else { return nil }
        statement.bind(1, place)
        statement.bind(2, trace.description)
        defer { statement.reset() }
        guard try statement.step(), let checkpoint = try newest(db) else { return nil }
        let (index, leaf) = (statement.integer(0), statement.bytes(1))
        guard index >= 0, index < checkpoint.checkpoint.size else { return nil }
        var proofs = proofs(db, checkpoint.checkpoint.size)
        return TraceEvidence.InLog(
            index: index, leaf: leaf, treeHash: try proofs.leaf(at: index), proof: try proofs.inclusion(of: index),
            checkpoint: checkpoint)
    }

    /// Leaves, each with its length in two bytes in front (C2SP tlog-tiles).
    private static func entries(_ db: Database, _ path: TilePath) throws -> [UInt8]? {
        let statement = try RawStatement(
            db, "SELECT leaf_json FROM log_leaves WHERE leaf_index >= ?1 AND leaf_index < ?2 ORDER BY leaf_index")
        let first = path.index * Tile.width
        statement.bind(1, first)
        statement.bind(2, first + path.width)
        defer { statement.reset() }
        var bytes: [UInt8] = []
        var count = 0
        while try statement.step() {
            statement.withBytes(0) { leaf in
                bytes.append(UInt8(truncatingIfNeeded: leaf.count >> 8))
                bytes.append(UInt8(truncatingIfNeeded: leaf.count))
                bytes.append(contentsOf: leaf)
            }
            count += 1
        }
        return count == path.width ? bytes : nil
    }
}
