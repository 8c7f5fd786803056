import OrchCore
import OrchReceipts
import SystemPackage
import Testing

@testable import OrchCommandLine

struct AuditBundleTests {
    private let log: MemoryLog
    private let directory: TemporaryDirectory
    private var fixture = Fixture()

    init() throws {
        log = MemoryLog(6)
        directory = try TemporaryDirectory()
        fixture.log = log
    }

    private func bundle(_ index: Int, _ options: String...) async -> Run {
        await orch(["audit", "bundle", log.id(index).description] + options, in: fixture.environment)
    }

    /// Writes a trace's bundle, and gives its path.
    private func file(_ index: Int, _ options: String...) async throws -> String {
        let run = await orch(["audit", "bundle", log.id(index).description] + options, in: fixture.environment)
        return try directory.write("bundle.json", Array(run.out.utf8))
    }

    /// Runs check-bundle without a configuration that would do for anything else.
    private func check(_ path: String, _ options: String..., key: String? = nil) async -> Run {
        var fixture = Fixture()
        fixture.receipts = nil
        fixture.variables = ["ORCH_PORT": "no number"]
        return await orch(
            ["audit", "check-bundle", path, "--key", key ?? log.verifier.description] + options, in: fixture.environment
        )
    }

    // MARK: bundle

    @Test func `prints a bundle on one line`() async throws {
        let run = await bundle(2)
        #expect(run.status == 0 && run.err.isEmpty)
        let printed = try ReceiptBundle(parsing: Array(run.out.utf8))
        #expect(printed.traceID == log.id(2))
        #expect(printed.check(key: log.verifier).holds)
        #expect(try run.json().objectValue?["format"] == "orchestrators.receipt-bundle/v1")
        #expect(Array(printed.salts.keys) == [.metadata])
        let salted = try ReceiptBundle(parsing: Array(await bundle(2, "--with-salts").out.utf8))
        #expect(salted.salts.count == 3)
    }

    @Test func `writes a file for its owner alone`() async throws {
        let path = try directory.write("receipt.json", Array("old".utf8))
        let run = await bundle(2, "--out", path)
        #expect(run.status == 0 && run.out.isEmpty)
        #expect(run.err == "wrote the bundle of trace \(log.id(2))\n")
        #expect(try directory.read("receipt.json") == (await bundle(2)).out)
        #expect(try FilePath(path).stat().permissions == .ownerReadWrite)
        #expect(directory.names == ["receipt.json"])
    }

    @Test func `makes no bundle that would not hold, and leaves the old file`() async throws {
        let path = try directory.write("receipt.json", Array("old".utf8))
        log.change { [id = log.id(2)] state in state.traces[id]?.steps[0].json = Array("{}".utf8) }
        let run = await bundle(2, "--out", path)
        #expect(run.status == 1)
        #expect(run.err.hasPrefix("orch: what is stored of the trace is not what its leaf binds: step 1"))
        #expect(try directory.read("receipt.json") == "old")
        let open = await orch("audit", "bundle", log.open().description, in: fixture.environment)
        #expect(open.status == 1 && open.err.hasPrefix("orch: no leaf of the log names this trace"))
    }

    @Test func `of a retired trace there is a bundle without contents`() async throws {
        _ = try await log.erase(log.id(2))
        let path = try await file(2, "--with-salts")
        let run = await check(path)
        #expect(run.status == 0)
        #expect(run.out.contains("\ncontent      retired (erased): deleted by the log's operator, and not shown\n"))
        #expect(try await check(path, "--json").json().objectValue?["content"] == "retired")
    }

    // MARK: check-bundle

