import GRDB
import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

@Suite("Receipts in SQLite")
struct SQLiteReceiptLogTests {
    @Test("A whole trace reads back as it was")
    func whole() async throws {
        let store = try Store()
        try await store.log.commit(Sample.whole(1))
        #expect(try await store.reader.trace(Sample.trace(1).id) == Sample.trace(1))
        #expect(try await store.count("open_traces") == 0)
        #expect(store.log.isHealthy)
    }

    @Test("An opening and its end make the same trace as both at once")
    func openingAndClosing() async throws {
        let store = try Store()
        try await store.log.commit(Sample.opening(1))
        let open = try #require(try await store.reader.trace(Sample.trace(1).id))
        #expect(open.metadata["status"] == "open" && open.steps.count == 1)
        #expect(try await store.count("open_traces") == 1)
        try await store.log.commit(Sample.closing(1))
        #expect(try await store.reader.trace(Sample.trace(1).id) == Sample.trace(1))
        #expect(try await store.count("open_traces") == 0)
    }

    @Test("What a commit returned for is there for another connection at once, and after a copy of the files")
    func durable() async throws {
        let store = try Store()
        for number in 0..<20 {
            try await store.log.commit(Sample.whole(number))
            let other = try TraceDatabase(path: store.folder.path(Store.fileName))
            let reader = SQLiteTraceReader(database: other)
            #expect(try await reader.trace(Sample.trace(number).id) != nil)
        }
        // The files as another machine would find them: no checkpoint, no orderly end.
        try store.folder.copy(Store.fileName, to: "copy.db")
        try store.folder.copy("\(Store.fileName)-wal", to: "copy.db-wal")
        let copy = SQLiteTraceReader(database: try TraceDatabase(path: store.folder.path("copy.db")))
        #expect(try await copy.traces(limit: 100, before: nil).count == 20)
    }

