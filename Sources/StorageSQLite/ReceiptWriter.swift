import GRDB
import OrchReceipts

/// Writes entries, and at the end of a batch the checkpoint that covers them, within one transaction.
struct ReceiptWriter {
    /// What a batch came to.
    struct Finished {
        /// By the places of their entries.
        var receipts: [(place: Int, receipt: Receipt)]
        var checkpoint: SignedCheckpoint
    }

    private let db: Database
    private let statements: Statements
    private var rows = NewRows()
    private var closings: [(entry: ReceiptEntry, leafIndex: Int)] = []
    private let key: SigningKey
    private(set) var head: LogHead
    private let firstSize: Int
    private var written: [(place: Int, receipt: Receipt)] = []

    init(_ db: Database, head: LogHead, key: SigningKey) throws {
        self.db = db
        statements = try Statements(db)
        self.head = head
        self.key = key
        firstSize = head.tree.size
    }

    /// Takes an entry, and numbers its leaf. It is written with the rest by ``finish(alsoSignedBy:)``.
    ///
    /// - Parameter place: By which ``finish(alsoSignedBy:)`` says whose receipt it is.
    mutating func write(_ entry: ReceiptEntry, place: Int = 0) throws {
        let index = head.tree.size
        switch entry.phase {
        case .whole: rows.add(entry, index)
        case .opening:
            rows.add(entry, nil)
            try statements.noteOpen(entry)
        case .closing: closings.append((entry, index))
        }
        rows.add(stepsOf: entry)
        guard let leaf = entry.leaf else { return }
        head.tree.append(leaf.hash)
        rows.add(leaf.bytes, of: entry.traceID, at: index)
        written.append(
            (place, Receipt(traceID: entry.id, leafIndex: index, leafHash: leaf.hash, checkpoint: "")))
    }

    /// The receipt of the leaf that was written last, its checkpoint not there yet.
    var lastReceipt: Receipt? { written.last?.receipt }

    /// Writes what was taken, signs the tree as it is now, and stores what has grown.
    ///
    /// - Parameter other: A second key, in a rotation.
    /// - Returns: nil where no leaf was added.
    mutating func finish(alsoSignedBy other: SigningKey? = nil) throws -> Finished? {
        try rows.insert(db)
        for (entry, leafIndex) in closings { try statements.close(entry, leafIndex) }
        closings = []
        let size = head.tree.size
        guard size > firstSize || size == 0 else { return nil }
        let checkpoint = Checkpoint(origin: key.verifier.name, size: size, root: head.tree.root)
        let signed =
            try other.map { try SignedCheckpoint(checkpoint, signedBy: key, $0) }
            ?? SignedCheckpoint(checkpoint, signedBy: key)
        for tile in head.tree.takeTiles() { try statements.insertTile(tile) }
        // Of the unfinished tile, the part that came with this batch.
        let isNewTile = size / Tile.width > firstSize / Tile.width
        let edge = head.tree.edge.suffix(isNewTile ? Tile.width : size - firstSize)
        let note = signed.text
        try statements.insertCheckpoint(size, note, Array(edge).joinedBytes)
        if isNewTile { try statements.thinCheckpoints(from: firstSize / Tile.width, to: size / Tile.width) }
        for index in written.indices { written[index].receipt.checkpoint = note }
        return Finished(receipts: written, checkpoint: signed)
    }
}

/// The rows that entries add, by their tables.
private struct NewRows {
    private static let traces = RowBatch.Table("traces(id, created_at, metadata_json)", columns: 3)
    private static let steps = RowBatch.Table("trace_steps(id, step_type, step_json, created_at)", columns: 4)
    private static let salts = RowBatch.Table("trace_salts(trace_id, salt, leaf_index)", columns: 3)
    private static let leaves = RowBatch.Table("log_leaves(leaf_index, trace_id, leaf_json)", columns: 3)

    private var traces = RowBatch(into: traces)
    private var steps = RowBatch(into: steps)
    private var salts = RowBatch(into: salts)
    private var leaves = RowBatch(into: leaves)

    mutating func add(_ entry: ReceiptEntry, _ leafIndex: Int?) {
        traces.beginRow(key: entry.traceID)
        traces.add(entry.trace)
        salts.beginRow(key: entry.traceID)
        salts.add(entry.traceID)
        salts.add(blob: entry.salt.bytes)
        salts.add(leafIndex)
    }

