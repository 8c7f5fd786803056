import GRDB

/// Opens SQLite files as all of ours are: WAL with synchronous=FULL, one connection writes, others read, what is deleted
/// is overwritten, and the schema brought up to date.
enum DatabaseFile {
    /// The file was made by a newer version of the program.
    struct IsNewer: Error {}
    /// The file does not take WAL with synchronous=FULL.
    struct IsNotDurable: Error {}

    /// Seconds that a write waits for another process's.
    static let busyTimeout = 5

    static func open(_ path: String, label: String, migrator: DatabaseMigrator) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = label
        configuration.busyMode = .timeout(Double(busyTimeout))
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA secure_delete = ON") }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            // GRDB sets NORMAL for WAL, under which the last commits may be lost with the power.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2,
                try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal"
            else { throw IsNotDurable() }
        }
        let isNewer = try pool.read { try migrator.hasBeenSuperseded($0) }
        guard !isNewer else { throw IsNewer() }
        try migrate(pool, migrator)
        return pool
    }

    /// Of two processes that open a new file one makes each table. The other then finds it made, and goes on behind it.
    private static func migrate(_ pool: DatabasePool, _ migrator: DatabaseMigrator) throws {
        for _ in migrator.migrations {
            do { return try migrator.migrate(pool) } catch let error as DatabaseError
                where error.resultCode == .SQLITE_ERROR || error.resultCode == .SQLITE_CONSTRAINT
            { continue }
        }
        try migrator.migrate(pool)
    }
}
