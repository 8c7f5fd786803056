import GRDB
package import OrchReceipts

/// The SQLite file of receipts, and of approvals and reviews where those have none of their own.
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
        do {
            pool = try DatabaseFile.open(path, label: "traces", migrator: Self.migrator)
        } catch is DatabaseFile.IsNewer {
            throw Self.otherVersion
        } catch is DatabaseFile.IsNotDurable {
            throw ReceiptError(.unavailable, "the receipts' database does not take WAL with synchronous=FULL")
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
        migrator.registerMigration("0002-reviews") { db in try db.execute(sql: ReviewDatabase.schema) }
        migrator.registerMigration("0003-decisions") { db in try db.execute(sql: ReviewDatabase.decisions) }
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
