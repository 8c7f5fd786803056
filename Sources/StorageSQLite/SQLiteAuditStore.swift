import GRDB
import OrchCore
package import OrchReceipts

/// A database of receipts as a check of all of it reads it: within one transaction, without writing a byte.
struct SQLiteAuditStore: AuditStore {
    private let db: Database
    private let leaves: RawStatement
    private let traces: StoredTraceReader
    private let checkpoints: RawStatement

    init(_ db: Database) throws {
        self.db = db
        leaves = try RawStatement(
            db, "SELECT leaf_index, trace_id, leaf_json FROM log_leaves WHERE leaf_index >= ?1 AND leaf_index < ?2")
        traces = try StoredTraceReader(db)
        checkpoints = try RawStatement(
            db,
            "SELECT tree_size, note FROM log_checkpoints WHERE tree_size > ?1 AND tree_size <= ?2 ORDER BY tree_size")
    }

    func keys() throws -> [LogKey] { try LogKeys.all(db) }

    func newestCheckpoint() throws -> StoredCheckpoint? { try StoredCheckpoint.newest(db) }

    func checkpoints(after size: Int, through last: Int) throws -> [StoredCheckpoint] {
        checkpoints.bind(1, size)
        checkpoints.bind(2, last)
        defer { checkpoints.reset() }
        var list: [StoredCheckpoint] = []
        while try checkpoints.step() {
            list.append(StoredCheckpoint(size: checkpoints.integer(0), note: checkpoints.text(1)))
        }
        return list
    }

    func leaves(_ range: Range<Int>) throws -> [StoredLeaf] {
        leaves.bind(1, range.lowerBound)
        leaves.bind(2, range.upperBound)
        defer { leaves.reset() }
        var list: [StoredLeaf] = []
        list.reserveCapacity(range.count)
        while try leaves.step() {
            list.append(StoredLeaf(index: leaves.integer(0), traceID: leaves.bytes(1), bytes: leaves.bytes(2)))
        }
        return list
    }

    func hashes(level: Int, index: Int, width: Int) throws -> [MerkleHash] {
        do { return try StoredTiles(db).hashes(level: level, index: index, width: width) } catch is ReceiptError {
            // Not whole: as good as not there.
            return []
        }
    }

    func trace(_ id: [UInt8]) throws -> StoredTrace? { try traces.read(id) }

    func openTraces() throws -> Int { try count("SELECT count(*) FROM open_traces") }

    func strangers(treeSize: Int) throws -> [AuditReport.Finding] {
        try list(
            "SELECT trace_id, leaf_index FROM log_leaves WHERE leaf_index < 0 OR leaf_index >= \(treeSize)", .leaf
        ) { "leaf \($1 ?? -1) is outside of the log that was signed" }
            + list(
                """
                SELECT id FROM traces t WHERE NOT EXISTS (SELECT 1 FROM open_traces o WHERE o.trace_id = t.id)
                AND NOT EXISTS (
                    SELECT 1 FROM trace_salts s JOIN log_leaves l ON l.leaf_index = s.leaf_index WHERE s.trace_id = t.id)
                AND NOT EXISTS (
                    SELECT 1 FROM retired_traces r JOIN log_leaves l ON l.leaf_index = r.leaf_index
                    WHERE r.trace_id = t.id)
                """, .trace
            ) { id, _ in "trace \(id) has no leaf in the log" }
            + list(
                """
                SELECT id FROM trace_steps WHERE trace_id NOT IN (SELECT id FROM traces)
                OR substr(id, 1, 36) NOT IN (SELECT id FROM traces)
                """, .trace
            ) { id, _ in "step \(id) belongs to no trace" }
            + list("SELECT trace_id FROM retired_traces WHERE trace_id NOT IN (SELECT id FROM traces)", .trace) {
                id, _ in
                "the row of \(id) in retired_traces belongs to no trace"
            }
            + list("SELECT trace_id FROM trace_salts WHERE trace_id NOT IN (SELECT id FROM traces)", .trace) { id, _ in
                "the salt of \(id) belongs to no trace"
            }
    }

    private func list(
        _ sql: String, _ part: AuditReport.Finding.Part, _ message: (_ id: String, _ number: Int?) -> String
    ) throws -> [AuditReport.Finding] {
        try Row.fetchAll(db, sql: sql + " LIMIT \(AuditReport.maximumFindings)").map { row in
            // Whatever a changed row holds, it is shown as text.
            let id = row[0].flatMap { String.fromDatabaseValue($0.databaseValue) } ?? "?"
            let number = row.count > 1 ? Int.fromDatabaseValue(row[1] as DatabaseValue? ?? .null) : nil
            return AuditReport.Finding(part, leafIndex: number, traceID: id, message(id, number))
        }
    }

    private func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }
}

/// Checks a whole database of receipts.
package enum SQLiteAudit {
    /// - Parameters:
    ///   - path: A database, or a copy of one. It is not written to.
    ///   - key: A key from outside; nil to trust those that the database names.
    ///   - since: A checkpoint from outside.
    /// - Throws: ``ReceiptError`` where the file is no database of receipts.
    package static func check(
        path: String, key: VerifierKey? = nil, since: SignedCheckpoint? = nil,
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ReceiptError) -> AuditReport {
        do {
            var configuration = Configuration()
            configuration.label = "audit"
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            return try queue.read { db in
                guard try db.tableExists("log_leaves") else {
                    throw ReceiptError(.unreadable, "this is no database of receipts")
                }
                guard try !TraceDatabase.migrator.hasBeenSuperseded(db) else { throw TraceDatabase.otherVersion }
                return try check(db, key, since, progress)
            }
        } catch {
            throw .wrapping(error, "the database cannot be read: is it there, and a database of receipts?")
        }
    }

    private static func check(
        _ db: Database, _ key: VerifierKey?, _ since: SignedCheckpoint?, _ progress: LogAudit.Progress
    ) throws -> AuditReport {
        // Pages that contradict each other first: what is read from them may be anything.
        let faults = try String.fetchAll(db, sql: "PRAGMA quick_check(10)").filter { $0 != "ok" }
        var report: AuditReport
        do {
            report = try LogAudit.run(SQLiteAuditStore(db), key: key, since: since, progress: progress)
        } catch let error as DatabaseError where !faults.isEmpty {
            report = AuditReport()
            report.add(.init(.database, "the database cannot be read to its end: \(error.resultCode)"))
        }
        report.add(faults.map { .init(.database, "SQLite says: \($0)") })
        return report
    }
}
