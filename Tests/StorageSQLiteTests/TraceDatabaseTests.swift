import GRDB
import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

@Suite("The file of receipts")
struct TraceDatabaseTests {
    @Test("Opens again with what it held, and its schema as it was")
    func reopens() async throws {
        let folder = try TemporaryFolder()
        for number in 0..<3 {
            let store = try Store(folder: folder)
            try await store.log.commit(Sample.whole(number))
            #expect(try await store.count("traces") == number + 1)
            try store.database.pool.close()
        }
    }

    @Test("Made by a newer version, it is refused and left alone")
    func newer() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(folder: folder)
        try await store.log.commit(Sample.whole(1))
        try store.onWriter {
            try $0.execute(sql: "INSERT INTO grdb_migrations(identifier) VALUES ('9999-from-the-future')")
        }
        try store.database.pool.close()
        let error = await receiptError { _ = try Store(folder: folder) }
        #expect(error?.code == .newerSchema)
        #expect(error?.message.contains("newer version") == true)
        let queue = try DatabaseQueue(path: folder.path(Store.fileName))
        #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM traces") } == 1)
    }

    @Test("In a folder that is missing, it cannot be opened, and the error names no path")
    func missingFolder() async throws {
        let folder = try TemporaryFolder()
        let error = await receiptError { _ = try TraceDatabase(path: folder.path("none/traces.db")) }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains(folder.path) == false)
    }

    @Test("Where the path is a folder, or the file is no database, it cannot be opened")
    func notADatabase() async throws {
        let folder = try TemporaryFolder()
        #expect(await receiptError { _ = try TraceDatabase(path: folder.path) }?.code == .unavailable)
        try folder.write("text.db", [UInt8](repeating: 0x61, count: 8192))
        #expect(await receiptError { _ = try TraceDatabase(path: folder.path("text.db")) }?.code == .unavailable)
        #expect(folder.read("text.db") == [UInt8](repeating: 0x61, count: 8192))
    }

    @Test("Opened for reading only, it takes no receipts and says so")
    func readOnly() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(folder: folder)
        try await store.log.commit(Sample.whole(0))
        // Permissions do not bind the superuser, who runs tests in containers; the connection's own switch binds all.
        try store.onWriter { try $0.execute(sql: "PRAGMA query_only = 1") }
        #expect(await receiptError { try await store.log.commit(Sample.whole(1)) }?.code == .unavailable)
        #expect(!store.log.isHealthy)
        try store.onWriter { try $0.execute(sql: "PRAGMA query_only = 0") }
        try await store.log.commit(Sample.whole(1))
        #expect(store.log.isHealthy)
    }

    @Test("Its tables have the columns of the specification, and nothing that could hold content")
    func schema() async throws {
        let store = try Store()
        let columns = try await store.database.pool.read { db in
            try ["traces", "trace_steps", "open_traces"].map { try db.columns(in: $0).map(\.name) }
        }
        #expect(
            columns == [
                ["id", "created_at", "metadata_json"], ["id", "trace_id", "step_type", "step_json", "created_at"],
                ["trace_id"],
            ])
    }
}

@Suite("After a crash")
struct CrashRecoveryTests {
    @Test("Open traces are closed as those of a process that died, once")
    func closes() async throws {
        let folder = try TemporaryFolder()
        let dead = try Store(folder: folder)
        for number in [3, 1, 2] { try await dead.log.commit(Sample.opening(number)) }
        try await dead.log.commit(Sample.whole(4))
        try await dead.log.commit(Sample.closing(2))

        let store = try Store(folder: folder)
        let moment = Sample.start.advanced(by: .seconds(60))
        #expect(try store.database.closeTracesOfDeadProcess(at: moment) == 2)
        for number in [1, 3] {
            let trace = try #require(try await store.reader.trace(Sample.trace(number).id))
            #expect(trace.metadata["status"] == "process_died" && trace.metadata["caller"] == "tester")
            #expect(trace.steps.map(\.type) == [.tokenUsage, .error])
            #expect(trace.steps.last?.createdAt == moment)
            #expect(trace.steps.last?.payload["code"] == "process_died")
        }
        #expect(try await store.reader.trace(Sample.trace(2).id) == Sample.trace(2))
        #expect(try await store.reader.trace(Sample.trace(4).id) == Sample.trace(4))
        #expect(try await store.count("open_traces") == 0)
        #expect(try store.database.closeTracesOfDeadProcess(at: moment) == 0)
        #expect(try await store.count("trace_steps") == 2 + 2 + 2 + 2)
    }

    @Test("What it writes is canonical JSON too")
    func canonical() async throws {
        let store = try Store()
        try await store.log.commit(Sample.opening(1))
        _ = try store.database.closeTracesOfDeadProcess(at: Sample.start)
        let texts = try await store.database.pool.read {
            try String.fetchAll($0, sql: "SELECT step_json FROM trace_steps UNION ALL SELECT metadata_json FROM traces")
        }
        for text in texts {
            #expect(try JSONValue(parsing: Array(text.utf8)).canonical == Array(text.utf8))
        }
    }

    @Test("Recovery that cannot write says so, and can be tried again")
    func failing() async throws {
        let store = try Store()
        try await store.log.commit(Sample.opening(1))
        try store.onWriter { try $0.execute(sql: "PRAGMA query_only = 1") }
        let error = #expect(throws: ReceiptError.self) {
            _ = try store.database.closeTracesOfDeadProcess(at: Sample.start)
        }
        #expect(error?.code == .unavailable)
        try store.onWriter { try $0.execute(sql: "PRAGMA query_only = 0") }
        #expect(try store.database.closeTracesOfDeadProcess(at: Sample.start) == 1)
    }
}
