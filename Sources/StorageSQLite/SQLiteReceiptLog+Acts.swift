import GRDB
package import OrchCore
package import OrchReceipts

/// What operators do to the log. Each act and its receipt are one transaction.
extension SQLiteReceiptLog {
    /// Traces whose contents one transaction deletes at most, so that requests do not wait long.
    private static let retiredAtOnce = 2000

    /// Deletes the contents of a trace.
    ///
    /// - Parameter entry: The receipt of the act.
    /// - Returns: The receipt; nil where the contents were gone already.
    package func erase(_ trace: TraceID, receipt entry: ReceiptEntry) async throws(ReceiptError) -> Receipt? {
        let (_, receipt) = try await act(entry) { db in try Self.retire(db, trace.description, as: .erased) }
        try await truncateJournal()
        return receipt
    }

    /// Deletes the contents of the oldest traces that began before a moment, some of them at a time.
    ///
    /// - Parameter entry: The receipt of the act.
    /// - Returns: How many there were; 0 where none is left.
    package func retire(before moment: Timestamp, receipt entry: ReceiptEntry) async throws(ReceiptError) -> Int {
        try await act(entry) { db in
            let ids = try RetentionPlan.oldest(db, before: moment, limit: Self.retiredAtOnce)
            for id in ids { _ = try Self.retire(db, id, as: .expired) }
            return ids.isEmpty ? nil : ids.count
        }.result ?? 0
    }

    /// Gives the log another key. This log cannot write any more after it.
    ///
    /// - Parameter entry: The receipt of the act.
    package func rotate(to new: SigningKey, receipt entry: ReceiptEntry) async throws(ReceiptError) -> LogKey {
        let (_, signed) = try await perform(alsoSignedBy: new) { _, writer in
            try writer.write(entry)
        } afterwards: { db, signed in
            try LogKeys.insert(db, LogKey(firstSize: signed.checkpoint.size, key: new.verifier, note: signed.text))
        }
        guard let signed else { throw ReceiptError(.unavailable, "the rotation was not written") }
        return LogKey(firstSize: signed.checkpoint.size, key: new.verifier, note: signed.text)
    }

