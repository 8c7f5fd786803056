import GRDB
import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

@Suite("Reading traces from SQLite")
struct SQLiteTraceReaderTests {
    @Test("An unknown trace is none")
    func unknown() async throws {
        let store = try Store()
        #expect(try await store.reader.trace(Sample.trace(1).id) == nil)
        #expect(try await store.reader.traces(limit: 10, before: nil).isEmpty)
    }

    @Test("Pages come newest first, without steps, and meet without gap or overlap", arguments: [1, 3, 7, 25, 26])
    func paging(_ limit: Int) async throws {
        let store = try Store()
        for number in [5, 3, 24, 0, 1, 2, 4] + Array(6..<24) { try await store.log.commit(Sample.whole(number)) }
        var seen: [Trace] = []
        var pages = 0
        while true {
            let page = try await store.reader.traces(limit: limit, before: seen.last?.id)
            #expect(page.count <= limit)
            seen += page
            pages += 1
            if page.count < limit || pages > 25 { break }
        }
        #expect(seen.map(\.id) == (0..<25).reversed().map { Sample.trace($0).id })
        #expect(seen.allSatisfy { $0.steps.isEmpty && $0.metadata["caller"] == "tester" })
        #expect(pages == 25 / limit + 1)
    }

    @Test("A page of none or fewer is empty", arguments: [0, -1, Int.min])
    func emptyPages(_ limit: Int) async throws {
        let store = try Store()
        try await store.log.commit(Sample.whole(1))
        #expect(try await store.reader.traces(limit: limit, before: nil).isEmpty)
    }

    @Test("New traces do not move a page that has begun")
    func stablePages() async throws {
        let store = try Store()
        for number in 0..<6 { try await store.log.commit(Sample.whole(number)) }
        let first = try await store.reader.traces(limit: 3, before: nil)
        for number in 6..<9 { try await store.log.commit(Sample.whole(number)) }
        let second = try await store.reader.traces(limit: 3, before: first.last?.id)
        #expect(second.map(\.id) == [2, 1, 0].map { Sample.trace($0).id })
    }

    static let damages = [
        "UPDATE traces SET metadata_json = '{'", "UPDATE traces SET metadata_json = '[]'",
        "UPDATE traces SET metadata_json = '{\"a\":1,\"a\":2}'", "UPDATE traces SET created_at = 'yesterday'",
        "UPDATE trace_steps SET step_json = 'canary'", "UPDATE trace_steps SET step_type = 'made_up'",
        "UPDATE trace_steps SET created_at = ''", "UPDATE trace_steps SET step_json = x'00FF'",
    ]

    @Test("What does not read back is an error, and the error shows none of it", arguments: damages)
    func damage(_ sql: String) async throws {
        let store = try Store()
        try await store.log.commit(Sample.whole(1))
        try store.onWriter { try $0.execute(sql: sql) }
        let error = await receiptError { _ = try await store.reader.trace(Sample.trace(1).id) }
        #expect(error?.code == .unreadable)
        #expect(error?.description.contains("canary") == false)
    }

    @Test("A trace is read as of one moment while it is being written")
    func snapshot() async throws {
        let store = try Store()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try await store.log.commit(Sample.opening(number))
                    try await store.log.commit(Sample.closing(number))
                }
                group.addTask {
                    let trace = try await store.reader.trace(Sample.trace(number).id)
                    guard let trace else { return }
                    #expect(trace.steps.count == (trace.metadata["status"] == "open" ? 1 : 2))
                }
            }
            try await group.waitForAll()
        }
    }
}
