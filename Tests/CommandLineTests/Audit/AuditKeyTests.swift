import OrchCore
import OrchReceipts
import Testing

@testable import OrchCommandLine

struct AuditKeyTests {
    private let log = MemoryLog(3)
    private var fixture = Fixture()

    init() {
        fixture.log = log
    }

    private func key(_ options: String...) async -> Run {
        await orch(["audit", "key"] + options, in: fixture.environment)
    }

    // MARK: key

    @Test func `shows the key to publish`() async throws {
        let run = await key()
        #expect(run.status == 0)
        #expect(
            run.out == """
                SINCE SIZE  SIGNED FOR BY  VERIFIER KEY
                0           -              \(log.verifier)

                ✓ the file holds the log's newest key

                """)
        #expect(
            try await key("--json").json() == [
                "in_order": true, "file": .string(log.verifier.description),
                "keys": [["since_size": 0, "key": .string(log.verifier.description), "note": nil]],
            ])
    }

    @Test func `rotates to a new key, which the old one signs for`() async throws {
        let old = log.verifier
        let run = await key("--rotate")
        #expect(run.status == 0)
        #expect(log.verifier != old)
        #expect(
            run.out == """
                verifier key   \(log.verifier)
                since size     4
                signed for by  the key before

                Publish the verifier key, and keep the old ones published too.

                """)
        let shown = await key()
        #expect(
            shown.out.contains("\n0           -               \(old)\n4           the key before  \(log.verifier)\n"))
        #expect(await orch("audit", "fsck", in: fixture.environment).status == 0)
        let json = try #require(try await key("--rotate", "--json").json().objectValue)
        #expect(json.keys == ["since_size", "key", "note"])
        #expect(json["since_size"] == 5 && json["key"] == .string(log.verifier.description))
        #expect(try SignedCheckpoint(parsing: json["note"]?.stringValue ?? "").checkpoint.size == 5)
    }

    @Test func `makes no key where the log has its own`() async throws {
        let old = log.verifier
        let run = await key("--create")
        #expect(run.status == 1)
        #expect(run.err == "orch: the log has its key, in order: --rotate changes it\n")
        #expect(log.verifier == old)
    }

    @Test func `makes another key where it is lost`() async throws {
        var fixture = fixture
        fixture.keyFile = .holds(nil)
        let shown = await orch("audit", "key", in: fixture.environment)
        #expect(shown.status == 1)
        #expect(shown.out.contains("✗ the file of the key is missing: put it back"))
        #expect(try await orch("audit", "key", "--json", in: fixture.environment).json().objectValue?["file"] == .null)
        let run = await orch("audit", "key", "--create", in: fixture.environment)
        #expect(run.status == 0)
        #expect(
            run.out == """
                verifier key   \(log.verifier)
                since size     4
                signed for by  nobody

                Publish the verifier key where readers of receipts find it.

                """)
        // Nobody signed for it: that is said, until the key comes from outside.
        log.add()
        let check = await orch("audit", "fsck", in: fixture.environment)
        #expect(check.status == 1 && check.out.contains("did not sign for that"))
        let key = log.verifier.description
        #expect(await orch("audit", "fsck", "--key", key, in: fixture.environment).status == 0)
    }

    @Test func `says where the file holds another key`() async throws {
        let other = SigningKey(generatingFor: "example.com/other").verifier
        var fixture = fixture
        fixture.keyFile = .holds(other)
        let run = await orch("audit", "key", in: fixture.environment)
        #expect(run.status == 1)
        let text = "✗ the file holds \(other.shortName), and the log's newest key is \(log.verifier.shortName): "
        #expect(run.out.contains(text))
    }

    @Test func `says where the log has no key`() async throws {
        log.change { $0.logKeys = [] }
        let run = await key()
        #expect(run.status == 1)
        #expect(run.out.hasPrefix("✗ the log has no key yet: the server's first start makes one"))
        var fixture = fixture
        fixture.keyFile = .holds(log.verifier)
        let held = await orch("audit", "key", in: fixture.environment)
        #expect(held.status == 1)
        #expect(
            held.out.hasPrefix("✗ the log has no key yet, and the file holds \(log.verifier.shortName), which signs"))
    }

    // MARK: checkpoint

    @Test func `prints the newest checkpoint as it is`() async throws {
        let run = await orch("audit", "checkpoint", in: fixture.environment)
        #expect(run.status == 0 && run.out == log.note)
        let json = try await orch("audit", "checkpoint", "--json", in: fixture.environment).json()
        let head = try SignedCheckpoint(parsing: log.note).checkpoint
        #expect(
            json == [
                "origin": "example.com/receipts", "size": 3, "root_hash": .string(head.root.hexadecimal),
                "checkpoint": .string(log.note),
            ])
    }

    @Test func `before the first start there is no checkpoint`() async throws {
        var fixture = fixture
        fixture.log = MemoryLog()
        let run = await orch("audit", "checkpoint", in: fixture.environment)
        #expect(run.status == 66)
        #expect(run.err.contains("the log has no checkpoint yet"))
    }
}
