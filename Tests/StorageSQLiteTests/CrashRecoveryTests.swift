import GRDB
import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

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
        #expect(try await store.log.closeTracesOfDeadProcess(among: store.log.openTraces(), at: moment) == 2)
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
        #expect(try await store.log.closeTracesOfDeadProcess(among: store.log.openTraces(), at: moment) == 0)
        #expect(try await store.count("trace_steps") == 2 + 2 + 2 + 2)
        let report = try store.audit()
        #expect(report.isConsistent && report.verified == 4 && report.treeSize == 4, "\(report.findings)")
    }

    @Test("A trace that was opened later is somebody's who lives")
    func later() async throws {
        let store = try Store()
        try await store.log.commit(Sample.opening(1))
        let left = try store.log.openTraces()
        try await store.log.commit(Sample.opening(2))
        #expect(try await store.log.closeTracesOfDeadProcess(among: left, at: Sample.start) == 1)
        #expect(try store.log.openTraces() == [Sample.trace(2).id])
    }

    @Test("What it writes is canonical JSON too")
    func canonical() async throws {
        let store = try Store()
        try await store.log.commit(Sample.opening(1))
        _ = try await store.log.closeTracesOfDeadProcess(among: store.log.openTraces(), at: Sample.start)
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
        let error = await receiptError {
            _ = try await store.log.closeTracesOfDeadProcess(among: store.log.openTraces(), at: Sample.start)
        }
        #expect(error?.code == .unavailable)
        try store.onWriter { try $0.execute(sql: "PRAGMA query_only = 0") }
        #expect(try await store.log.closeTracesOfDeadProcess(among: store.log.openTraces(), at: Sample.start) == 1)
    }
}
