import GRDB
import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

@Suite("What operators do to the log")
struct LogActTests {
    /// The receipt of an act.
    private static func receipt(_ act: LogAct, number: Int = 5000) -> ReceiptEntry {
        var trace = Sample.trace(number, steps: 0)
        trace.metadata = ["route": .string(act.route), "caller": "tests"]
        trace.steps = [Step(.toolExecution, at: trace.createdAt, act.payload)]
        return ReceiptEntry(.whole, trace: trace, status: .ok, at: Sample.closedAt)
    }

    private static func id(_ number: Int) -> TraceID { Sample.trace(number).id }

    private func filled(_ count: Int = 30) async throws -> Store {
        let store = try Store()
        for number in 0..<count { try await store.log.commit(Sample.whole(number)) }
        return store
    }

    @Test("An erased trace keeps its leaf and its proof, and nothing of its contents is in the files any more")
    func erases() async throws {
        let store = try Store()
        let secret = "a-caller-that-must-be-forgotten"
        var trace = Sample.trace(7)
        trace.metadata["caller"] = .string(secret)
        try await store.log.commit(ReceiptEntry(.whole, trace: trace, status: .ok, at: Sample.closedAt))
        for number in 8..<20 { try await store.log.commit(Sample.whole(number)) }
        let act = LogAct.erase(traceID: trace.id.description)
        let receipt = try #require(try await store.log.erase(trace.id, receipt: Self.receipt(act)))
        #expect(receipt.leafIndex == 13)
        #expect(receipt.checkpoint.contains("\n14\n"))

        let evidence = try #require(try await store.proofs.evidence(of: trace.id))
        #expect(evidence.stored?.steps == [] && evidence.stored?.salt == nil)
        let policy = TraceVerdict.Policy(hash: nil, path: "", isEnforced: true)
        let verdict = TraceVerdict(trace.id, evidence, keys: [Store.key.verifier], policy: policy)
        #expect(verdict.reason == .retired && verdict.isIncluded && verdict.content == .retired(.erased))
        let report = try store.audit()
        #expect(report.isConsistent && report.retired == 1 && report.verified == 13, "\(report.findings)")
        for file in [Store.fileName, "\(Store.fileName)-wal"] {
            let bytes = store.folder.read(file)
            #expect(!bytes.contains(Array(secret.utf8)), "\(file)")
        }
        // Again there is nothing to do, and no leaf is made of it.
        #expect(try await store.log.erase(trace.id, receipt: Self.receipt(act, number: 5001)) == nil)
        #expect(try await store.count("log_leaves") == 14)
    }

    @Test("What is under way, or was never there, cannot be erased")
    func refuses() async throws {
        let store = try Store()
        try await store.log.commit(Sample.opening(1))
        for (number, code) in [(1, ReceiptError.Code.unavailable), (2, .noSuchTrace)] {
            let act = Self.receipt(.erase(traceID: Self.id(number).description))
            let error = await receiptError { _ = try await store.log.erase(Self.id(number), receipt: act) }
            #expect(error?.code == code)
        }
        #expect(try await store.count("log_leaves") == 0)
    }

    @Test("Retention takes the contents of what began before its moment, and says so in the log")
    func retires() async throws {
        let store = try await filled()
        let before = Sample.trace(10).createdAt
        let plan = try store.database.retentionPlan(notBefore: before, maximumBytes: nil)
        #expect(plan.before == before && plan.traces == 10)
        let act = LogAct.retire(before: before.description)
        #expect(try await store.log.retire(before: before, receipt: Self.receipt(act)) == 10)
        #expect(try await store.log.retire(before: before, receipt: Self.receipt(act, number: 5001)) == 0)
        let report = try store.audit()
        #expect(report.isConsistent && report.retired == 10 && report.verified == 21, "\(report.findings)")
        #expect(try store.database.retentionPlan(notBefore: before, maximumBytes: nil).before == nil)
        // One more, taken away in the same way without a receipt, is found.
        try await store.database.pool.write { db in
            let id = Self.id(10).description
            let metadata = Retirement.expired.metadata(status: "ok", closedAt: Sample.closedAt.description)
            try db.execute(sql: "DELETE FROM trace_salts WHERE trace_id = ?", arguments: [id])
            try db.execute(sql: "INSERT INTO retired_traces VALUES (?, 10)", arguments: [id])
            try db.execute(sql: "DELETE FROM trace_steps WHERE trace_id = ?", arguments: [id])
            try db.execute(
                sql: "UPDATE traces SET metadata_json = ? WHERE id = ?",
                arguments: [String(decoding: metadata, as: UTF8.self), id])
        }
        let found = try store.audit()
        #expect(found.findings.map(\.leafIndex) == [10], "\(found.findings)")
    }

