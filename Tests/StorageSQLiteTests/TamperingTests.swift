import GRDB
import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

/// Changes to a copy of a real database, each of which must be found, and nothing else with it.
@Suite("Tampering")
struct TamperingTests {
    /// Leaves of the log that the tests tamper with: two full tiles and a part of a third.
    private static let leaves = 600

    /// A database of its own with the log.
    private static func database() async throws -> Store {
        let folder = try TemporaryFolder()
        try folder.write(Store.fileName, try await made.value)
        return try Store(folder: folder)
    }

    /// The log's file, made once: some of its commits are of one leaf, some of many.
    private static let made = Task {
        let store = try Store()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<500 { group.addTask { try await store.log.commit(Sample.whole(number)) } }
            try await group.waitForAll()
        }
        for number in 500..<leaves {
            if number.isMultiple(of: 10) { try await store.log.commit(Sample.opening(number)) }
            try await store.log.commit(number.isMultiple(of: 10) ? Sample.closing(number) : Sample.whole(number))
        }
        try await store.log.truncateJournal()
        return store.folder.read(Store.fileName)
    }

    /// What a check of the log finds after some SQL, as part, leaf.
    private func findings(
        _ store: Store, key: VerifierKey? = nil, since: SignedCheckpoint? = nil, after sql: String
    ) async throws -> AuditReport {
        try await store.database.pool.write { try $0.execute(sql: sql) }
        return try store.audit(key: key, since: since)
    }

    private static func places(_ report: AuditReport) -> [String] {
        report.findings.map { "\($0.part) \($0.leafIndex.map(String.init) ?? "-")" }
    }

    @Test("An untouched log is consistent, and unanchored")
    func untouched() async throws {
        let store = try await Self.database()
        let report = try store.audit()
        #expect(report.findings.isEmpty, "\(report.findings)")
        #expect(report.treeSize == Self.leaves && report.verified == Self.leaves && report.anchor == .none)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var sql: String
        var found: [String]
    }

    private static func trace(ofLeaf index: Int) -> String {
        "(SELECT trace_id FROM log_leaves WHERE leaf_index = \(index))"
    }

    private static let cases: [Case] = [17, 300, 590].flatMap { leaf -> [Case] in
        let trace = trace(ofLeaf: leaf)
        let other = leaf - 5
        return [
            Case(
                testDescription: "leaf \(leaf) changed",
                sql: "UPDATE log_leaves SET leaf_json = replace(leaf_json, 'ok', 'ko') WHERE leaf_index = \(leaf)",
                found: ["leaf \(leaf)"]),
            Case(
                testDescription: "leaf \(leaf) deleted", sql: "DELETE FROM log_leaves WHERE leaf_index = \(leaf)",
                // Its trace has no leaf any more.
                found: ["leaf \(leaf)", "trace -"]),
            Case(
                testDescription: "leaves \(other) and \(leaf) swapped",
                sql: """
                    UPDATE log_leaves SET leaf_index = -1 WHERE leaf_index = \(leaf);
                    UPDATE log_leaves SET leaf_index = \(leaf) WHERE leaf_index = \(other);
                    UPDATE log_leaves SET leaf_index = \(other) WHERE leaf_index = -1
                    """, found: ["leaf \(other)", "leaf \(leaf)"]),
            Case(
                testDescription: "the leaf's trace at \(leaf) renamed",
                sql: "UPDATE log_leaves SET trace_id = upper(trace_id) WHERE leaf_index = \(leaf)",
                found: ["leaf \(leaf)"]),
            Case(
                testDescription: "the place of the leaf of \(leaf) changed",
                sql: "UPDATE trace_salts SET leaf_index = 3 WHERE trace_id = \(trace)", found: ["trace \(leaf)"]),
            Case(
                testDescription: "a step of \(leaf) changed",
                sql: "UPDATE trace_steps SET step_json = '{\"n\":9}' WHERE id = \(trace) || '/0001'",
                found: ["trace \(leaf)"]),
            Case(
                testDescription: "a step of \(leaf) deleted",
                sql: "DELETE FROM trace_steps WHERE id = \(trace) || '/0001'", found: ["trace \(leaf)"]),
            Case(
                testDescription: "a step put into \(leaf)",
                sql: """
                    INSERT INTO trace_steps SELECT \(trace) || '/0002', step_type, step_json, created_at
                    FROM trace_steps WHERE id = \(trace) || '/0001'
                    """, found: ["trace \(leaf)"]),
            Case(
                testDescription: "the steps of \(leaf) swapped",
                sql: """
                    UPDATE trace_steps SET id = 'x' WHERE id = \(trace) || '/0000';
                    UPDATE trace_steps SET id = \(trace) || '/0000' WHERE id = \(trace) || '/0001';
                    UPDATE trace_steps SET id = \(trace) || '/0001' WHERE id = 'x'
                    """, found: ["trace \(leaf)"]),
            Case(
                testDescription: "a step of \(leaf) moved in time",
                sql: "UPDATE trace_steps SET created_at = '2024-01-01T00:00:00.000000Z' WHERE id = \(trace) || '/0000'",
                found: ["trace \(leaf)"]),
            Case(
                testDescription: "the caller of \(leaf) changed",
                sql: "UPDATE traces SET metadata_json = replace(metadata_json, 'tester', 'nobody') WHERE id = \(trace)",
                found: ["trace \(leaf)"]),
            Case(
                testDescription: "the trace of \(leaf) deleted", sql: "DELETE FROM traces WHERE id = \(trace)",
                found: ["trace \(leaf)", "trace -", "trace -", "trace -"]),
            Case(
                testDescription: "the contents of \(leaf) taken away, as if erased",
                sql: """
                    DELETE FROM trace_steps WHERE trace_id = \(trace);
                    DELETE FROM trace_salts WHERE trace_id = \(trace);
                    UPDATE traces SET metadata_json =
                        '{"closed_at":"2023-11-14T22:13:50.000000Z","retired":"erased","status":"ok"}'
                    WHERE id = \(trace);
                    INSERT INTO retired_traces VALUES (\(trace), \(leaf))
                    """, found: ["trace \(leaf)"]),
            Case(
                testDescription: "the salt of \(leaf) deleted",
                sql: "DELETE FROM trace_salts WHERE trace_id = \(trace)",
                // Nothing says any more where its leaf is, either.
                found: ["trace \(leaf)", "trace -"]),
            Case(
                testDescription: "the salt of \(leaf) changed",
                sql: "UPDATE trace_salts SET salt = zeroblob(32) WHERE trace_id = \(trace)", found: ["trace \(leaf)"]),
        ]
    }

    @Test("What was changed is named, and nothing else", arguments: cases)
    func rows(_ change: Case) async throws {
        let store = try await Self.database()
        let report = try await findings(store, after: change.sql)
        #expect(Self.places(report) == change.found, "\(report.findings)")
    }

    private static let whole: [Case] = [
        Case(
            testDescription: "a leaf put behind the last one",
            sql: "INSERT INTO log_leaves VALUES (600, '0199d1f0-6b7c-7000-8000-0123456789ab', '{}')",
            found: ["leaf 600"]),
        Case(
            testDescription: "a trace without a leaf",
            sql: "INSERT INTO traces VALUES ('0199d1f0-6b7c-7000-8000-0123456789ab', '', '{}')", found: ["trace -"]),
        Case(
            testDescription: "a step without a trace",
            sql: "INSERT INTO trace_steps VALUES ('x/0000', 'error', '{}', '')", found: ["trace -"]),
        Case(
            testDescription: "the last leaves cut off with their traces",
            sql: """
                DELETE FROM trace_salts WHERE trace_id IN (SELECT trace_id FROM log_leaves WHERE leaf_index >= 550);
                DELETE FROM trace_steps WHERE trace_id IN (SELECT trace_id FROM log_leaves WHERE leaf_index >= 550);
                DELETE FROM traces WHERE id IN (SELECT trace_id FROM log_leaves WHERE leaf_index >= 550);
                DELETE FROM log_leaves WHERE leaf_index >= 550
                """, found: ["leaf 550"]),
        Case(
            testDescription: "a full tile changed",
            sql: "UPDATE log_tiles SET hashes = zeroblob(8192) WHERE level = 0 AND tile_index = 1", found: ["tile -"]),
        Case(
            testDescription: "a full tile deleted", sql: "DELETE FROM log_tiles WHERE level = 0 AND tile_index = 0",
            found: ["tile -"]),
        Case(
            testDescription: "the upper tile changed",
            sql: "UPDATE log_tiles SET hashes = zeroblob(64) WHERE level = 1",
            found: ["tile -"]),
        Case(
            testDescription: "hashes of the last tile changed",
            sql: "UPDATE log_checkpoints SET edge = zeroblob(32) WHERE tree_size = 580", found: ["tile -"]),
        Case(
            testDescription: "a checkpoint's size changed",
            sql: "UPDATE log_checkpoints SET note = replace(note, '\n580\n', '\n581\n') WHERE tree_size = 580",
            found: ["checkpoint -"]),
        Case(
            testDescription: "a checkpoint's text replaced by another's",
            sql: """
                UPDATE log_checkpoints SET note = (SELECT note FROM log_checkpoints WHERE tree_size = 579)
                WHERE tree_size = 580
                """, found: ["checkpoint -"]),
        Case(
            testDescription: "all checkpoints deleted", sql: "DELETE FROM log_checkpoints",
            found: ["checkpoint -"] + Array(repeating: "leaf ", count: 99)),
    ]

    @Test("What is cut off, put in, or changed beside the leaves is found", arguments: whole)
    func others(_ change: Case) async throws {
        let store = try await Self.database()
        let report = try await findings(store, after: change.sql)
        if change.found.count > 10 {
            #expect(report.findingCount > 100 && report.findings.first?.part == .checkpoint)
        } else {
            #expect(Self.places(report) == change.found, "\(report.findings)")
        }
    }

    @Test("A replaced key is the key's fault, and no checkpoint's")
    func replacedKey() async throws {
        let store = try await Self.database()
        let other = SigningKey(generatingFor: "example.com/tests").verifier
        let report = try await findings(store, after: "UPDATE log_keys SET verifier_key = '\(other)'")
        #expect(Self.places(report) == ["key -"], "\(report.findings)")
        let mine = try await findings(store, key: Store.key.verifier, after: "SELECT 1")
        #expect(mine.findings.allSatisfy { $0.part == .key } && mine.findingCount == 2)
    }

    @Test("A leaf changed together with its tile is found by the checkpoints over it, in their stretch")
    func leafAndTile() async throws {
        for leaf in [17, 590] {
            let store = try await Self.database()
            try await store.database.pool.write { db in
                let text = try String.fetchOne(db, sql: "SELECT leaf_json FROM log_leaves WHERE leaf_index = \(leaf)")
                let changed = (text ?? "").replacing("ok", with: "ko")
                let hash = MerkleHash.leaf(Array(changed.utf8)).hexadecimal
                try db.execute(
                    sql: "UPDATE log_leaves SET leaf_json = ? WHERE leaf_index = \(leaf)", arguments: [changed])
                let offset = leaf * 32
                try db.execute(
                    sql: leaf < 256
                        ? """
                        UPDATE log_tiles SET hashes = CAST(substr(hashes, 1, \(offset)) || x'\(hash)'
                        || substr(hashes, \(offset + 33)) AS BLOB) WHERE level = 0 AND tile_index = 0
                        """ : "UPDATE log_checkpoints SET edge = x'\(hash)' WHERE tree_size = \(leaf + 1)")
            }
            let report = try store.audit()
            let finding = try #require(report.findings.first { $0.message.contains("signs another tree") })
            #expect(finding.part == .leaf)
            // The last tile has a checkpoint for each commit, so that the stretch is the one leaf.
            if leaf == 590 { #expect(finding.leafIndex == 590) }
            #expect(!report.isConsistent)
        }
    }

    @Test("Signed anew with the log's own key, a changed log is consistent and unanchored, and a checkpoint tells")
    func signedAnew() async throws {
        let store = try await Self.database()
        let anchor = try #require(try await store.proofs.checkpoint())
        let forged = try Store()
        for number in 0..<Self.leaves { try await forged.log.commit(Sample.whole(number + 1)) }
        let blind = try forged.audit()
        #expect(blind.isConsistent && blind.anchor == .none)
        let report = try forged.audit(since: anchor)
        #expect(report.anchor == .contradicts(Self.leaves) && !report.isConsistent)
        #expect(try store.audit(since: anchor).anchor == .extends(Self.leaves))
    }

    @Test("A log that was rolled back is consistent and unanchored, and a later checkpoint tells")
    func rolledBack() async throws {
        let store = try Store()
        for number in 0..<20 { try await store.log.commit(Sample.whole(number)) }
        try store.folder.copy(Store.fileName, to: "old.db")
        try store.folder.copy("\(Store.fileName)-wal", to: "old.db-wal")
        for number in 20..<40 { try await store.log.commit(Sample.whole(number)) }
        let anchor = try #require(try await store.proofs.checkpoint())
        let old = store.folder.path("old.db")
        #expect(try SQLiteAudit.check(path: old).isConsistent)
        let report = try SQLiteAudit.check(path: old, since: anchor)
        #expect(report.anchor == .contradicts(40))
        #expect(report.findings.map(\.part) == [.checkpoint])
        #expect(try store.audit(since: anchor).isConsistent)
    }

    @Test("A checkpoint of another log, or signed by another key, is no anchor")
    func otherAnchor() async throws {
        let store = try Store()
        try await store.log.commit(Sample.whole(1))
        let checkpoint = try #require(try await store.proofs.checkpoint()).checkpoint
        let other = try SignedCheckpoint(checkpoint, signedBy: SigningKey(generatingFor: checkpoint.origin))
        let report = try store.audit(since: other)
        #expect(report.anchor == .contradicts(1) && !report.isConsistent)
    }

    @Test("Every single flipped bit of trace rows and leaves is detected")
    func flippedBits() async throws {
        let store = try Store()
        // Under one checkpoint, since it is its signature that takes the time.
        _ = try await store.log.perform { _, writer in
            for number in 0..<6 { try writer.write(Sample.whole(number, steps: 1 + number % 3)) }
        }
        let missed = try store.onWriter { db in
            var random = SeededGenerator(seed: 7)
            var missed: [String] = []
            for _ in 0..<Self.flips {
                let (table, column, key) = Self.columns.randomElement(using: &random) ?? Self.columns[0]
                try db.execute(sql: "SAVEPOINT flip")
                let description = try Self.flip(db, table, column, key, &random)
                let report = try LogAudit.run(SQLiteAuditStore(db))
                if report.isConsistent { missed.append(description) }
                try db.execute(sql: "ROLLBACK TO flip; RELEASE flip")
            }
            return missed
        }
        #expect(missed.isEmpty, "\(missed)")
    }

    private static let flips = 10_000

    private static let columns = [
        ("traces", "id", "id"), ("traces", "created_at", "id"), ("traces", "metadata_json", "id"),
        ("trace_steps", "id", "id"), ("trace_steps", "step_type", "id"),
        ("trace_steps", "step_json", "id"), ("trace_steps", "created_at", "id"),
        ("log_leaves", "leaf_index", "leaf_index"), ("log_leaves", "trace_id", "leaf_index"),
        ("log_leaves", "leaf_json", "leaf_index"), ("log_leaves", "leaf_json", "leaf_index"),
    ]

    /// Flips one bit of one value of one row, both drawn by lot.
    private static func flip(
        _ db: Database, _ table: String, _ column: String, _ key: String, _ random: inout SeededGenerator
    ) throws -> String {
        let keys = try DatabaseValue.fetchAll(db, sql: "SELECT \(key) FROM \(table)")
        let row = keys.randomElement(using: &random) ?? .null
        if column == "leaf_index" {
            let bit = Int.random(in: 0..<63, using: &random)
            let old = Int.fromDatabaseValue(row) ?? 0
            // A place that is taken cannot be taken again: SQLite refuses that itself.
            let new = old ^ (1 << bit)
            try db.execute(
                sql: "UPDATE OR REPLACE log_leaves SET leaf_index = ? WHERE leaf_index = ?", arguments: [new, old])
            return "leaf_index \(old) bit \(bit)"
        }
        let text = try String.fetchOne(db, sql: "SELECT \(column) FROM \(table) WHERE \(key) = ?", arguments: [row])
        var bytes = Array((text ?? "").utf8)
        let place = Int.random(in: 0..<bytes.count * 8, using: &random)
        bytes[place / 8] ^= 1 << UInt8(place % 8)
        let hex = Hexadecimal.encode(bytes)
        try db.execute(
            sql: "UPDATE OR REPLACE \(table) SET \(column) = CAST(x'\(hex)' AS TEXT) WHERE \(key) = ?",
            arguments: [row])
        return "\(table).\(column) bit \(place)"
    }
}
