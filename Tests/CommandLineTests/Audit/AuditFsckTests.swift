import OrchCore
import OrchReceipts
import SystemPackage
import Testing

@testable import OrchCommandLine

struct AuditFsckTests {
    private let log: MemoryLog
    private let directory: TemporaryDirectory
    private var fixture = Fixture()

    init() throws {
        log = MemoryLog(5)
        directory = try TemporaryDirectory()
        fixture.log = log
    }

    private func fsck(_ options: String..., isTerminal: Bool = false) async -> Run {
        await orch(["audit", "fsck"] + options, in: fixture.environment, isTerminal: isTerminal)
    }

    private func root() throws -> MerkleHash { try SignedCheckpoint(parsing: log.note).checkpoint.root }

    @Test func `without an anchor a sound log is consistent, unanchored`() async throws {
        log.open()
        _ = try await log.erase(log.id(1))
        let run = await fsck()
        #expect(run.status == 0 && run.err.isEmpty)
        #expect(
            run.out == """
                leaves      6
                verified    5
                retired     1
                under way   1
                checkpoint  example.com/receipts, size 6, root \(try root())

                consistent, unanchored

                """)
        #expect(
            try await fsck("--json").json() == [
                "verdict": "consistent, unanchored", "consistent": true, "tree_size": 6, "verified": 5, "retired": 1,
                "under_way": 1, "origin": "example.com/receipts", "root_hash": .string(try root().hexadecimal),
                "checkpoint": .string(log.note), "since": nil, "first_bad_leaf": nil, "finding_count": 0,
                "findings": [],
            ])
    }

    @Test func `a checkpoint from elsewhere anchors it, in each of its forms`() async throws {
        let note = log.note
        let receipt: JSONValue = ["trace_id": "x", "leaf_index": 4, "checkpoint": .string(note)]
        let answer: JSONValue = ["id": "chatcmpl-1", "choices": [], "receipt": receipt]
        for _ in 0..<3 { log.add() }
        for text in [
            note, note + "\n", String(note.dropLast()), String(decoding: receipt.serialized, as: UTF8.self),
            "\n  " + String(decoding: answer.serialized, as: UTF8.self) + "\n",
        ] {
            let path = try directory.write("anchor", Array(text.utf8))
            let run = await fsck("--since", path)
            #expect(run.status == 0, "\(run.err)")
            #expect(run.out.hasSuffix("\nconsistent, append-only since size 5\n"))
        }
        #expect(fixture.checks.options.allSatisfy { $0.since?.text == note && $0.key == nil && $0.databasePath == nil })
        let json = try await fsck("--json", "--since", directory.path.appending("anchor").string).json().objectValue
        #expect(json?["since"] == ["size": 5, "append_only": true])
        #expect(json?["verdict"] == "consistent, append-only since size 5")
    }

    @Test func `a log that was rolled back contradicts its anchor`() async throws {
        for _ in 0..<2 { log.add() }
        let anchor = try directory.write("anchor", Array(log.note.utf8))
        log.change { state in
            state.traces[state.leaves[5].id] = nil
            state.traces[state.leaves[6].id] = nil
            state.leaves.removeLast(2)
            state.hashes.removeLast(2)
            state.checkpoints.removeLast(2)
        }
        #expect(await fsck().status == 0)
        let run = await fsck("--since", anchor)
        #expect(run.status == 1)
        #expect(run.out.contains("\nsince       the log does not go on from the checkpoint of size 7\n"))
        #expect(run.out.contains("\nfirst bad leaf: 5\n"))
        #expect(run.out.hasSuffix("\nNOT CONSISTENT\n"))
        let json = try await fsck("--json", "--since", anchor).json().objectValue
        #expect(json?["since"] == ["size": 7, "append_only": false] && json?["consistent"] == false)
        #expect(json?["first_bad_leaf"] == 5)
    }

    @Test func `another log of the same length contradicts it, too`() async throws {
        let other = MemoryLog(5)
        let anchor = try directory.write("anchor", Array(other.note.utf8))
        let run = await fsck("--since", anchor)
        #expect(run.status == 1)
        #expect(run.out.hasSuffix("\nNOT CONSISTENT\n"))
    }

    @Test func `what was changed is named, and the first bad leaf`() async throws {
        log.change { [ids = [log.id(4), log.id(2)]] state in
            for id in ids { state.traces[id]?.steps[1].json = Array("{}".utf8) }
        }
        let run = await fsck()
        #expect(run.status == 1)
        let lines = run.out.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[6].hasPrefix("LEAF  TRACE"))
        #expect(lines[7].hasPrefix("2     \(log.id(2))  trace  "))
        #expect(lines[8].hasPrefix("4     \(log.id(4))  trace  "))
        #expect(lines[9...] == ["", "first bad leaf: 2, trace \(log.id(2))", "", "NOT CONSISTENT", ""])
        let json = try #require(try await fsck("--json").json().objectValue)
        #expect(json["verdict"] == "NOT CONSISTENT" && json["consistent"] == false && json["first_bad_leaf"] == 2)
        #expect(json["finding_count"] == 2)
        let finding = json["findings"]?.arrayValue?.first?.objectValue
        #expect(finding?.keys == ["part", "leaf_index", "trace_id", "message"])
        #expect(finding?["part"] == "trace" && finding?["trace_id"] == .string(log.id(2).description))
    }

    @Test func `more findings than are kept are counted`() async throws {
        let log = MemoryLog(AuditReport.maximumFindings + 7)
        log.change { state in for id in state.traces.keys { state.traces[id]?.salt = nil } }
        var fixture = fixture
        fixture.log = log
        let run = await orch("audit", "fsck", in: fixture.environment)
        #expect(run.status == 1)
        #expect(run.out.contains("\nand 7 more\n\nfirst bad leaf: 0, trace "))
    }

    @Test func `a checkpoint that nobody signed is none`() async throws {
        log.change { state in
            let last = state.checkpoints.count - 1
            state.checkpoints[last].note = state.checkpoints[last].note.replacing("receipts ", with: "receipts2 ")
        }
        let run = await fsck()
        #expect(run.status == 1)
        #expect(run.out.contains("\ncheckpoint  none that reads and is signed\n"))
        #expect(try await fsck("--json").json().objectValue?["checkpoint"] == .null)
    }

    @Test func `the key and the database are handed on`() async throws {
        let run = await fsck("--key", log.verifier.description, "--database", "/backup/trace.db")
        #expect(run.status == 0)
        #expect(fixture.checks.options.map(\.key) == [log.verifier])
        #expect(fixture.checks.options.map(\.databasePath) == ["/backup/trace.db"])
        let other = SigningKey(generatingFor: "example.com/receipts").verifier
        let wrong = await fsck("--key", other.description)
        #expect(wrong.status == 1)
        #expect(wrong.out.contains("\n-     -      key   \(other.shortName), the key given, is not one of the log's\n"))
        #expect(!wrong.out.contains("first bad leaf"))
    }

    @Test func `files that hold no checkpoint are refused`() async throws {
        let empty = try SignedCheckpoint(
            Checkpoint(origin: "a", size: 0, root: .emptyRoot), signedBy: SigningKey(generatingFor: "a"))
        for (text, message) in [
            ("", "the file of --since: this is no signed note"),
            ("hello", "the file of --since: this is no signed note"),
            ("{", "the file of --since is not valid JSON"), ("{}", "the file of --since has no checkpoint"),
            (#"{"receipt":null}"#, "the file of --since has no checkpoint"),
            (#"{"checkpoint":7}"#, "the file of --since has no checkpoint"),
            (#"{"checkpoint":"a\n5\n"}"#, "the file of --since: this is no signed note"),
            (log.note.replacing("\n5\n", with: "\n05\n"), "the file of --since: this is no checkpoint"),
            (empty.text, "the checkpoint of --since is that of an empty log"),
        ] {
            let run = await fsck("--since", try directory.write("anchor", Array(text.utf8)))
            #expect(run.status == 65, "\(text)")
            #expect(run.err.hasPrefix("orch: \(message)"), "\(run.err)")
        }
        #expect(await fsck("--since", directory.path.appending("nothing").string).status == 66)
        #expect(await fsck("--key", "x").status == 64)
        #expect(fixture.checks.options.isEmpty)
    }

    @Test func `a check that passes over the anchor is a fault of the program`() async throws {
        let environment = fixture.environment
        let careless = CommandEnvironment(
            serve: environment.serve,
            workbench: {
                var workbench = try environment.workbench($0)
                workbench.audit?.check = { _, _ in AuditReport() }
                return workbench
            }, version: "", inputs: environment.inputs)
        let anchor = try directory.write("anchor", Array(log.note.utf8))
        #expect(await orch("audit", "fsck", "--since", anchor, in: careless).status == 70)
    }

    @Test func `a check that breaks off clears its line`() async throws {
        let environment = fixture.environment
        let failing = CommandEnvironment(
            serve: environment.serve,
            workbench: {
                var workbench = try environment.workbench($0)
                workbench.audit?.check = { _, progress in
                    progress(256, 1000)
                    throw ReceiptError(.unavailable, "the disk is gone")
                }
                return workbench
            }, version: "", inputs: environment.inputs)
        let run = await orch("audit", "fsck", in: failing, isTerminal: true)
        #expect(run.status == 69)
        #expect(run.err.hasPrefix("\r256 of 1000 leaves\r\u{1B}[K"))
    }

    @Test func `progress is for terminals`() async throws {
        #expect(await fsck(isTerminal: true).err == "\r5 of 5 leaves\r\u{1B}[K")
        #expect(await fsck(isTerminal: true).out.hasSuffix("\u{1B}[32mconsistent, unanchored\u{1B}[0m\n"))
    }
}