    /// Empties the journal, so that nothing that was deleted is left in it. Where somebody reads the database just then,
    /// the journal is emptied later.
    package func truncateJournal() async throws(ReceiptError) {
        do {
            try await database.pool.writeWithoutTransaction { db in
                _ = try db.checkpoint(.truncate)
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
        {
            return
        } catch {
            throw .wrapping(error, "the journal of the receipts' database cannot be emptied")
        }
    }

    /// - Parameter body: Gives nil where there was nothing to do: then no receipt is written.
    private func act<Value: Sendable>(
        _ entry: ReceiptEntry, _ body: @escaping @Sendable (Database) throws -> Value?
    ) async throws(ReceiptError) -> (result: Value?, receipt: Receipt?) {
        let ((result, receipt), signed) = try await perform { db, writer -> (Value?, Receipt?) in
            guard let result = try body(db) else { return (nil, nil) }
            try writer.write(entry)
            return (result, writer.lastReceipt)
        }
        guard var receipt, let signed else { return (result, nil) }
        receipt.checkpoint = signed.text
        return (result, receipt)
    }

    /// - Returns: nil where the contents were gone already.
    private static func retire(_ db: Database, _ id: String, as retirement: Retirement) throws -> Void? {
        guard try Row.fetchOne(db, sql: "SELECT 1 FROM open_traces WHERE trace_id = ?", arguments: [id]) == nil else {
            throw ReceiptError(.unavailable, "the trace has not ended yet")
        }
        guard let place = try StoredTraceReader(db).leafIndex(Array(id.utf8)), let leaf = try leaf(db, place) else {
            throw ReceiptError(.noSuchTrace, "there is no such trace")
        }
        try db.execute(sql: "DELETE FROM trace_salts WHERE trace_id = ?", arguments: [id])
        guard db.changesCount > 0 else { return nil }
        try db.execute(sql: "INSERT INTO retired_traces(trace_id, leaf_index) VALUES (?, ?)", arguments: [id, place])
        try db.execute(sql: "DELETE FROM trace_steps WHERE id > ?1 || '/' AND id < ?1 || '0'", arguments: [id])
        let metadata = retirement.metadata(status: leaf.status, closedAt: leaf.closedAt)
        try db.execute(
            sql: "UPDATE traces SET metadata_json = ? WHERE id = ?",
            arguments: [String(decoding: metadata, as: UTF8.self), id])
        return ()
    }

    private static func leaf(_ db: Database, _ index: Int) throws -> Leaf? {
        let leaf = try RawStatement(db, "SELECT leaf_json FROM log_leaves WHERE leaf_index = ?1")
        leaf.bind(1, index)
        defer { leaf.reset() }
        return try leaf.step() ? try Leaf(parsing: leaf.bytes(0)) : nil
    }
}

/// What retention has to do.
package struct RetentionPlan: Sendable, Equatable {
    /// Contents of traces that began before this go; nil where nothing goes.
    package var before: Timestamp?
    /// How many traces that are.
    package var traces: Int
    /// Bytes of the database that are in use.
    package var usedBytes: Int

    static func oldest(_ db: Database, before: Timestamp, limit: Int) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT s.trace_id FROM trace_salts s JOIN traces t ON t.id = s.trace_id
                WHERE t.created_at < ? AND s.trace_id NOT IN (SELECT trace_id FROM open_traces)
                ORDER BY s.trace_id LIMIT ?
                """, arguments: [before.description, limit])
    }
}

extension TraceDatabase {
    /// What has to go for the contents to be no older, and the database no larger, than given.
    ///
    /// Of what is too large, the share that is over goes, counted in traces, the oldest first: leaves and tiles stay.
    package func retentionPlan(notBefore: Timestamp?, maximumBytes: Int?) throws(ReceiptError) -> RetentionPlan {
        try reading { db in
            let used = try Self.usedBytes(db)
            var before = notBefore
            if let maximumBytes, used > maximumBytes {
                let kept = try Int.fetchOne(db, sql: "SELECT count(*) FROM trace_salts") ?? 0
                let excess = Int((Double(used - maximumBytes) / Double(used) * Double(kept)).rounded(.up))
                // The first trace that may stay.
                let text = try String.fetchOne(
                    db,
                    sql: """
                        SELECT t.created_at FROM trace_salts s JOIN traces t ON t.id = s.trace_id
                        ORDER BY s.trace_id LIMIT 1 OFFSET ?
                        """, arguments: [excess])
                let newest = try String.fetchOne(db, sql: "SELECT max(created_at) FROM traces")
                let bound =
                    text.flatMap { Timestamp($0) }
                    ?? newest.flatMap { Timestamp($0)?.advanced(by: .microseconds(1)) }
                if let bound { before = max(before ?? bound, bound) }
            }
            guard let before else { return RetentionPlan(before: nil, traces: 0, usedBytes: used) }
            let traces = try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM trace_salts s JOIN traces t ON t.id = s.trace_id
                    WHERE t.created_at < ? AND s.trace_id NOT IN (SELECT trace_id FROM open_traces)
                    """, arguments: [before.description])
            return RetentionPlan(before: traces ?? 0 > 0 ? before : nil, traces: traces ?? 0, usedBytes: used)
        }
    }

    /// Bytes in pages that hold something.
    private static func usedBytes(_ db: Database) throws -> Int {
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
        return (pages - free) * (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4096)
    }

    /// Other databases in the same folder, or in `backups` in it, that hold a trace: their names.
    package func copies(holding trace: TraceID, among paths: [String]) -> [String] {
        paths.filter { path in
            var configuration = Configuration()
            configuration.readonly = true
            let found = try? DatabaseQueue(path: path, configuration: configuration).read { db in
                try Row.fetchOne(
                    db, sql: "SELECT 1 FROM trace_salts WHERE trace_id = ?", arguments: [trace.description])
            }
            return found.flatMap(\.self) != nil
        }
    }
}
