import Dispatch
import GRDB
import OrchCore
package import OrchReceipts
import Synchronization

/// Receipts in SQLite: one writer, and one commit for all requests that wait at that moment.
///
/// There is no timer: while a commit is on its way to the disk, further entries gather, and the next commit takes them
/// all. A lone entry is committed at once. Each commit signs one checkpoint, of the tree with all of its leaves.
package final class SQLiteReceiptLog: ReceiptLog {
    /// How commits went, for metrics.
    package struct CommitRecord: Sendable {
        package var entries: Int
        package var duration: Duration
        package var succeeded: Bool
        /// Leaves of the log after the commit; 0 after a failed one.
        package var treeSize: Int
    }

    private struct Waiting {
        let entry: ReceiptEntry
        let continuation: CheckedContinuation<Result<Receipt?, ReceiptError>, Never>
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
    let database: TraceDatabase
    private let key: SigningKey
    private let queue = DispatchQueue(label: "orch.receipts.writer", qos: .userInitiated)
    private let state = Mutex(State())
    /// The end of the log as it was after the last commit; nil where it must be read again. The writer's alone.
    private let head = Mutex<LogHead?>(nil)
    private let observe: @Sendable (CommitRecord) -> Void

    /// - Parameter key: The log's; every commit checks that it is.
    package init(
        database: TraceDatabase, key: SigningKey, maximumWaiting: Int = 8192,
        observe: @escaping @Sendable (CommitRecord) -> Void = { _ in }
    ) {
        self.database = database
        self.key = key
        self.maximumWaiting = maximumWaiting
        self.observe = observe
    }

    package var isHealthy: Bool { state.withLock(\.isHealthy) }

    @discardableResult
    package func commit(_ entry: ReceiptEntry) async throws(ReceiptError) -> Receipt? {
        if let leaf = entry.leaf, leaf.bytes.count > Leaf.maximumBytes {
            throw ReceiptError(.unavailable, "the trace has more steps than a leaf of the log can hold")
        }
        let result = await withCheckedContinuation { continuation in
            enqueue(Waiting(entry: entry, continuation: continuation))
        }
        return try result.get()
    }

    /// Reads the end of the log, and signs it where nobody has yet, so that what is wrong shows at the start.
    package func start() async throws(ReceiptError) {
        _ = try await perform { _, _ in }
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

    /// Runs something in a transaction of its own, between the commits; what it writes and its receipts become visible
    /// together.
    ///
    /// - Parameters:
    ///   - other: A second key that signs the checkpoint, too.
    ///   - afterwards: Runs once the checkpoint is signed.
    /// - Returns: What the body gave, and the checkpoint; nil where no leaf was added.
    func perform<Value: Sendable>(
        alsoSignedBy other: SigningKey? = nil,
        _ body: @escaping @Sendable (Database, inout ReceiptWriter) throws -> Value,
        afterwards: (@Sendable (Database, SignedCheckpoint) throws -> Void)? = nil
    ) async throws(ReceiptError) -> (Value, SignedCheckpoint?) {
        let result: Result<(Value, SignedCheckpoint?), ReceiptError> = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(
                    returning: Result { () throws(ReceiptError) in
                        do {
                            let (value, finished) = try self.transaction(alsoSignedBy: other, body, afterwards)
                            return (value, finished?.checkpoint)
                        } catch {
                            throw .wrapping(error, "the receipts' database did not take the write")
                        }
                    })
            }
        }
        return try result.get()
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
                returning: .failure(
                    ReceiptError(.queueFull, "too many receipts wait for the disk; try again shortly")))
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
            var results = [Result<Receipt?, ReceiptError>](repeating: .success(nil), count: batch.count)
            var treeSize: Int?
            do {
                let (_, written) = try transaction { _, writer in
                    for (place, waiting) in batch.enumerated() { try writer.write(waiting.entry, place: place) }
                }
                for (place, receipt) in written?.receipts ?? [] { results[place] = .success(receipt) }
                treeSize = head.withLock { $0?.tree.size }
                state.withLock { $0.isHealthy = true }
            } catch {
                let failure = ReceiptError.wrapping(error, "the receipts' database did not take the write")
                results = results.map { _ in .failure(failure) }
                noteFailure(of: batch, failure)
            }
            observe(
                CommitRecord(
                    entries: batch.count, duration: start.duration(to: .now), succeeded: treeSize != nil,
                    treeSize: treeSize ?? 0))
            for (waiting, result) in zip(batch, results) { waiting.continuation.resume(returning: result) }
            if treeSize != nil { writeOverdue() }
        }
    }

    private func noteFailure(of batch: [Waiting], _ failure: ReceiptError) {
        state.withLock { state in
            state.isHealthy = false
            // An end that contradicts what is stored would be refused again.
            guard (failure.cause as? DatabaseError)?.resultCode != .SQLITE_CONSTRAINT else { return }
            let ends = batch.map(\.entry).filter { $0.phase == .closing }
            state.overdue += ends.prefix(max(0, Self.maximumOverdue - state.overdue.count))
        }
    }

    /// Writes in one transaction, from the end of the log as it is; runs on the writer's queue.
    private func transaction<Value>(
        alsoSignedBy other: SigningKey? = nil, _ body: (Database, inout ReceiptWriter) throws -> Value,
        _ afterwards: ((Database, SignedCheckpoint) throws -> Void)? = nil
    ) throws -> (Value, ReceiptWriter.Finished?) {
        // Whatever fails on the way, what is on the disk then is read anew.
        let known = head.withLock { head -> LogHead? in
            defer { head = nil }
            return head
        }
        return try database.pool.writeWithoutTransaction { db in
            var done: (value: Value, finished: ReceiptWriter.Finished?, head: LogHead)?
            try db.inTransaction(.immediate) {
                let start =
                    if let known, try known.isCurrent(db) { known } else { try LogHead(db, key: key.verifier) }
                var writer = try ReceiptWriter(db, head: start, key: key)
                let value = try body(db, &writer)
                let finished = try writer.finish(alsoSignedBy: other)
                if let finished { try afterwards?(db, finished.checkpoint) }
                done = (value, finished, writer.head)
                return .commit
            }
            guard let done else { throw ReceiptError(.unavailable, "the transaction did not run") }
            // With a new key, the next commit looks at the keys again.
            if other == nil { head.withLock { $0 = done.head } }
            return (done.value, done.finished)
        }
    }

    /// Writes the ends that the disk did not take before. Whatever becomes of them, nobody waits for it.
    private func writeOverdue() {
        let overdue = state.withLock(\.overdue)
        guard !overdue.isEmpty else { return }
        do {
            _ = try transaction { _, writer in
                for entry in overdue { try writer.write(entry.failed) }
            }
        } catch {
            // What contradicts the database would be refused again: the next start closes those traces.
            guard (error as? DatabaseError)?.resultCode == .SQLITE_CONSTRAINT else { return }
        }
        state.withLock { $0.overdue.removeFirst(overdue.count) }
    }
}