    @Test("Where the database is too large the oldest traces go, no more than the share that is over")
    func sizeCap() async throws {
        let store = try Store()
        for number in 0..<300 { try await store.log.commit(Sample.whole(number, steps: 12)) }
        let used = try store.database.retentionPlan(notBefore: nil, maximumBytes: nil).usedBytes
        let none = try store.database.retentionPlan(notBefore: nil, maximumBytes: used)
        #expect(none.before == nil && none.traces == 0)
        let plan = try store.database.retentionPlan(notBefore: nil, maximumBytes: used * 3 / 4)
        #expect((70...80).contains(plan.traces), "\(plan)")
        let before = try #require(plan.before)
        let act = LogAct.retire(before: before.description)
        #expect(try await store.log.retire(before: before, receipt: Self.receipt(act)) == plan.traces)
        #expect(try store.database.retentionPlan(notBefore: nil, maximumBytes: nil).usedBytes < used)
        #expect(try store.audit().isConsistent)
    }

    @Test("After a rotation the new key signs, both have signed its beginning, and the old log writes no more")
    func rotates() async throws {
        let store = try await filled(5)
        let new = SigningKey(generatingFor: Store.key.verifier.name)
        let act = LogAct.rotate(key: new.verifier.description)
        let key = try await store.log.rotate(to: new, receipt: Self.receipt(act))
        #expect(key.firstSize == 6 && key.key == new.verifier)
        let checkpoint = try #require(try await store.proofs.checkpoint())
        try checkpoint.verify(Store.key.verifier)
        try checkpoint.verify(new.verifier)
        #expect(await receiptError { try await store.log.commit(Sample.whole(6)) }?.code == .keyDiffers)
        let next = SQLiteReceiptLog(database: store.database, key: new)
        #expect(try await next.commit(Sample.whole(6))?.leafIndex == 6)
        let report = try store.audit()
        #expect(report.isConsistent && report.treeSize == 7, "\(report.findings)")
        // Without the old key's signature, the new one is nobody's.
        try await store.database.pool.write { try $0.execute(sql: "UPDATE log_keys SET note = NULL") }
        #expect(try store.audit().findings.map(\.part) == [.key])
        #expect(try store.audit(key: new.verifier).isConsistent)
    }

    @Test("A log whose end is not what was signed takes nothing more")
    func brokenEnd() async throws {
        let changes = [
            "DELETE FROM log_leaves WHERE leaf_index = 4", "UPDATE log_checkpoints SET edge = zeroblob(32)",
            "UPDATE log_checkpoints SET note = replace(note, '\n5\n', '\n6\n')", "DELETE FROM log_checkpoints",
        ]
        for change in changes {
            let store = try await filled(5)
            try await store.database.pool.write { try $0.execute(sql: change) }
            // A log that was open all the time notices nothing of its own connection's writes; a new one does.
            let log = SQLiteReceiptLog(database: store.database, key: Store.key)
            #expect(await receiptError { try await log.commit(Sample.whole(6)) } != nil, "\(change)")
            #expect(try await store.reader.trace(Self.id(6)) == nil)
        }
    }

