import Dispatch
import GRDB
package import OrchApprovals

/// The SQLite file of approvals and reviews: that of the receipts, or one of its own.
package struct ReviewDatabase: Sendable {
    let pool: DatabasePool
    /// Writes wait here and not on the pool of all tasks. They are not cancelled: what has begun is to be told how it
    /// ended, though its caller has gone.
    private let queue = DispatchQueue(label: "orch.reviews.writer", qos: .userInitiated)

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
            throw Self.failure(error, "the database of approvals cannot be opened")
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ApprovalError) -> Value {
        let pool = pool
        let result: Result<Value, ApprovalError> = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(
                    returning: Result { () throws(ApprovalError) in
                        do { return try pool.write(body) } catch {
                            throw Self.failure(error, "the database of approvals did not take the write")
                        }
                    })
            }
        }
        return try result.get()
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ApprovalError) -> Value {
        do { return try await pool.read(body) } catch {
            throw Self.failure(error, "the database of approvals cannot be read")
        }
    }

    func truncateJournal() async throws(ApprovalError) {
        do {
            try await pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
        {
            return
        } catch {
            throw Self.failure(error, "the journal of the database of approvals cannot be emptied")
        }
    }

    private static func failure(_ error: any Error, _ message: String) -> ApprovalError {
        error as? ApprovalError ?? ApprovalError(.unavailable, message, cause: error)
    }

    /// Numbered and frozen once shipped.
    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001-reviews") { db in try db.execute(sql: schema) }
        return migrator
    }

    /// Frozen: the receipts' file has it as a migration, too.
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