    mutating func add(stepsOf entry: ReceiptEntry) {
        for step in entry.steps {
            steps.beginRow(key: entry.traceID)
            steps.add(step.row)
        }
    }

    mutating func add(_ leaf: [UInt8], of traceID: String, at index: Int) {
        // They come by ascending indices.
        leaves.beginRow(key: "")
        leaves.add(index)
        leaves.add(traceID)
        leaves.add(text: leaf)
    }

    mutating func insert(_ db: Database) throws {
        try traces.insert(db)
        try steps.insert(db)
        try salts.insert(db)
        try leaves.insert(db)
    }
}

/// The writer's prepared statements; GRDB keeps them compiled with the connection.
private struct Statements {
    private let closeTrace: RawStatement
    private let noteLeaf: RawStatement
    private let insertOpen: RawStatement
    private let deleteOpen: RawStatement
    private let insertTile: RawStatement
    private let insertCheckpoint: RawStatement
    private let thinCheckpoints: RawStatement
    private let emptyEdges: RawStatement

    init(_ db: Database) throws {
        closeTrace = try RawStatement(
            db, "UPDATE traces SET metadata_json = ?3 WHERE id = ?1 AND created_at = ?2")
        noteLeaf = try RawStatement(
            db, "UPDATE trace_salts SET leaf_index = ?2 WHERE trace_id = ?1 AND leaf_index IS NULL")
        insertOpen = try RawStatement(db, "INSERT INTO open_traces(trace_id, commitments_json) VALUES (?1, ?2)")
        deleteOpen = try RawStatement(db, "DELETE FROM open_traces WHERE trace_id = ?1")
        insertTile = try RawStatement(
            db,
            """
            INSERT INTO log_tiles(level, tile_index, hashes) VALUES (?1, ?2, ?3)
            ON CONFLICT DO UPDATE SET hashes = ?3
            """)
        insertCheckpoint = try RawStatement(
            db,
            """
            INSERT INTO log_checkpoints(tree_size, note, edge) VALUES (?1, ?2, ?3)
            ON CONFLICT DO UPDATE SET note = ?2
            """)
        thinCheckpoints = try RawStatement(
            db,
            """
            DELETE FROM log_checkpoints WHERE tree_size < ?2 AND tree_size >
                (SELECT min(tree_size) FROM log_checkpoints WHERE tree_size > ?1)
            """)
        emptyEdges = try RawStatement(
            db, "UPDATE log_checkpoints SET edge = x'' WHERE tree_size > ?1 AND tree_size < ?2")
    }

    func noteOpen(_ entry: ReceiptEntry) throws {
        insertOpen.bind(1, entry.traceID)
        insertOpen.bind(2, text: entry.commitmentsJSON)
        try insertOpen.run()
    }

    func close(_ entry: ReceiptEntry, _ leafIndex: Int) throws {
        try closeTrace.run(entry.trace)
        deleteOpen.bind(1, entry.traceID)
        guard try deleteOpen.run() == 1 else {
            throw DatabaseError(resultCode: .SQLITE_CONSTRAINT, message: "the trace is not open")
        }
        noteLeaf.bind(1, entry.traceID)
        noteLeaf.bind(2, leafIndex)
        guard try noteLeaf.run() == 1 else {
            throw DatabaseError(resultCode: .SQLITE_CONSTRAINT, message: "the trace has a leaf already")
        }
    }

    func insertTile(_ tile: Tile) throws {
        insertTile.bind(1, tile.level)
        insertTile.bind(2, tile.index)
        insertTile.bind(3, blob: tile.hashes.joinedBytes)
        try insertTile.run()
    }

    func insertCheckpoint(_ size: Int, _ note: String, _ edge: [UInt8]) throws {
        insertCheckpoint.bind(1, size)
        insertCheckpoint.bind(2, note)
        insertCheckpoint.bind(3, blob: edge)
        try insertCheckpoint.run()
    }

    /// Of each tile that is full now, keeps the first checkpoint alone: where one byte of the log is changed, the
    /// checkpoints say in which stretch.
    func thinCheckpoints(from first: Int, to last: Int) throws {
        for tile in first..<last {
            for statement in [thinCheckpoints, emptyEdges] {
                statement.bind(1, tile * Tile.width)
                statement.bind(2, (tile + 1) * Tile.width)
                try statement.run()
            }
        }
    }
}