    @Test func `a bundle holds for its key, without a configuration`() async throws {
        let path = try await file(4)
        let run = await check(path)
        #expect(run.status == 0 && run.err.isEmpty)
        let root = try SignedCheckpoint(parsing: log.note).checkpoint.root
        #expect(
            run.out == """
                trace        \(log.id(4))
                opened       2026-01-01T00:00:04.000000Z
                closed       2026-01-01T00:00:05.000000Z
                status       ok
                leaf         4, SHA-256 \(MerkleHash.leaf(log.leaf(4)))
                log          example.com/receipts, size 6, root \(root)
                leaf in log  yes
                signature    by the key given
                content      verified

                ✓ all of it holds

                """)
        #expect(
            try await check(path, "--json").json() == [
                "valid": true, "trace_id": .string(log.id(4).description), "leaf_index": 4,
                "leaf_hash": .string(MerkleHash.leaf(log.leaf(4)).hexadecimal), "origin": "example.com/receipts",
                "tree_size": 6, "root_hash": .string(root.hexadecimal), "leaf_in_log": true, "checkpoint_signed": true,
                "signature_fault": nil, "content": "verified", "content_fault": nil, "request": nil, "answer": nil,
            ])
    }

    @Test func `the key may be in a file`() async throws {
        let path = try await file(4)
        for text in [log.verifier.description, "  \(log.verifier)\r\n\n"] {
            let key = try directory.write("log.vkey", Array(text.utf8))
            #expect(await check(path, key: "@" + key).status == 0)
        }
        let other = SigningKey(generatingFor: "example.com/receipts").verifier
        let run = await check(path, key: other.description)
        #expect(run.status == 1)
        #expect(run.out.contains("\nsignature    no signature is by \(other.shortName): another key signed it\n"))
        #expect(run.out.hasSuffix("\n✗ it does not hold\n"))
        let json = try #require(try await check(path, "--json", key: other.description).json().objectValue)
        #expect(json["valid"] == false && json["checkpoint_signed"] == false && json["leaf_in_log"] == true)
        #expect(json["signature_fault"] == "not_signed_by_key" && json["content"] == "verified")
    }

    @Test func `what was changed is said`() async throws {
        let text = (await bundle(4)).out
        let step = try directory.write(
            "step.json", Array(text.replacing(#""input_tokens":5"#, with: #""input_tokens":6"#).utf8))
        let run = await check(step)
        #expect(run.status == 1)
        #expect(run.out.contains("\ncontent      steps[1] (token_usage): payload was changed\n"))
        let json = try #require(try await check(step, "--json").json().objectValue)
        #expect(json["content"] == "mismatch" && json["content_fault"] == "steps[1] (token_usage): payload was changed")
        let leaf = try directory.write(
            "leaf.json", Array(text.replacing(#""status":"ok","steps""#, with: #""status":"no","steps""#).utf8))
        #expect(await check(leaf).out.contains("\nleaf in log  no: the proof does not lead to the root\n"))
    }

    @Test func `contents are held against what was bound`() async throws {
        let path = try await file(4, "--with-salts")
        let request = try directory.write("request", MemoryLog.request)
        let answer = try directory.write("answer", MemoryLog.answer)
        let wrong = try directory.write("wrong", MemoryLog.answer + [0x0A])
        let run = await check(path, "--request", request, "--answer", answer)
        #expect(run.status == 0)
        #expect(run.out.contains("\nanswer       matches\nrequest      matches\n"))
        let differs = await check(path, "--answer", wrong)
        #expect(differs.status == 1)
        #expect(differs.out.contains("\nanswer       differs: these bytes are not what the receipt binds\n"))
        let json = try #require(
            try await check(path, "--answer", wrong, "--request", request, "--json").json().objectValue)
        #expect(json["answer"] == "differs" && json["request"] == "matches" && json["valid"] == false)
        let bare = await check(try await file(4), "--answer", answer)
        #expect(bare.status == 1 && bare.out.contains("\nanswer       not shown: the bundle has no salt for it"))
    }

    @Test func `files that are not there or not in their format are said to be so`() async throws {
        let path = try await file(4)
        let missing = directory.path.appending("nothing").string
        let bad = try directory.write("bad", Array("{}".utf8))
        let key = log.verifier.description
        func run(_ arguments: String...) async -> Run { await orch(["audit", "check-bundle"] + arguments) }
        for (arguments, status, message) in [
            ([missing, "--key", key], 66, "the bundle cannot be read: it is not there, or not for you"),
            ([bad, "--key", key], 65, "this is no receipt bundle: the file has no member format"),
            ([directory.path.string, "--key", key], 65, "the bundle: it is not a regular file"),
            ([path, "--key", "x"], 64, "--key: this is no verifier key: it looks like name+0123abcd+base64"),
            ([path, "--key", String(key.dropLast())], 64, "--key: this is no verifier key"),
            ([path, "--key", "@" + missing], 66, "the file of --key cannot be read"),
            ([path, "--key", "@" + bad], 65, "--key: this is no verifier key"),
            ([path, "--key", key, "--request", missing], 66, "the file of --request cannot be read"),
            ([path, "--key", key, "--answer", missing], 66, "the file of --answer cannot be read"),
        ] {
            let run = await orch(["audit", "check-bundle"] + arguments)
            #expect(run.status == status, "\(arguments)")
            #expect(run.err.hasPrefix("orch: \(message)"), "\(run.err)")
            #expect(run.out.isEmpty)
        }
    }

    @Test func `a signing key is refused and not repeated`() async throws {
        let secret = log.change { $0.keys[0].text.exposed }
        for key in [secret, "@" + (try directory.write("key", Array(secret.utf8)))] {
            let run = await check(try await file(4), key: key)
            #expect(run.status == (key == secret ? 64 : 65))
            #expect(run.err.contains("a signing key, which is a secret"))
            #expect(!run.err.contains(secret.suffix(20)) && run.out.isEmpty)
        }
    }

    @Test func `the key of a witness is not a log's`() async throws {
        let name = "witness.example/w1"
        let key: [UInt8] = [0x04] + [UInt8](repeating: 7, count: 32)
        let identity = Hexadecimal.encode(MerkleHash.sha256(Array(name.utf8) + [0x0A] + key).bytes[..<4])
        let run = await check(try await file(4), key: "\(name)+\(identity)+\(Base64.encode(key))")
        #expect(run.status == 64)
        #expect(run.err == "orch: --key is the key of a witness, not of a log\n")
    }
}