    @Test("Steps and metadata are stored as canonical JSON, with the columns that the specification names")
    func storedForm() async throws {
        let store = try Store()
        try await store.log.commit(Sample.whole(1))
        let (steps, metadata) = try await store.database.pool.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT trace_id, step_type, step_json FROM trace_steps ORDER BY id")
            return (
                rows.map { row in (0..<3).map { row[$0] as String? } },
                try String.fetchOne(db, sql: "SELECT metadata_json FROM traces")
            )
        }
        let id = Sample.trace(1).id.description
        #expect(
            steps == [
                [id, "token_usage", #"{"a":0.5,"b":"é","n":0}"#], [id, "token_usage", #"{"a":0.5,"b":"é","n":1}"#],
            ])
        #expect(
            metadata == #"{"caller":"tester","closed_at":"2023-11-14T22:13:50.000000Z","route":"chat","status":"ok"}"#)
    }

    @Test("The connection that writes has WAL, synchronous=FULL and foreign keys, also after commits")
    func pragmas() async throws {
        let store = try Store()
        for round in 0..<2 {
            let pragmas = try store.onWriter { db in
                [
                    try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                    try String.fetchOne(db, sql: "PRAGMA synchronous"),
                    try String.fetchOne(db, sql: "PRAGMA foreign_keys"),
                ]
            }
            #expect(pragmas == ["wal", "2", "1"])
            try await store.log.commit(Sample.whole(round))
        }
    }

    @Test("A thousand commits at once arrive, each of them, in far fewer transactions")
    func groupCommit() async throws {
        let store = try Store()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<1000 {
                group.addTask {
                    try await store.log.commit(Sample.whole(number))
                    // Durable before it is told: the trace is there when the commit returns.
                    let trace = try await store.reader.trace(Sample.trace(number).id)
                    #expect(trace?.steps.count == 2)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.count("traces") == 1000)
        #expect(try await store.count("trace_steps") == 2000)
        let commits = store.commits.all
        #expect(commits.map(\.entries).reduce(0, +) == 1000)
        #expect(commits.allSatisfy { $0.succeeded && $0.duration > .zero })
        #expect(commits.count < 1000, "\(commits.count) transactions")
    }

    @Test("Those that wait while the disk is busy share one transaction")
    func oneBatch() async throws {
        let store = try Store()
        let done = try await withBlockedWriter(store, entries: (0..<50).map { Sample.whole($0) })
        #expect(done.allSatisfy { $0 == nil })
        #expect(store.commits.all.map(\.entries).reduce(0, +) == 50)
        #expect(store.commits.all.count <= 10)
    }

    @Test("More than may wait are refused at once, and those that wait are written")
    func queueFull() async throws {
        let store = try Store(maximumWaiting: 10)
        let results = try await withBlockedWriter(store, entries: (0..<40).map { Sample.whole($0) })
        let refused = results.compactMap(\.self)
        #expect(refused.allSatisfy { $0.code == .queueFull })
        // At most one batch is with the writer while ten more wait.
        #expect((1...30).contains(refused.count), "\(refused.count)")
        #expect(try await store.count("traces") == 40 - refused.count)
        try await store.log.commit(Sample.whole(100))
        #expect(store.log.isHealthy)
    }

    @Test("The end of an opened trace that the disk did not take is written when it takes writes again, as failed")
    func overdueEnd() async throws {
        let store = try Store()
        try await store.log.commit(Sample.opening(1))
        try store.onWriter { try $0.execute(sql: "PRAGMA query_only = 1") }
        #expect(await receiptError { try await store.log.commit(Sample.closing(1)) }?.code == .unavailable)
        #expect(await !store.log.probe())
        try store.onWriter { try $0.execute(sql: "PRAGMA query_only = 0") }
        #expect(await store.log.probe())
        let trace = try await store.reader.trace(Sample.trace(1).id)
        #expect(trace?.metadata["status"] == "failed")
        #expect(try store.audit().isConsistent)
        #expect(trace?.steps.count == Sample.trace(1).steps.count)
        #expect(try await store.count("open_traces") == 0)
    }

    @Test("A full disk fails every waiter, leaves nothing half-written, and is got over")
    func diskFull() async throws {
        let store = try Store()
        try await store.log.commit(Sample.whole(0))
        try store.onWriter { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        let entries = (1...30).map { Sample.whole($0, steps: 60) }
        let results = try await withBlockedWriter(store, entries: entries)
        #expect(results.compactMap(\.self).contains { $0.code == .unavailable })
        let failed = results.indices.filter { results[$0] != nil }
        #expect(!store.log.isHealthy || failed.isEmpty)
        for index in results.indices {
            let trace = try await store.reader.trace(Sample.trace(index + 1).id)
            // Told to be written: there, whole. Told to have failed: not a trace of it.
            #expect((trace?.steps.count == 60) == (results[index] == nil))
            #expect((trace == nil) == (results[index] != nil))
        }
        try store.onWriter { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        try await store.log.commit(Sample.whole(100, steps: 60))
        #expect(store.log.isHealthy)
        #expect(try await store.reader.trace(Sample.trace(100).id)?.steps.count == 60)
        #expect(try await store.reader.trace(Sample.trace(0).id) == Sample.trace(0))
    }

    @Test("One entry that cannot be written fails all that share its commit, and none after")
    func sharedFailure() async throws {
        let store = try Store()
        try await store.log.commit(Sample.whole(7))
        let results = try await withBlockedWriter(store, entries: [Sample.whole(1), Sample.whole(7), Sample.whole(2)])
        let duplicate = try #require(results[1])
        #expect(duplicate.code == .unavailable && duplicate.cause != nil)
        #expect(!duplicate.description.contains("tester"))
        for (number, result) in [(1, results[0]), (2, results[2])] {
            #expect((try await store.reader.trace(Sample.trace(number).id) != nil) == (result == nil))
        }
        #expect(store.commits.all.contains { !$0.succeeded })
        try await store.log.commit(Sample.whole(8))
        #expect(store.log.isHealthy)
    }

    @Test("An end whose opening was never written is refused")
    func closingWithoutOpening() async throws {
        let store = try Store()
        #expect(await receiptError { try await store.log.commit(Sample.closing(1)) }?.code == .unavailable)
        #expect(try await store.count("trace_steps") == 0)
    }

    @Test("A caller that goes away does not take its receipt along")
    func cancelledCaller() async throws {
        let store = try Store()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await store.log.commit(Sample.whole(1))
        }
        try await task.value
        #expect(try await store.reader.trace(Sample.trace(1).id) != nil)
    }

    /// Holds the database's write lock from another connection until all entries wait, then lets go.
    private func withBlockedWriter(_ store: Store, entries: [ReceiptEntry]) async throws -> [ReceiptError?] {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let blocker = try DatabaseQueue(path: store.folder.path(Store.fileName), configuration: configuration)
        try await blocker.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        return try await withThrowingTaskGroup(of: (Int, ReceiptError?).self) { group in
            for (index, entry) in entries.enumerated() {
                group.addTask { (index, await receiptError { try await store.log.commit(entry) }) }
            }
            try await Task.sleep(for: .milliseconds(500))
            try await blocker.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
            var results = [ReceiptError?](repeating: nil, count: entries.count)
            for try await (index, result) in group { results[index] = result }
            return results
        }
    }
}
