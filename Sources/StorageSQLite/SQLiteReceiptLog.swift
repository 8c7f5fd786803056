import Dispatch
import GRDB
import OrchCore
package import OrchReceipts
import Synchronization

/// Receipts in SQLite: one writer, and one commit for all requests that wait at that moment.
///
/// There is no timer: while a commit is on its way to the disk, further entries gather, and the next commit takes them
/// all. A lone entry is committed at once.
package final class SQLiteReceiptLog: ReceiptLog {
    /// How commits went, for metrics.
    package struct CommitRecord: Sendable {
        package var entries: Int
        package var duration: Duration
        package var succeeded: Bool
    }

    private struct Waiting {
        let entry: ReceiptEntry
        let continuation: CheckedContinuation<ReceiptError?, Never>
    }

    private struct State {
        var waiting: [Waiting] = []
        /// Ends of opened traces that the disk did not take. They are written with the next commit that it does take,
        /// as failed: what they ended was broken off.
        var overdue: [ReceiptEntry] = []
        var isWriting = false
        var isHealthy = true
    }

    /// Further ends that the disk does not take are left to the next start, which closes their traces.
    private static let maximumOverdue = 4096

    /// Entries that may wait for the disk; more are refused.
    private let maximumWaiting: Int
    private let database: TraceDatabase
    private let queue = DispatchQueue(label: "orch.receipts.writer", qos: .userInitiated)
    private let state = Mutex(State())
    private let observe: @Sendable (CommitRecord) -> Void

    package init(
        database: TraceDatabase, maximumWaiting: Int = 8192,
        observe: @escaping @Sendable (CommitRecord) -> Void = { _ in }
    ) {
        self.database = database
        self.maximumWaiting = maximumWaiting
        self.observe = observe
    }

    package var isHealthy: Bool { state.withLock(\.isHealthy) }

    package func commit(_ entry: ReceiptEntry) async throws(ReceiptError) {
        let failure = await withCheckedContinuation { continuation in
            enqueue(Waiting(entry: entry, continuation: continuation))
        }
        if let failure { throw failure }
    }

    /// Tries the disk with a write that changes nothing, so that a log that failed is known to work again before the
    /// next receipt needs it.
    package func probe() async -> Bool {
        await withCheckedContinuation { continuation in
            queue.async {
                let works: Bool
                do {
                    try self.database.pool.writeWithoutTransaction { db in
                        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
                        try db.execute(sql: "PRAGMA user_version = \(version)")
                    }
                    self.writeOverdue()
                    works = true
                } catch {
                    works = false
                }
                self.state.withLock { $0.isHealthy = works }
                continuation.resume(returning: works)
            }
        }
    }

    private func enqueue(_ waiting: Waiting) {
        let (isFull, mustWake) = state.withLock { state -> (Bool, Bool) in
            guard state.waiting.count < maximumWaiting else { return (true, false) }
            state.waiting.append(waiting)
            defer { state.isWriting = true }
            return (false, !state.isWriting)
        }
        if isFull {
            waiting.continuation.resume(
                returning: ReceiptError(.queueFull, "too many receipts wait for the disk; try again shortly"))
        } else if mustWake {
            queue.async { self.writeAll() }
        }
    }

    /// Commits batch after batch until nothing waits.
    private func writeAll() {
        while true {
            let batch = state.withLock { state -> [Waiting] in
                let batch = state.waiting
                state.waiting = []
                if batch.isEmpty { state.isWriting = false }
                return batch
            }
            guard !batch.isEmpty else { return }
            let start = ContinuousClock.now
            var failure: ReceiptError?
            do {
                try write(batch)
            } catch {
                failure = ReceiptError(.unavailable, "the receipts' database did not take the write", cause: error)
            }
            state.withLock { state in
                state.isHealthy = failure == nil
                // An end that contradicts what is stored would be refused again.
                guard let cause = failure?.cause, (cause as? DatabaseError)?.resultCode != .SQLITE_CONSTRAINT else {
                    return
                }
                let ends = batch.map(\.entry).filter { $0.phase == .closing }
                state.overdue += ends.prefix(max(0, Self.maximumOverdue - state.overdue.count))
            }
            observe(
                CommitRecord(entries: batch.count, duration: start.duration(to: .now), succeeded: failure == nil))
            for waiting in batch { waiting.continuation.resume(returning: failure) }
            if failure == nil { writeOverdue() }
        }
    }

    private func write(_ batch: [Waiting]) throws {
        try database.pool.writeWithoutTransaction { db in
            try db.inTransaction(.immediate) {
                let statements = try Statements(db)
                for waiting in batch { try statements.write(waiting.entry) }
                return .commit
            }
        }
    }

    /// Writes the ends that the disk did not take before. Whatever becomes of them, nobody waits for it.
    private func writeOverdue() {
        let overdue = state.withLock(\.overdue)
        guard !overdue.isEmpty else { return }
        try? database.pool.writeWithoutTransaction { db in
            try db.inTransaction(.immediate) {
                let statements = try Statements(db)
                for entry in overdue { try statements.writeOverdue(entry) }
                return .commit
            }
            state.withLock { $0.overdue.removeFirst(overdue.count) }
        }
    }
}

/// The writer's prepared statements; GRDB keeps them compiled with the connection.
private struct Statements {
    private let insertTrace: Statement
    private let closeTrace: Statement
    private let insertStep: Statement
    private let insertOpen: Statement
    private let deleteOpen: Statement
    private let markFailed: Statement

    init(_ db: Database) throws {
        insertTrace = try db.cachedStatement(sql: "INSERT INTO traces(id, created_at, metadata_json) VALUES (?, ?, ?)")
        closeTrace = try db.cachedStatement(sql: "UPDATE traces SET metadata_json = ? WHERE id = ?")
        insertStep = try db.cachedStatement(
            sql: "INSERT INTO trace_steps(trace_id, step_type, step_json, created_at) VALUES (?, ?, ?, ?)")
        insertOpen = try db.cachedStatement(sql: "INSERT INTO open_traces(trace_id) VALUES (?)")
        deleteOpen = try db.cachedStatement(sql: "DELETE FROM open_traces WHERE trace_id = ?")
        markFailed = try db.cachedStatement(
            sql: "UPDATE traces SET metadata_json = json_set(metadata_json, '$.status', ?) WHERE id = ?")
    }

    /// Writes the end of a trace whose answer was broken off since the disk did not take the end in time.
    func writeOverdue(_ entry: ReceiptEntry) throws {
        try write(entry)
        try markFailed.execute(arguments: [TraceStatus.failed.rawValue, entry.traceID])
    }

    func write(_ entry: ReceiptEntry) throws {
        switch entry.phase {
        case .whole:
            try insertTrace.execute(arguments: [entry.traceID, entry.createdAt, entry.metadata])
        case .opening:
            try insertTrace.execute(arguments: [entry.traceID, entry.createdAt, entry.metadata])
            try insertOpen.execute(arguments: [entry.traceID])
        case .closing:
            try closeTrace.execute(arguments: [entry.metadata, entry.traceID])
            try deleteOpen.execute(arguments: [entry.traceID])
        }
        for step in entry.steps {
            try insertStep.execute(arguments: [entry.traceID, step.type, step.json, step.createdAt])
        }
    }
}