    @Test("Two processes on one database make one log")
    func twoWriters() async throws {
        let store = try Store()
        let other = try Store(folder: store.folder)
        for number in 0..<40 {
            let log = number.isMultiple(of: 3) ? other.log : store.log
            #expect(try await log.commit(Sample.whole(number))?.leafIndex == number)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 40..<140 {
                let log = number.isMultiple(of: 2) ? other.log : store.log
                group.addTask { try await log.commit(Sample.whole(number)) }
            }
            try await group.waitForAll()
        }
        let report = try store.audit()
        #expect(report.isConsistent && report.verified == 140, "\(report.findings)")
    }
}

@Suite("Reading the log from SQLite")
struct SQLiteLogReaderTests {
    @Test("Every receipt's checkpoint covers its leaf, and each leaf is proven by the newest one")
    func receipts() async throws {
        let store = try Store()
        var receipts: [Receipt] = []
        for number in 0..<300 {
            receipts.append(try #require(try await store.log.commit(Sample.whole(number))))
        }
        for receipt in receipts {
            let signed = try SignedCheckpoint(parsing: receipt.checkpoint)
            try signed.verify(Store.key.verifier)
            #expect(signed.checkpoint.size == receipt.leafIndex + 1)
            let log = try #require(try await store.proofs.evidence(of: receipt.traceID)?.log)
            #expect(log.index == receipt.leafIndex && log.treeHash == receipt.leafHash)
            #expect(MerkleHash.leaf(log.leaf) == receipt.leafHash)
            let file = InclusionProofFile(index: log.index, hashes: log.proof, checkpoint: log.checkpoint)
            try file.verify(receipt.leafHash, key: Store.key.verifier)
        }
        for (from, to) in [(1, 300), (255, 256), (256, 300), (17, 257), (300, 300)] {
            let proof = try #require(try await store.proofs.consistency(from: from, to: to))
            #expect(
                MerkleProof.verifyConsistency(
                    from: from, to: to, firstRoot: proof.fromRoot, secondRoot: proof.toRoot, proof: proof.hashes))
            let given = try SignedCheckpoint(parsing: receipts[from - 1].checkpoint).checkpoint
            #expect(given.root == proof.fromRoot)
        }
        for (from, to) in [(0, 3), (4, 3), (1, 301), (-1, 2)] {
            #expect(try await store.proofs.consistency(from: from, to: to) == nil)
        }
    }

    @Test("Tiles are those of the tree, full and in part, and none that it does not have")
    func tiles() async throws {
        let store = try Store()
        var hashes: [MerkleHash] = []
        for number in 0..<270 {
            hashes.append(try #require(try await store.log.commit(Sample.whole(number))).leafHash)
        }
        func tile(_ path: String) async throws -> [UInt8]? { try await store.proofs.tile(try #require(TilePath(path))) }
        #expect(try await tile("0/000") == Array(hashes[..<256]).joinedBytes)
        #expect(try await tile("0/000.p/3") == Array(hashes[..<3]).joinedBytes)
        #expect(try await tile("0/001.p/14") == Array(hashes[256...]).joinedBytes)
        #expect(try await tile("0/001.p/5") == Array(hashes[256..<261]).joinedBytes)
        #expect(try await tile("1/000.p/1") == [Tile.root(of: hashes[..<256])].joinedBytes)
        for path in ["0/001", "0/001.p/15", "0/002.p/1", "1/000.p/2", "2/000.p/1"] {
            #expect(try await tile(path) == nil, "\(path)")
        }
        let entries = try #require(try await tile("entries/001.p/2"))
        let length = Int(entries[0]) << 8 | Int(entries[1])
        #expect(MerkleHash.leaf(Array(entries[2..<2 + length])) == hashes[256])
    }

    @Test("Of checkpoints one a full tile is kept, and each commit's of the tile that is not full")
    func thinned() async throws {
        let store = try Store()
        for number in 0..<520 { try await store.log.commit(Sample.whole(number)) }
        let sizes = try await store.database.pool.read {
            try Int.fetchAll($0, sql: "SELECT tree_size FROM log_checkpoints ORDER BY 1")
        }
        #expect(sizes == [1, 256, 257, 512] + Array(513...520))
    }
}
