import GRDB
package import OrchApprovals
import Synchronization

/// The SQLite file of approvals and reviews: that of the receipts, or one of its own.
package final class ReviewDatabase: Sendable {
    let pool: DatabasePool
    private let writer = ReviewWriter()
    /// Whether the journal may hold what was deleted: after a start it may.
    private let remains = Mutex(true)

    /// The tables in the file of the receipts.
    package init(sharing database: TraceDatabase) {
        pool = database.pool
    }

    /// Opens or makes a file of its own.
    package init(path: String) throws(ApprovalError) {
        do { pool = try DatabaseFile.open(path, label: "reviews", migrator: Self.migrator) } catch is DatabaseFile
            .IsNewer
        {
            throw ApprovalError(
                .unavailable, "the database of approvals was made by another version of this program; use that version")
        } catch {
            throw .wrapping(error, "the database of approvals cannot be opened")
        }
    }

    func write<Value: Sendable>(
        _ urgency: ReviewWriter.Urgency = .normal, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ApprovalError) -> Value {
        try await writer.write(pool, urgency, body)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ApprovalError) -> Value {
        do { return try await pool.read(body) } catch {
            throw .wrapping(error, "the database of approvals cannot be read")
        }
    }

    /// Notes that something was deleted, which the journal still holds.
    func noteDeletion() { remains.withLock { $0 = true } }

    func dropRemains() async throws(ApprovalError) {
        let mustDrop = remains.withLock { remains in
            defer { remains = false }
            return remains
        }
        guard mustDrop else { return }
        do {
            try await pool.writeWithoutTransaction { db in
                // Receipts wait for this: what does not go at once is tried again.
                try db.execute(sql: "PRAGMA busy_timeout = 100")
                defer { try? db.execute(sql: "PRAGMA busy_timeout = \(DatabaseFile.busyTimeout * 1000)") }
                _ = try db.checkpoint(.truncate)
            }
        } catch {
            noteDeletion()
            if let error = error as? DatabaseError, [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) {
                return
            }
            throw .wrapping(error, "the journal of the database of approvals cannot be emptied")
        }
    }

    /// Numbered and frozen once shipped.
    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001-reviews") { db in try db.execute(sql: schema) }
        migrator.registerMigration("0002-decisions") { db in try db.execute(sql: decisions) }
        return migrator
    }

    /// Frozen: the receipts' file has it as a migration, too.
    static let decisions = "ALTER TABLE hitl_queue ADD COLUMN decision_json TEXT"

    /// Frozen, as well.
    static let schema = """
        CREATE TABLE tool_approvals (
            approval_id TEXT NOT NULL PRIMARY KEY,
            tool_name TEXT NOT NULL,
            args_hash TEXT NOT NULL,
            created_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            consumed_at TEXT,
            status TEXT NOT NULL,
            metadata_json TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX tool_approvals_by_status ON tool_approvals(status);
        CREATE TABLE hitl_queue (
            request_id TEXT NOT NULL PRIMARY KEY,
            created_at TEXT NOT NULL,
            status TEXT NOT NULL,
            payload_json TEXT,
            kind TEXT NOT NULL,
            tool_name TEXT NOT NULL,
            args_hash TEXT NOT NULL,
            requester TEXT NOT NULL,
            agent TEXT,
            expires_at TEXT NOT NULL,
            request_trace_id TEXT,
            reviewer TEXT,
            note_json TEXT,
            decided_at TEXT,
            is_edited INTEGER NOT NULL DEFAULT 0,
            decision_trace_id TEXT,
            claim_owner TEXT,
            lease_ends_at TEXT,
            ended_at TEXT,
            result_json TEXT
        ) WITHOUT ROWID;
        CREATE INDEX hitl_queue_by_status ON hitl_queue(status, request_id);
        CREATE INDEX hitl_queue_by_requester ON hitl_queue(requester, request_id);
        CREATE TABLE webhook_events (
            event_id TEXT NOT NULL PRIMARY KEY,
            created_at TEXT NOT NULL,
            next_attempt_at TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            body_json TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX webhook_events_by_time ON webhook_events(next_attempt_at);
        """
}
