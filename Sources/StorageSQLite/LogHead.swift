import GRDB
import OrchReceipts

/// The end of the stored log: its tree, and who signs it.
struct LogHead {
    var tree: MerkleTree
    /// SQLite's count of what other connections have changed; see ``isCurrent(_:)``.
    private var dataVersion: Int

    /// Reads the end of the log, in a transaction that writes.
    ///
    /// - Throws: ``ReceiptError`` where what is stored is not the tree that the key has signed last: nothing may then be
    ///   added, or the log would contradict itself.
    init(_ db: Database, key: VerifierKey) throws {
        dataVersion = try Self.dataVersion(db)
        let keys = try LogKeys.check(db, key)
        guard let newest = try StoredCheckpoint.newest(db) else {
            tree = MerkleTree()
            guard try Int.fetchOne(db, sql: "SELECT count(*) FROM log_leaves") == 0 else { throw Self.broken }
            return
        }
        let signed = try SignedCheckpoint(parsing: newest.note)
        guard keys.contains(where: { (try? signed.verify($0)) != nil }) else { throw Self.broken }
        let size = signed.checkpoint.size
        let tiles = StoredTiles(db)
        let edges = try (0..<max(1, Tile.levels(treeSize: size))).map { level in
            try tiles.hashes(
                level: level, index: size >> (Tile.height * (level + 1)),
                width: Tile.edgeWidth(level: level, treeSize: size))
        }
        guard newest.size == size, let tree = MerkleTree(size: size, edges: edges), tree.root == signed.checkpoint.root,
            try Int.fetchOne(db, sql: "SELECT coalesce(max(leaf_index) + 1, 0) FROM log_leaves") == size
        else { throw Self.broken }
        self.tree = tree
    }

    /// Whether nobody else has written since: another process may use the database, too.
    func isCurrent(_ db: Database) throws -> Bool { try Self.dataVersion(db) == dataVersion }

    private static func dataVersion(_ db: Database) throws -> Int {
        let statement = try RawStatement(db, "PRAGMA data_version")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : -1
    }

    private static let broken = ReceiptError(
        .unreadable, "the log is not the one that was signed last: nothing is added; orch audit fsck says what is wrong"
    )
}

extension StoredCheckpoint {
    static func newest(_ db: Database) throws -> StoredCheckpoint? {
        try Row.fetchOne(db, sql: "SELECT tree_size, note FROM log_checkpoints ORDER BY tree_size DESC LIMIT 1").map {
            StoredCheckpoint(size: $0["tree_size"] ?? -1, note: $0["note"] ?? "")
        }
    }
}

/// The tree's hashes as they are stored: full tiles in log_tiles, with the unfinished ones above the lowest level; the
/// unfinished one of the lowest level in pieces, beside the checkpoints of the commits that they came with.
struct StoredTiles {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    /// The first hashes of a tile. Fewer come back where fewer are there.
    func hashes(level: Int, index: Int, width: Int) throws -> [MerkleHash] {
        guard width > 0 else { return [] }
        let tile = try RawStatement(db, "SELECT hashes FROM log_tiles WHERE level = ? AND tile_index = ?")
        tile.bind(1, level)
        tile.bind(2, index)
        defer { tile.reset() }
        var bytes: [UInt8] = []
        if try tile.step() {
            bytes = tile.bytes(0)
        } else if level == 0 {
            let pieces = try RawStatement(
                db, "SELECT edge FROM log_checkpoints WHERE tree_size > ? ORDER BY tree_size LIMIT \(Tile.width)")
            pieces.bind(1, index * Tile.width)
            defer { pieces.reset() }
            while bytes.count < width * MerkleHash.byteCount, try pieces.step() {
                pieces.withBytes(0) { bytes.append(contentsOf: $0) }
            }
        }
        guard let hashes = [MerkleHash](joinedBytes: bytes) else {
            throw ReceiptError(.unreadable, "a tile of the log is not whole")
        }
        return Array(hashes.prefix(width))
    }
}
