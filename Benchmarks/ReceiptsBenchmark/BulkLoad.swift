import Foundation
import GRDB
import GRDBSQLite
import OrchCore
import OrchReceipts
import OrchStorageSQLite

/// Makes a large log at once: real tiles over made-up leaf hashes, rows of leaves without their contents.
enum BulkLoad {
    /// - Returns: The identities of some of its traces, drawn by lot.
    static func run(path: String, leaves: Int, key: SigningKey) throws -> [TraceID] {
        let database = try TraceDatabase(path: path)
        _ = try database.adoptFirstKey(key.verifier)
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let wanted = Set((0..<500).map { _ in Int.random(in: 0..<leaves) })
        var ids: [TraceID] = []
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = OFF") }
        var tree = MerkleTree()
        for first in stride(from: 0, to: leaves, by: 1 << 18) {
            try queue.write { db in
                let leaf = try db.cachedStatement(sql: "INSERT INTO log_leaves VALUES (?, ?, '{}')")
                let place = try db.cachedStatement(sql: "INSERT INTO retired_traces VALUES (?, ?)")
                for index in first..<min(first + 1 << 18, leaves) {
                    let id = TraceID(
                        at: Timestamp(microseconds: 1_700_000_000_000_000 + Int64(index) * 1000),
                        random: (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max)))
                    if wanted.contains(index) { ids.append(id) }
                    try leaf.execute(arguments: [index, id.description])
                    try place.execute(arguments: [id.description, index])
                    tree.append(hash(index))
                }
                for tile in tree.takeTiles() {
                    try db.execute(
                        sql: "INSERT OR REPLACE INTO log_tiles VALUES (?, ?, CAST(? AS BLOB))",
                        arguments: [tile.level, tile.index, tile.hashes.joinedBytes.asData])
                }
            }
        }
        let signed = try SignedCheckpoint(
            Checkpoint(origin: key.verifier.name, size: leaves, root: tree.root), signedBy: key)
        try queue.write { db in
            try db.execute(
                sql: "INSERT INTO log_checkpoints VALUES (?, ?, ?)",
                arguments: [leaves, signed.text, tree.edge.joinedBytes.asData])
        }
        try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        return ids
    }

    private static func hash(_ index: Int) -> MerkleHash {
        .leaf(withUnsafeBytes(of: index) { Array($0) })
    }
}

/// Blobs without boxing.
enum RawBlob {
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    static func bind(_ statement: OpaquePointer, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        sqlite3_bind_blob(statement, 1, bytes.baseAddress, Int32(bytes.count), transient)
    }

    static func run(_ statement: OpaquePointer) throws {
        defer { sqlite3_reset(statement) }
        guard sqlite3_step(statement) == SQLITE_DONE else { throw Failure(what: "bare insert") }
    }
}

extension [UInt8] {
    /// In the form that GRDB binds as a blob.
    var asData: Data { Data(self) }
}
