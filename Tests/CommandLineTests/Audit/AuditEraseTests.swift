import OrchCore
import OrchReceipts
import Testing

@testable import OrchCommandLine

struct AuditEraseTests {
    private let log = MemoryLog(4)
    private var fixture = Fixture()

    init() {
        fixture.log = log
    }

    private func erase(_ options: String...) async -> Run {
        await orch(["audit", "erase", log.id(1).description] + options, in: fixture.environment)
    }

    // MARK: erase

    @Test func `without --yes says what would be deleted, and deletes nothing`() async throws {
        let run = await erase()
        #expect(run.status == 64 && run.out.isEmpty)
        #expect(
            run.err == """
                orch: nothing was deleted: say --yes to delete what is kept of trace \(log.id(1)), for good
                That is 2 steps, the metadata, and the salt of the hashes in its leaf. Leaf 1 itself stays, and so \
                does every proof. Backups elsewhere are yours to delete.

                """)
        #expect(log.steps(of: log.id(1)) == 2)
    }

    @Test func `deletes the contents, and says what stays and who still has them`() async throws {
        let run = await erase("--yes")
        #expect(run.status == 0)
        #expect(
            run.out == """
                erased the steps, the metadata and the salt of trace \(log.id(1))
                its leaf 1 stays in the log, and every proof holds
                the erasure is leaf 4, trace \(log.id(4))
                still held by, beside the database: trace.db.old
                Backups elsewhere are yours to delete.

                """)
        #expect(log.steps(of: log.id(1)) == 0)
        #expect(await orch("audit", "fsck", in: fixture.environment).status == 0)
        let again = await erase("--yes")
        #expect(again.status == 0)
        #expect(again.out.hasPrefix("the contents of trace \(log.id(1)) were gone already\nits leaf 1 stays"))
        #expect(!again.out.contains("the erasure is leaf"))
    }

    @Test func `prints JSON`() async throws {
        let value = try await erase("--yes", "--json").json()
        #expect(
            value == [
                "trace_id": .string(log.id(1).description), "erased": true, "leaf_index": 1,
                "receipt": [
                    "trace_id": .string(log.id(4).description), "leaf_index": 4,
                    "leaf_hash": .string(MerkleHash.leaf(log.leaf(4)).hexadecimal), "checkpoint": .string(log.note),
                ],
                "copies": ["trace.db.old"],
            ])
        let again = try #require(try await erase("--yes", "--json").json().objectValue)
        #expect(again["erased"] == false && again["receipt"] == .null)
    }

    @Test func `a trace that is under way stays`() async throws {
        let open = log.open()
        let run = await orch("audit", "erase", open.description, "--yes", in: fixture.environment)
        #expect(run.status == 1)
        #expect(run.err.contains("erase it when its request has ended"))
        #expect(log.steps(of: open) == 2)
    }

    // MARK: maintain

    @Test func `a dry run deletes nothing`() async throws {
        let run = await orch("maintain", "--dry-run", in: fixture.environment)
        #expect(run.status == 0)
        #expect(
            run.out == """
                would delete the contents of 2 traces that began before 2026-01-01T00:00:02.000000Z
                the database takes 4.0 KiB
                the leaves stay, and every proof holds

                """)
        #expect(
            try await orch("maintain", "--dry-run", "--json", in: fixture.environment).json() == [
                "dry_run": true, "traces": 2, "before": "2026-01-01T00:00:02.000000Z", "bytes_before": 4096,
                "bytes_after": nil,
            ])
        #expect(await orch("audit", "verify", "--all", in: fixture.environment).status == 0)
    }

    @Test func `retention deletes, and says so`() async throws {
        let run = await orch("maintain", in: fixture.environment)
        #expect(run.status == 0)
        #expect(
            run.out == """
                deleted the contents of 2 traces that began before 2026-01-01T00:00:02.000000Z
                the database took 4.0 KiB, and 1.0 KiB now
                the leaves stay, and every proof holds

                """)
        #expect(await orch("audit", "fsck", in: fixture.environment).out.hasSuffix("\nconsistent, unanchored\n"))
        let json = try await orch("maintain", "--json", in: fixture.environment).json().objectValue
        #expect(json?["dry_run"] == false && json?["bytes_after"] == 1024)
    }

    @Test func `where nothing is too old there is nothing to do`() async throws {
        var fixture = fixture
        fixture.log = MemoryLog(1)
        let run = await orch("maintain", in: fixture.environment)
        #expect(run.status == 0 && run.out == "nothing to delete: the database takes 1.0 KiB\n")
        let json = try await orch("maintain", "--json", in: fixture.environment).json()
        #expect(
            json == ["dry_run": false, "traces": 0, "before": nil, "bytes_before": 1024, "bytes_after": nil])
    }
}
