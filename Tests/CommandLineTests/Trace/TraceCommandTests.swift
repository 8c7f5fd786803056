import OrchCore
import OrchReceipts
import SystemPackage
import Testing

@testable import OrchCommandLine

struct TraceCommandTests {
    private static let start = Timestamp(microseconds: 1_767_225_600_000_000)

    private func fixture(_ count: Int) -> Fixture {
        var fixture = Fixture()
        fixture.receipts = MemoryReceipts(MemoryReceipts.series(count, from: Self.start))
        return fixture
    }

    // MARK: list

    @Test func `list prints the newest first`() async throws {
        let run = await orch("trace", "list", in: fixture(3).environment)
        #expect(run.status == 0)
        let lines = run.out.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[1].contains("2026-01-01T00:00:02.000000Z  chat   default  ok"))
        #expect(!run.out.contains("--before"))
        #expect(await orch("trace", "list", in: fixture(0).environment).out == "There are no traces.\n")
    }

    @Test func `list goes through pages`() async throws {
        let environment = fixture(5).environment
        var seen: [String] = []
        var before: String?
        repeat {
            let more = before.map { ["--before", $0] } ?? []
            let object = try #require(
                try await orch(["trace", "list", "--json", "--limit", "2"] + more, in: environment).json().objectValue)
            let page = try #require(object["traces"]?.arrayValue)
            seen += page.compactMap { $0.objectValue?["created_at"]?.stringValue }
            before = object["next_before"]?.stringValue
        } while before != nil
        #expect(seen == (0..<5).reversed().map { "2026-01-01T00:00:0\($0).000000Z" })
        let text = await orch("trace", "list", "--limit", "2", in: environment).out
        #expect(text.contains("\nOlder ones: orch trace list --before "))
    }

    // MARK: show

    @Test func `show prints every step`() async throws {
        let traces = MemoryReceipts.series(1, from: Self.start)
        let id = traces[0].id.description
        let run = await orch("trace", "show", id, in: fixture(1).environment)
        #expect(run.status == 0)
        #expect(
            run.out == """
                trace    \(id)
                created  2026-01-01T00:00:00.000000Z
                route    chat
                caller   default
                status   ok

                STEP  AFTER      TYPE           DETAILS
                1     +1.500 ms  intent_router  tool=safe_calc confidence=0.9

                """)
        let value = try await orch("trace", "show", "--json", id, in: fixture(1).environment).json()
        #expect(value.objectValue?["id"]?.stringValue == id)
        #expect(
            value.objectValue?["steps"] == [
                [
                    "created_at": "2026-01-01T00:00:00.001500Z",
                    "payload": ["tool": "safe_calc", "confidence": 0.9], "step_type": "intent_router",
                ]
            ])
    }

    @Test func `show says so when there is no such trace`() async {
        let run = await orch("trace", "show", TraceArgument.example, in: fixture(1).environment)
        #expect(run.status == 66)
        #expect(run.out.isEmpty)
    }

    @Test(arguments: [["list"], ["show", TraceArgument.example], ["export"]])
    func `without receipts there is nothing to read`(arguments: [String]) async {
        var fixture = Fixture()
        fixture.receipts = nil
        let run = await orch(["trace"] + arguments, in: fixture.environment)
        #expect(run.status == 69)
        #expect(run.err.contains("ORCH_TRACE_ENABLED"))
    }

    // MARK: export

    @Test(arguments: [0, 1, TraceExport.pageSize, TraceExport.pageSize + 1, 3 * TraceExport.pageSize])
    func `export prints every trace once`(count: Int) async throws {
        let run = await orch("trace", "export", in: fixture(count).environment)
        #expect(run.status == 0)
        #expect(run.err.isEmpty)
        let ids = try run.jsonLines().compactMap { $0.objectValue?["id"]?.stringValue }
        #expect(ids.count == count)
        #expect(ids == ids.sorted(by: >))
        #expect(try run.jsonLines().allSatisfy { $0.objectValue?["steps"]?.arrayValue?.count == 1 })
    }

    @Test func `export writes a file for its owner alone`() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("traces.jsonl", Array("old".utf8))
        let run = await orch("trace", "export", "--out", path, in: fixture(3).environment)
        #expect(run.status == 0)
        #expect(run.out.isEmpty)
        #expect(run.err == "exported 3 traces\n")
        #expect(try directory.read("traces.jsonl").split(separator: "\n").count == 3)
        #expect(try FilePath(path).stat().permissions == .ownerReadWrite)
        #expect(directory.names == ["traces.jsonl"])
    }

    @Test func `an export that fails leaves the old file and nothing else`() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("traces.jsonl", Array("old".utf8))
        var fixture = Fixture()
        fixture.receipts = nil
        let traces = MemoryReceipts.series(TraceExport.pageSize + 1, from: Self.start)
        let environment = fixture.environment
        let failing = CommandEnvironment(
            serve: environment.serve,
            workbench: {
                var workbench = try environment.workbench($0)
                workbench.openTraces = { FailingReader(traces: traces) }
                return workbench
            }, version: "", inputs: environment.inputs)
        let run = await orch("trace", "export", "--out", path, in: failing)
        #expect(run.status == 69)
        #expect(try directory.read("traces.jsonl") == "old")
        #expect(directory.names == ["traces.jsonl"])
    }

    @Test(arguments: [
        ("2026-01-01T00:00:02Z", 3), ("2026-01-01T01:00:02+01:00", 3), ("2026-01-01T00:00:02.000001Z", 2),
        ("2026-01-01", 5), ("2026-01-02", 0), ("2025-12-31T23:59:59.999999Z", 5),
    ]) func `export begins where it is told`(since: String, count: Int) async throws {
        let run = await orch("trace", "export", "--since", since, in: fixture(5).environment)
        #expect(run.status == 0)
        #expect(try run.jsonLines().count == count)
    }

    @Test func `within one millisecond the order of identities does not end the export`() async throws {
        let moment = Self.start
        // The later trace has the smaller identity.
        let early = Trace(id: TraceID(at: moment, random: (9, 9)), createdAt: moment)
        let late = Trace(
            id: TraceID(at: moment, random: (1, 1)), createdAt: moment.advanced(by: .microseconds(500)))
        var fixture = Fixture()
        fixture.receipts = MemoryReceipts([early, late])
        let run = await orch("trace", "export", "--since", "2026-01-01T00:00:00.0004Z", in: fixture.environment)
        #expect(try run.jsonLines().compactMap { $0.objectValue?["id"]?.stringValue } == [late.id.description])
    }

    @Test func `progress is for terminals`() async throws {
        let run = await orch("trace", "export", in: fixture(3).environment, isTerminal: true)
        #expect(run.err == "\r1 traces\r\u{1B}[K")
    }

    @Test func `export stops when nobody reads any more`() async throws {
        let run = await orch("trace", "export", in: fixture(50).environment, closesAfter: 1000)
        #expect(run.status == 74)
        #expect(run.err.isEmpty)
    }
}

/// Gives a page, then fails.
private struct FailingReader: TraceReader {
    let traces: [Trace]

    func trace(_ id: TraceID) async throws(ReceiptError) -> Trace? { traces.first { $0.id == id } }

    func traces(limit: Int, before: TraceID?) async throws(ReceiptError) -> [Trace] {
        guard before == nil else { throw ReceiptError(.unavailable, "the database is gone") }
        return Array(traces.reversed().prefix(limit))
    }
}
