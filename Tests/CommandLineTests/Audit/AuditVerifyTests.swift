import OrchCore
import OrchReceipts
import Testing

@testable import OrchCommandLine

struct AuditVerifyTests {
    private let log: MemoryLog
    private var fixture = Fixture()

    init() {
        log = MemoryLog(5)
        fixture.log = log
    }

    private func verify(_ index: Int, json: Bool = false) async -> Run {
        await orch(
            ["audit", "verify", log.id(index).description] + (json ? ["--json"] : []), in: fixture.environment)
    }

    private func head() throws -> Checkpoint { try SignedCheckpoint(parsing: log.note).checkpoint }

    // MARK: One trace

    @Test func `a trace as it was is valid`() async throws {
        let run = await verify(3)
        #expect(run.status == 0)
        #expect(
            run.out == """
                ✓ valid: its leaf is in the signed log, and what is stored is what it binds

                trace        \(log.id(3))
                leaf         3, SHA-256 \(MerkleHash.leaf(log.leaf(3)))
                log          example.com/receipts, size 5, root \(try head().root)
                in the log   yes
                content      verified
                policy then  policy-1
                policy now   policy-1, enforced, config/router.yaml

                """)
    }

    @Test func `the JSON is that of the HTTP route`() async throws {
        let run = await verify(3, json: true)
        #expect(run.status == 0)
        let proof = try await log.evidence(of: log.id(3))?.log?.proof ?? []
        #expect(proof.count == 3)
        #expect(
            try run.json() == [
                "trace_id": .string(log.id(3).description), "valid": true, "reason": "verified",
                "policy_hash_current": "policy-1", "policy_hash_trace": "policy-1",
                "policy_path": "config/router.yaml", "policy_enforced": true, "policy_steps": 1,
                "log": [
                    "leaf_index": 3, "leaf_hash": .string(MerkleHash.leaf(log.leaf(3)).hexadecimal), "tree_size": 5,
                    "root_hash": .string(try head().root.hexadecimal),
                    "inclusion_proof": .array(proof.map { .string($0.hexadecimal) }),
                    "checkpoint": .string(log.note), "inclusion_verified": true, "content_verified": true,
                ],
            ])
    }

    @Test func `what was changed is said`() async throws {
        log.change { [id = log.id(2)] state in state.traces[id]?.steps[1].json = Array(#"{"input_tokens":6}"#.utf8) }
        let run = await verify(2)
        #expect(run.status == 1)
        let fault = "step 2 (token_usage): trace_steps.step_json was changed"
        #expect(run.out.hasPrefix("✗ content_mismatch: what is stored is not what was bound: \(fault)\n"))
        #expect(run.out.contains("\ncontent      \(fault)\n"))
        let object = try #require(try await verify(2, json: true).json().objectValue)
        #expect(object["valid"] == false && object["reason"] == "content_mismatch")
        #expect(object["log"]?.objectValue?["content_verified"] == false)
        #expect(object["log"]?.objectValue?["inclusion_verified"] == true)
        #expect(await verify(1).status == 0)
    }

    @Test func `a leaf that is not in the signed tree is not in the log`() async throws {
        let leaf = log.leaf(1)
        log.change { state in
            state.leaves[1].bytes = Array(
                String(decoding: leaf, as: UTF8.self).replacing("00:00:02", with: "00:00:09").utf8)
        }
        let run = await verify(1)
        #expect(run.status == 1)
        #expect(run.out.hasPrefix("✗ not_in_log: its leaf is not in the signed log\n"))
        #expect(run.out.contains("\nin the log   no\n"))
    }

    @Test func `a checkpoint that another key signed proves nothing`() async throws {
        log.change { state in
            let other = SigningKey(generatingFor: "example.com/receipts")
            state.logKeys = [LogKey(firstSize: 0, key: other.verifier, note: nil)]
        }
        let run = await verify(1, json: true)
        #expect(run.status == 1)
        let object = try #require(try run.json().objectValue)
        #expect(object["reason"] == "not_in_log")
        #expect(object["log"]?.objectValue?["inclusion_verified"] == false)
    }

    @Test func `a trace that is under way has no leaf`() async throws {
        let open = log.open().description
        let run = await orch("audit", "verify", open, in: fixture.environment)
        #expect(run.status == 1)
        #expect(
            run.out == """
                ✗ not_in_log: no leaf of the log names it: it is under way, or the log was changed

                trace        \(open)
                policy then  none
                policy now   policy-1, enforced, config/router.yaml

                """)
        let json = await orch("audit", "verify", open, "--json", in: fixture.environment)
        #expect(try json.json().objectValue?["log"] == .null)
    }

    @Test func `a retired trace is said to be one`() async throws {
        _ = try await log.erase(log.id(2))
        let run = await verify(2)
        #expect(run.status == 1)
        #expect(run.out.hasPrefix("! retired: its contents were deleted on purpose, and all else is proven\n"))
        #expect(run.out.contains("\ncontent      retired (erased)\n"))
        let object = try #require(try await verify(2, json: true).json().objectValue)
        #expect(object["log"]?.objectValue?["content_verified"] == "retired")
    }

    @Test func `another policy is no tampering`() async throws {
        var fixture = fixture
        fixture.policy = TraceVerdict.Policy(hash: "policy-2", path: "p", isEnforced: false)
        let id = log.id(0).description
        let run = await orch("audit", "verify", id, in: fixture.environment)
        #expect(run.status == 1)
        #expect(run.out.hasPrefix("! policy_changed: nothing of it was changed, but another policy is in force now\n"))
        #expect(run.out.hasSuffix("policy then  policy-1\npolicy now   policy-2, not enforced, p\n"))
        fixture.policy.hash = nil
        let missing = await orch("audit", "verify", id, in: fixture.environment)
        #expect(missing.status == 1)
        #expect(missing.out.hasPrefix("! policy_missing: nothing of it was changed, but no policy is in force\n"))
        let without = log.add(policy: nil).description
        let unnamed = await orch("audit", "verify", without, in: self.fixture.environment)
        #expect(unnamed.out.hasPrefix("! policy_missing: nothing of it was changed, but it names no policy\n"))
    }

    @Test func `colours are for terminals`() async throws {
        let id = log.id(0).description
        let run = await orch("audit", "verify", id, in: fixture.environment, isTerminal: true)
        #expect(run.out.hasPrefix("\u{1B}[32m✓\u{1B}[0m valid: "))
    }

    // MARK: All traces

    private func verifyAll(_ options: String..., isTerminal: Bool = false) async -> Run {
        await orch(["audit", "verify", "--all"] + options, in: fixture.environment, isTerminal: isTerminal)
    }

    @Test func `all that are valid are valid`() async throws {
        let run = await verifyAll()
        #expect(run.status == 0)
        #expect(run.out == "verified  5\n\n✓ all 5 traces valid\n")
        #expect(run.err.isEmpty)
        #expect(
            try await verifyAll("--json").json() == [
                "valid": true, "traces": 5, "under_way": 0,
                "reasons": [
                    "verified": 5, "not_in_log": 0, "content_mismatch": 0, "retired": 0, "policy_changed": 0,
                    "policy_missing": 0, "unreadable": 0,
                ], "not_valid": [],
            ])
    }

    @Test func `what is under way counts apart`() async throws {
        log.open()
        let run = await verifyAll()
        #expect(run.status == 0)
        #expect(run.out == "verified   5\nunder way  1\n\n✓ all 5 traces valid, but for 1 trace under way\n")
        #expect(try await verifyAll("--json").json().objectValue?["under_way"] == 1)
    }

    @Test func `a trace that claims to be under way, and has a leaf, is caught`() async throws {
        log.change { [id = log.id(2)] state in
            state.traces[id]?.metadata = Array(#"{"caller":"default","route":"chat","status":"open"}"#.utf8)
        }
        let run = await verifyAll("--json")
        #expect(run.status == 1)
        #expect(try run.json().objectValue?["reasons"]?.objectValue?["content_mismatch"] == 1)
    }

    @Test func `those that are not valid are named, the newest first`() async throws {
        log.change { [ids = [log.id(1), log.id(3)]] state in
            state.traces[ids[0]]?.metadata = Array("{}".utf8)
            state.traces[ids[1]]?.steps.removeLast()
        }
        let run = await verifyAll()
        #expect(run.status == 1)
        let lines = run.out.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0...2] == ["verified          3", "content_mismatch  2", ""])
        #expect(lines[4].hasPrefix("\(log.id(3))  content_mismatch  what is stored is not what was bound: 1 steps are"))
        #expect(lines[5].hasPrefix("\(log.id(1))  content_mismatch  what is stored is not what was bound: traces.meta"))
        #expect(lines[6...] == ["", "✗ 2 of 5 traces not valid", ""])
        let named = try await verifyAll("--json").json().objectValue?["not_valid"]?.arrayValue
        #expect(named?.map { $0.objectValue?["trace_id"]?.stringValue } == [3, 1].map { log.id($0).description })
    }

    @Test func `of many that are not valid the first twenty are named`() async throws {
        let log = MemoryLog(30)
        var fixture = fixture
        fixture.log = log
        log.change { state in for id in state.traces.keys { state.traces[id]?.salt = nil } }
        let run = await orch("audit", "verify", "--all", in: fixture.environment)
        #expect(run.status == 1)
        #expect(run.out.split(separator: "\n").filter { $0.contains("its row in trace_salts is missing") }.count == 20)
        #expect(run.out.hasSuffix("\nand 10 more\n\n✗ 30 of 30 traces not valid\n"))
        let json = try await orch("audit", "verify", "--all", "--json", in: fixture.environment).json()
        #expect(json.objectValue?["not_valid"]?.arrayValue?.count == 20)
        #expect(json.objectValue?["reasons"]?.objectValue?["content_mismatch"] == 30)
    }

    @Test func `a log that does not read is told for each trace`() async throws {
        log.change { $0.isUnreadable = true }
        let run = await verifyAll()
        #expect(run.status == 1)
        #expect(run.out.hasPrefix("unreadable  5\n"))
        #expect(run.out.contains("unreadable  a tile of the log is not whole\n"))
        #expect(await verify(1).status == 65)
    }

    @Test func `a row that does not read is left to fsck`() async throws {
        log.change { [id = log.id(1)] state in state.traces[id]?.metadata = [0xFF] }
        let run = await verifyAll()
        #expect(run.status == 65)
        #expect(run.err == "orch: a stored trace does not read back: orch audit fsck says which\n")
    }

    @Test(arguments: [0, 1, AuditSweep.pageSize, AuditSweep.pageSize + 1, 2 * AuditSweep.pageSize])
    func `every trace is looked at once`(count: Int) async throws {
        var fixture = fixture
        fixture.log = MemoryLog(count)
        let run = await orch("audit", "verify", "--all", "--json", in: fixture.environment)
        #expect(run.status == 0)
        #expect(try run.json().objectValue?["traces"] == .integer(count))
        #expect(try run.json().objectValue?["reasons"]?.objectValue?["verified"] == .integer(count))
    }

    @Test func `without traces there is nothing wrong`() async throws {
        var fixture = fixture
        fixture.log = MemoryLog()
        let run = await orch("audit", "verify", "--all", in: fixture.environment)
        #expect(run.status == 0 && run.out == "There are no traces.\n")
    }

    @Test func `progress is for terminals`() async throws {
        #expect(await verifyAll(isTerminal: true).err == "\r1 traces\r\u{1B}[K")
    }
}
