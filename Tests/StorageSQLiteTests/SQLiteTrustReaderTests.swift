import GRDB
import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

@Suite("Searching stored steps in SQLite")
struct SQLiteTrustReaderTests {
    private let folder: TemporaryFolder
    private let database: TraceDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try TraceDatabase(path: folder.path("traces.db"))
    }

    private func reader(maximumSearched: Int = StoredSteps.maximumSearched) -> SQLiteTrustReader {
        SQLiteTrustReader(database: database, maximumSearched: maximumSearched)
    }

    private func id(_ number: Int) -> TraceID {
        TraceID(
            at: Timestamp(microseconds: 1_700_000_000_000_000).advanced(by: .milliseconds(number)),
            random: (UInt64(number), UInt64(number)))
    }

    /// Stores steps of these kinds; each tells its trace's number and its place.
    private func store(_ numbers: some Sequence<Int>, _ types: [StepType]) async throws {
        let rows = numbers.flatMap { number in
            types.enumerated().map { place, type in
                StatementArguments([
                    StoredStep.id(id(number).description, place), type.rawValue,
                    "[\(number),\(place)]", "2026-01-02T03:04:05.000006Z",
                ])
            }
        }
        try await database.pool.write { db in
            for row in rows { try db.execute(sql: "INSERT INTO trace_steps VALUES (?, ?, ?, ?)", arguments: row) }
        }
    }

    private func texts(_ found: StoredSteps) -> [String] {
        found.steps.map { String(decoding: $0.json, as: UTF8.self) }
    }

    @Test("The newest trace comes first, and of a trace the newest step, whatever order they were written in")
    func order() async throws {
        try await store([3, 1, 2], [.policySnapshot, .error])
        let found = try await reader().events(types: [], trace: nil, limit: 10)
        #expect(texts(found) == ["[3,1]", "[3,0]", "[2,1]", "[2,0]", "[1,1]", "[1,0]"])
        #expect(found.isComplete)
    }

    @Test("Steps are given byte for byte as they are stored")
    func bytes() async throws {
        try await database.pool.write { db in
            try db.execute(
                sql: "INSERT INTO trace_steps VALUES (?, ?, ?, ?)",
                arguments: ["made up/1", "é", #"{"b":1, "a":2}"#, ""])
        }
        let steps = try await reader().events(types: [], trace: nil, limit: 10).steps
        #expect(
            steps == [
                StoredTrace.Step(
                    id: Array("made up/1".utf8), traceID: Array("made up/1".utf8), type: Array("é".utf8), createdAt: [],
                    json: Array(#"{"b":1, "a":2}"#.utf8))
            ])
    }

    @Test("Kinds and a trace are chosen, together too")
    func filters() async throws {
        try await store(1...3, [.policySnapshot, .tokenUsage, .error, .tokenUsage])
        let one = try await reader().events(types: [.tokenUsage], trace: nil, limit: 3)
        #expect(texts(one) == ["[3,3]", "[3,1]", "[2,3]"])
        let two = try await reader().events(types: [.error, .policySnapshot], trace: id(2), limit: 10)
        #expect(texts(two) == ["[2,2]", "[2,0]"])
        #expect(try await reader().events(types: [], trace: id(2), limit: 10).steps.count == 4)
        #expect(try await reader().events(types: [.egress], trace: nil, limit: 10).steps.isEmpty)
        let none = try await reader().events(types: [], trace: id(9), limit: 10)
        #expect(none == StoredSteps(steps: [], isComplete: true))
    }

    @Test("No more than wanted are given", arguments: [0, -1, Int.min, 1, 5, 6, 7, Int.max])
    func limits(_ limit: Int) async throws {
        try await store(1...3, [.policySnapshot, .error])
        let found = try await reader().events(types: [], trace: nil, limit: limit)
        #expect(found.steps.count == min(6, max(0, limit)))
        #expect(found.isComplete)
    }

    @Test("A search ends at its bound, and says whether older steps were left unseen")
    func bound() async throws {
        try await store(1...5, [.policySnapshot, .error])
        // Of ten steps; the oldest is found only by a search that sees all.
        let cut = try await reader(maximumSearched: 9).events(types: [.policySnapshot], trace: nil, limit: 5)
        #expect(texts(cut) == ["[5,0]", "[4,0]", "[3,0]", "[2,0]"])
        #expect(!cut.isComplete)
        let whole = try await reader(maximumSearched: 10).events(types: [.policySnapshot], trace: nil, limit: 6)
        #expect(whole.steps.count == 5)
        #expect(whole.isComplete)
        let filled = try await reader(maximumSearched: 4).events(types: [.policySnapshot], trace: nil, limit: 2)
        #expect(filled.steps.count == 2)
        #expect(filled.isComplete)
        let never = try await reader(maximumSearched: 0).events(types: [], trace: nil, limit: 2)
        #expect(never == StoredSteps(steps: [], isComplete: false))
    }

    @Test("A search after another one, broken off or not, begins anew")
    func again() async throws {
        try await store(1...3, [.error])
        for _ in 0..<3 {
            for limit in 1...4 {
                let found = try await reader().events(types: [], trace: nil, limit: limit)
                #expect(texts(found) == Array(["[3,0]", "[2,0]", "[1,0]"].prefix(limit)))
                #expect(try await reader().events(types: [], trace: id(2), limit: limit).steps.count == 1)
            }
        }
    }
}
