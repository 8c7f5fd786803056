import GRDB
import OrchCore
import OrchRouting
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

@Suite struct SQLiteIntentCacheTests {
    private static let start = Timestamp(microseconds: 1_700_000_000_000_000)
    private static let signer = IntentSigner(secret: Redacted([1, 2, 3]))
    private static let file = "intents.db"
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open() throws -> SQLiteIntentCache { try SQLiteIntentCache(path: folder.path(Self.file)) }

    private static func after(_ seconds: Int) -> Timestamp { start.advanced(by: .seconds(seconds)) }

    private static func signature(_ number: Int) -> IntentSignature {
        signer.signature(
            of: "text \(number)",
            context: IntentSignature.Context(intents: "i", embedder: "e", thresholds: "t", agent: nil))
    }

    /// Holds for 100 seconds from the second of its number.
    private static func row(_ number: Int, policy: String = "p", id: String? = nil) -> StoredIntent {
        StoredIntent(
            policyHash: policy, signature: signature(number),
            intent: CachedIntent(
                intentID: id ?? "intent \(number)", similarity: 0.9321, confidence: 0.5, gap: 1, runnerUp: "é\"",
                runnerUpProbability: 0.0001),
            createdAt: after(number), expiresAt: after(number + 100))
    }

    private func error(_ body: () async throws -> Void) async -> IntentCacheError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? IntentCacheError
        }
    }

    // MARK: What is kept

    @Test func `rows come back from the file as they were, those that hold longest first`() async throws {
        let rows = (0..<5).map { Self.row($0) } + [Self.row(5, policy: "q")]
        let store = try open()
        try await store.save(rows)
        try store.pool.close()
        #expect(try await open().load(at: Self.after(50), limit: 10) == rows.reversed())
        #expect(try await open().load(at: Self.after(50), limit: 2) == rows.suffix(2).reversed())
        #expect(try await open().load(at: Self.after(103), limit: 10) == rows.suffix(2).reversed())
        #expect(try await open().load(at: Self.after(50), limit: 0).isEmpty)
    }

    @Test func `a cache that was stopped knows after its start what it knew`() async throws {
        let before = IntentCache(lifetime: .seconds(100))
        for number in 0..<1000 {
            before.insert(
                Self.row(number).intent, policyHash: "p", signature: Self.signature(number), at: Self.after(0))
        }
        let first = try open()
        try await first.save(before.takeUnsaved(limit: 2000))
        try first.pool.close()
        let after = IntentCache(lifetime: .seconds(100))
        after.restore(try await open().load(at: Self.after(99), limit: 10_000), at: Self.after(99))
        #expect(after.count == 1000)
        for number in 0..<1000 {
            let found = after.lookup(policyHash: "p", signature: Self.signature(number), at: Self.after(99))
            #expect(found == Self.row(number).intent)
        }
        #expect(after.lookup(policyHash: "p", signature: Self.signature(0), at: Self.after(100)) == nil)
    }

    @Test func `the table is the one of the specification, and holds no text`() async throws {
        let store = try open()
        try await store.save([Self.row(1)])
        try await store.pool.read { db in
            #expect(
                try db.columns(in: "intent_cache").map(\.name) == [
                    "policy_hash", "signature", "decision_json", "created_at", "expires_at", "stable",
                ])
            #expect(try db.primaryKey("intent_cache").columns == ["policy_hash", "signature"])
            #expect(try db.indexes(on: "intent_cache").map(\.columns).contains(["expires_at"]))
            let sql = try String.fetchOne(db, sql: "SELECT sql FROM sqlite_master WHERE name = 'intent_cache'")
            #expect(sql?.hasSuffix("WITHOUT ROWID") == true)
            let row = try #require(try Row.fetchOne(db, sql: "SELECT * FROM intent_cache"))
            #expect(row["signature"] == Self.signature(1).hexadecimal)
            #expect(row["created_at"] == Self.after(1).description)
            #expect(row["expires_at"] == Self.after(101).description)
            #expect(row["stable"] == 1)
            #expect(row["decision_json"] == String(decoding: Self.row(1).intent.json, as: UTF8.self))
        }
    }

    @Test func `a row takes the place of the one with its policy and signature`() async throws {
        let store = try open()
        try await store.save([Self.row(1), Self.row(1, id: "new"), Self.row(1, policy: "q")])
        try await store.save([Self.row(1, policy: "q", id: "newer")])
        try await store.save([])
        let ids = try await store.load(at: Self.after(0), limit: 10).map(\.intent.intentID)
        #expect(Set(ids) == ["new", "newer"] && ids.count == 2)
    }

    @Test func `what is over goes, and of what is too much, what ends first`() async throws {
        let store = try open()
        try await store.save((0..<10).map { Self.row($0) })
        #expect(try await store.prune(at: Self.after(100).advanced(by: .microseconds(-1)), maximumRows: 10) == 0)
        #expect(try await store.prune(at: Self.after(100), maximumRows: 10) == 1)
        #expect(try await store.prune(at: Self.after(102), maximumRows: 4) == 5)
        #expect(try await store.load(at: Self.after(0), limit: 10) == (6..<10).reversed().map { Self.row($0) })
        #expect(try await store.prune(at: Self.after(102), maximumRows: 0) == 4)
    }

    // MARK: What is damaged

    @Test(arguments: [
        "decision_json = '{}'", "decision_json = ''", "decision_json = x'7B7D'", "decision_json = 5",
        "decision_json = replace(decision_json, '0.9321', '0.93211')",
        "decision_json = replace(decision_json, '\"gap\":1', '\"gap\":1,\"text\":\"x\"')",
        "decision_json = cast(x'FF' AS TEXT)", "signature = upper(signature)", "signature = 'ab'",
        "signature = x'FF00'",
        "signature = cast(x'FF00' AS TEXT)", "policy_hash = ''", "policy_hash = x'00FF'",
        "policy_hash = cast(x'FF' AS TEXT), signature = 'x'", "policy_hash = printf('%0129d', 1)",
        "created_at = 'now'", "created_at = x'00'", "created_at = '2199-01-01T00:00:00.000000Z'",
        "expires_at = '9'", "expires_at = x'00'", "expires_at = '2099-02-30T00:00:00.000000Z'",
    ])
    func `a damaged row is left out and removed, and the others are not`(change: String) async throws {
        let store = try open()
        try await store.save((0..<3).map { Self.row($0) })
        try await store.pool.write { db in
            try db.execute(
                sql: "UPDATE intent_cache SET \(change) WHERE signature = ?",
                arguments: [Self.signature(1).hexadecimal])
            #expect(db.changesCount == 1)
        }
        for _ in 0..<2 {
            #expect(try await store.load(at: Self.after(50), limit: 10) == [Self.row(2), Self.row(0)])
            #expect(try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM intent_cache") } == 2)
        }
    }

    @Test func `damaged rows take no place from those that can be read`() async throws {
        let store = try open()
        try await store.save((0..<6).map { Self.row($0) })
        try await store.pool.write {
            try $0.execute(
                sql: "UPDATE intent_cache SET decision_json = 'x' WHERE expires_at >= ?",
                arguments: [Self.after(104).description])
        }
        #expect(try await store.load(at: Self.after(50), limit: 2) == [Self.row(3), Self.row(2)])
    }

    @Test func `what cannot be removed does not keep the rest from being read`() async throws {
        let store = try open()
        try await store.save([Self.row(0), Self.row(1)])
        try await store.pool.write {
            try $0.execute(
                sql: "UPDATE intent_cache SET decision_json = 'x' WHERE signature = ?",
                arguments: [Self.signature(0).hexadecimal])
        }
        try setReadOnly(store, true)
        #expect(try await store.load(at: Self.after(50), limit: 10) == [Self.row(1)])
    }

    // MARK: What cannot be used

    @Test func `a file of a newer version is refused and left alone`() async throws {
        let store = try open()
        try await store.save([Self.row(1)])
        try await store.pool.write {
            try $0.execute(sql: "INSERT INTO grdb_migrations(identifier) VALUES ('9999-from-the-future')")
        }
        try store.pool.close()
        let error = await error { _ = try open() }
        #expect(error?.code == .newerSchema)
        #expect(error?.message.contains("another version") == true)
        let queue = try DatabaseQueue(path: folder.path(Self.file))
        #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM intent_cache") } == 1)
    }

    @Test func `a file that is no database, a folder, or another table of that name is refused and left alone`()
        async throws
    {
        let text = [UInt8](repeating: 0x61, count: 8192)
        try folder.write("text.db", text)
        let queue = try DatabaseQueue(path: folder.path("other.db"))
        try await queue.write { try $0.execute(sql: "CREATE TABLE intent_cache (a)") }
        try queue.close()
        for path in [folder.path("text.db"), folder.path, folder.path("none/intents.db"), folder.path("other.db")] {
            let error = await error { _ = try SQLiteIntentCache(path: path) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("ORCH_INTENT_CACHE_DB_PATH") == true)
            #expect(error?.description.contains(folder.path) == false)
        }
        #expect(folder.read("text.db") == text)
    }

    @Test func `in a folder that cannot be written it cannot be made`() async throws {
        // Permissions do not bind the superuser, who runs tests in containers; these folders bind all.
        #if os(Linux)
        let path = "/proc/intents.db"
        #else
        let path = "/System/intents.db"
        #endif
        let error = await error { _ = try SQLiteIntentCache(path: path) }
        #expect(error?.codeName == "intent_cache_unavailable")
        #expect(error?.description.contains(path) == false)
    }

    @Test func `a file that is damaged inside is an error when it is read, and no crash`() async throws {
        let store = try open()
        try await store.save((0..<2000).map { Self.row($0) })
        _ = try await store.pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try store.pool.close()
        var bytes = folder.read(Self.file)
        #expect(bytes.count > 20 * 4096)
        for place in bytes.indices.dropFirst(3 * 4096) { bytes[place] = 0xA5 }
        try folder.write(Self.file, bytes)
        let error = await error { _ = try await open().load(at: Self.after(0), limit: 10_000) }
        #expect(error?.code == .unavailable)
    }

    @Test func `a disk that is full or read-only loses nothing in memory, and the rows can be written later`()
        async throws
    {
        let cache = IntentCache(lifetime: .seconds(100))
        for number in 0..<500 {
            cache.insert(Self.row(number).intent, policyHash: "p", signature: Self.signature(number), at: Self.start)
        }
        let store = try open()
        for isFull in [true, false] {
            if isFull { try setPageLimit(store, 10) } else { try setReadOnly(store, true) }
            let taken = cache.takeUnsaved(limit: 1000)
            #expect(taken.count == 500)
            let error = await error { try await store.save(taken) }
            #expect(error?.code == .unavailable)
            cache.putBack(taken)
            #expect(try await store.load(at: Self.start, limit: 1000).isEmpty, "all rows are kept, or none")
            #expect(cache.count == 500)
            if isFull { try setPageLimit(store, 1_000_000) } else { try setReadOnly(store, false) }
        }
        try await store.save(cache.takeUnsaved(limit: 1000))
        #expect(try await store.load(at: Self.start, limit: 1000).count == 500)
    }

    @Test func `a file that another process is writing is an error for writes, and not for reads`() async throws {
        let store = try open()
        try await store.save([Self.row(1)])
        try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA busy_timeout = 50") }
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.path(Self.file), configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(await error { try await store.save([Self.row(2)]) }?.code == .unavailable)
        #expect(await error { _ = try await store.prune(at: Self.start, maximumRows: 1) }?.code == .unavailable)
        #expect(try await store.load(at: Self.start, limit: 10) == [Self.row(1)])
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try await store.save([Self.row(2)])
        #expect(try await store.load(at: Self.start, limit: 10).count == 2)
    }

    private func setReadOnly(_ store: SQLiteIntentCache, _ isReadOnly: Bool) throws {
        try store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = \(isReadOnly ? 1 : 0)") }
    }

    /// Pages that the file may have: SQLite then says that the disk is full.
    private func setPageLimit(_ store: SQLiteIntentCache, _ pages: Int) throws {
        _ = try store.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA max_page_count = \(pages)") }
    }
}
