import GRDB
package import OrchReceipts

/// The SQLite file of receipts.
///
/// WAL with synchronous=FULL: what a commit has returned for is on the disk. One connection writes, others read.
package struct TraceDatabase: Sendable {
    let pool: DatabasePool
    package let path: String

    /// Opens or makes the file, and brings its schema up to date.
    ///
    /// - Throws: ``ReceiptError`` where the file cannot be used, or was made by a newer version.
    package init(path: String) throws(ReceiptError) {
        self.path = path
        var configuration = Configuration()
        configuration.label = "traces"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            // What is deleted is overwritten.
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { db in
                // GRDB sets NORMAL for WAL, under which the last commits may be lost with the power.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2,
                    try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal"
                else {
                    throw ReceiptError(.unavailable, "the receipts' database does not take WAL with synchronous=FULL")
                }
            }
            let migrator = Self.migrator
            let isNewer = try pool.read { try migrator.hasBeenSuperseded($0) }
            guard !isNewer else { throw Self.otherVersion }
            try migrator.migrate(pool)
        } catch let error as ReceiptError {
            throw error
        } catch {
            throw ReceiptError(.unavailable, "the receipts' database cannot be opened", cause: error)
        }
    }

    static let otherVersion = ReceiptError(
        .newerSchema, "the receipts' database was made by another version of this program; use that version")

    /// Numbered and frozen once shipped.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001-receipts") { db in try db.execute(sql: schema) }
        return migrator
    }

    private static let schema = """
        CREATE TABLE traces (
            id TEXT NOT NULL PRIMARY KEY,
            created_at TEXT NOT NULL,
            metadata_json TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE trace_steps (
            id TEXT NOT NULL PRIMARY KEY,
            trace_id TEXT NOT NULL AS (substr(id, 1, 36)) VIRTUAL,
            step_type TEXT NOT NULL,
            step_json TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE trace_salts (
            trace_id TEXT NOT NULL PRIMARY KEY,
            salt BLOB NOT NULL,
            leaf_index INTEGER
        ) WITHOUT ROWID;
        CREATE TABLE retired_traces (
            trace_id TEXT NOT NULL PRIMARY KEY,
            leaf_index INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE open_traces (
            trace_id TEXT NOT NULL PRIMARY KEY,
            commitments_json TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE log_leaves (
            leaf_index INTEGER PRIMARY KEY,
            trace_id TEXT NOT NULL,
            leaf_json TEXT NOT NULL
        );
        CREATE TABLE log_tiles (
            level INTEGER NOT NULL,
            tile_index INTEGER NOT NULL,
            hashes BLOB NOT NULL,
            PRIMARY KEY (level, tile_index)
        );
        CREATE TABLE log_checkpoints (
            tree_size INTEGER PRIMARY KEY,
            note TEXT NOT NULL,
            edge BLOB NOT NULL
        );
        CREATE TABLE log_keys (
            first_size INTEGER PRIMARY KEY,
            verifier_key TEXT NOT NULL,
            note TEXT
        );
        """
}
