import GRDB
package import OrchReceipts

/// The SQLite file of receipts.
///
/// WAL with synchronous=FULL: what a commit has returned for is on the disk. One connection writes, others read.
package struct TraceDatabase: Sendable {
    let pool: DatabasePool

    /// Opens or makes the file, and brings its schema up to date.
    ///
    /// - Throws: ``ReceiptError`` where the file cannot be used, or was made by a newer version.
    package init(path: String) throws(ReceiptError) {
        var configuration = Configuration()
        configuration.label = "traces"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
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
            guard !isNewer else {
                throw ReceiptError(
                    .newerSchema, "the receipts' database was made by a newer version of this program; use that version"
                )
            }
            try migrator.migrate(pool)
        } catch let error as ReceiptError {
            throw error
        } catch {
            throw ReceiptError(.unavailable, "the receipts' database cannot be opened", cause: error)
        }
    }

    /// Numbered and frozen once shipped.
    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001-traces") { db in
            try db.execute(
                sql: """
                    CREATE TABLE traces (
                        id TEXT NOT NULL PRIMARY KEY,
                        created_at TEXT NOT NULL,
                        metadata_json TEXT NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE trace_steps (
                        id INTEGER PRIMARY KEY,
                        trace_id TEXT NOT NULL REFERENCES traces(id),
                        step_type TEXT NOT NULL,
                        step_json TEXT NOT NULL,
                        created_at TEXT NOT NULL
                    );
                    CREATE INDEX trace_steps_by_trace ON trace_steps(trace_id);
                    CREATE TABLE open_traces (
                        trace_id TEXT NOT NULL PRIMARY KEY REFERENCES traces(id)
                    ) WITHOUT ROWID;
                    """
            )
        }
        return migrator
    }
}
