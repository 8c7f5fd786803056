import GRDB
import OrchCore
import OrchReceipts
import OrchTestSupport
import Synchronization

@testable import OrchStorageSQLite

/// A database of receipts in a folder of its own.
struct Store {
    let folder: TemporaryFolder
    let database: TraceDatabase
    let log: SQLiteReceiptLog
    let reader: SQLiteTraceReader
    let proofs: SQLiteLogReader
    let commits: Commits

    static let fileName = "traces.db"

    /// The key of the logs that tests make.
    static let key = SigningKey(generatingFor: "example.com/tests")

    init(folder: TemporaryFolder? = nil, key: SigningKey = Store.key, maximumWaiting: Int = 8192) throws {
        let folder = try folder ?? TemporaryFolder()
        let commits = Commits()
        self.folder = folder
        self.commits = commits
        database = try TraceDatabase(path: folder.path(Self.fileName))
        if try database.logKeys().isEmpty { _ = try database.adoptFirstKey(key.verifier) }
        log = SQLiteReceiptLog(database: database, key: key, maximumWaiting: maximumWaiting) { commits.add($0) }
        reader = SQLiteTraceReader(database: database)
        proofs = SQLiteLogReader(database: database)
    }

    /// Checks the whole log, as `orch audit fsck` does.
    func audit(key: VerifierKey? = nil, since: SignedCheckpoint? = nil) throws -> AuditReport {
        try SQLiteAudit.check(path: folder.path(Self.fileName), key: key, since: since)
    }

    func count(_ table: String) async throws -> Int {
        try await database.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    /// Runs SQL on the one connection that writes, outside of a transaction.
    func onWriter<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) throws -> Value {
        try database.pool.writeWithoutTransaction(body)
    }

    /// How commits went.
    final class Commits: Sendable {
        private let list = Mutex<[SQLiteReceiptLog.CommitRecord]>([])
        var all: [SQLiteReceiptLog.CommitRecord] { list.withLock { $0 } }
        func add(_ record: SQLiteReceiptLog.CommitRecord) { list.withLock { $0.append(record) } }
    }
}

/// The traces that tests write.
enum Sample {
    static let start = Timestamp(microseconds: 1_700_000_000_000_000)

    /// Traces in the order of their numbers.
    static func trace(_ number: Int, steps: Int = 2, status: TraceStatus = .ok) -> Trace {
        let moment = start.advanced(by: .milliseconds(number))
        return Trace(
            id: TraceID(at: moment, random: (UInt64(number), UInt64(number))), createdAt: moment,
            metadata: metadata(status),
            steps: (0..<steps).map {
                Step(.tokenUsage, at: moment.advanced(by: .microseconds($0)), ["n": .integer($0), "b": "é", "a": 0.5])
            })
    }

    private static func metadata(_ status: TraceStatus) -> JSONObject {
        var metadata: JSONObject = ["status": .string(status.rawValue), "caller": "tester", "route": "chat"]
        if status != .open { metadata["closed_at"] = .string(closedAt.description) }
        return metadata
    }

    static let closedAt = start.advanced(by: .seconds(30))

    static func whole(_ number: Int, steps: Int = 2) -> ReceiptEntry {
        ReceiptEntry(.whole, trace: trace(number, steps: steps), status: .ok, at: closedAt)
    }

    /// A trace's opening, with its first step.
    static func opening(_ number: Int) -> ReceiptEntry {
        var trace = trace(number, status: .open)
        trace.steps = Array(trace.steps.prefix(1))
        let salt = salt(number)
        return ReceiptEntry(
            .opening, trace: trace, status: .open, at: start, salt: salt,
            contents: [salt.commitment(.request, to: [1, 2, 3])])
    }

    /// The same trace's end, with the rest of its steps.
    static func closing(_ number: Int) -> ReceiptEntry {
        let salt = salt(number)
        return ReceiptEntry(
            .closing, trace: trace(number), status: .ok, at: closedAt, written: 1, salt: salt,
            contents: [salt.commitment(.request, to: [1, 2, 3]), salt.commitment(.answer, to: [4])])
    }

    private static func salt(_ number: Int) -> TraceSalt {
        TraceSalt([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: TraceSalt.byteCount)) ?? .generate()
    }
}

/// The error that an expression throws, if it is one of receipts.
func receiptError(_ body: () async throws -> Void) async -> ReceiptError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? ReceiptError
    }
}
