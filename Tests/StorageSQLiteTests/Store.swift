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
    let commits: Commits

    static let fileName = "traces.db"

    init(folder: TemporaryFolder? = nil, maximumWaiting: Int = 8192) throws {
        let folder = try folder ?? TemporaryFolder()
        let commits = Commits()
        self.folder = folder
        self.commits = commits
        database = try TraceDatabase(path: folder.path(Self.fileName))
        log = SQLiteReceiptLog(database: database, maximumWaiting: maximumWaiting) { commits.add($0) }
        reader = SQLiteTraceReader(database: database)
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
            metadata: ["status": .string(status.rawValue), "caller": "tester", "route": "chat"],
            steps: (0..<steps).map {
                Step(.tokenUsage, at: moment.advanced(by: .microseconds($0)), ["n": .integer($0), "b": "é", "a": 0.5])
            })
    }

    static func whole(_ number: Int, steps: Int = 2) -> ReceiptEntry {
        let trace = trace(number, steps: steps)
        return ReceiptEntry(.whole, trace: trace, steps: trace.steps)
    }

    /// A trace's opening, with its first step.
    static func opening(_ number: Int) -> ReceiptEntry {
        let trace = trace(number, status: .open)
        return ReceiptEntry(.opening, trace: trace, steps: trace.steps.prefix(1))
    }

    /// The same trace's end, with the rest of its steps.
    static func closing(_ number: Int) -> ReceiptEntry {
        let trace = trace(number)
        return ReceiptEntry(.closing, trace: trace, steps: trace.steps.dropFirst())
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
