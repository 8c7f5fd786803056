import GRDB
import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

@Suite("The file of receipts")
struct TraceDatabaseTests {
    @Test("Opens again with what it held, and its schema as it was")
    func reopens() async throws {
        let folder = try TemporaryFolder()
        for number in 0..<3 {
            let store = try Store(folder: folder)
            try await store.log.commit(Sample.whole(number))
            #expect(try await store.count("traces") == number + 1)
            try store.database.pool.close()
        }
    }

    @Test("Made by a newer version, it is refused and left alone")
    func newer() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(folder: folder)
        try await store.log.commit(Sample.whole(1))
        try store.onWriter {
            try $0.execute(sql: "INSERT INTO grdb_migrations(identifier) VALUES ('9999-from-the-future')")
        }
        try store.database.pool.close()
        let error = await receiptError { _ = try Store(folder: folder) }
        #expect(error?.code == .newerSchema)
        #expect(error?.message.contains("another version") == true)
        let queue = try DatabaseQueue(path: folder.path(Store.fileName))
        #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM traces") } == 1)
    }

    @Test("In a folder that is missing, it cannot be opened, and the error names no path")
    func missingFolder() async throws {
        let folder = try TemporaryFolder()
        let error = await receiptError { _ = try TraceDatabase(path: folder.path("none/traces.db")) }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains(folder.path) == false)
    }

    @Test("Where the path is a folder, or the file is no database, it cannot be opened")
    func notADatabase() async throws {
        let folder = try TemporaryFolder()
        #expect(await receiptError { _ = try TraceDatabase(path: folder.path) }?.code == .unavailable)
        try folder.write("text.db", [UInt8](repeating: 0x61, count: 8192))
        #expect(await receiptError { _ = try TraceDatabase(path: folder.path("text.db")) }?.code == .unavailable)
        #expect(folder.read("text.db") == [UInt8](repeating: 0x61, count: 8192))
    }

    @Test("Opened for reading only, it takes no receipts and says so")
    func readOnly() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(folder: folder)
        try await store.log.commit(Sample.whole(0))
        // Permissions do not bind the superuser, who runs tests in containers; the connection's own switch binds all.
        try store.onWriter { try $0.execute(sql: "PRAGMA query_only = 1") }
        #expect(await receiptError { try await store.log.commit(Sample.whole(1)) }?.code == .unavailable)
        #expect(!store.log.isHealthy)
        try store.onWriter { try $0.execute(sql: "PRAGMA query_only = 0") }
        try await store.log.commit(Sample.whole(1))
        #expect(store.log.isHealthy)
    }

    @Test("Its tables have the columns of the specification, and nothing that could hold content")
    func schema() async throws {
        let store = try Store()
        let columns = try await store.database.pool.read { db in
            try ["traces", "trace_steps", "trace_salts", "log_leaves", "log_tiles", "log_checkpoints"].map {
                try db.makeStatement(sql: "SELECT * FROM \($0)").columnNames
            }
        }
        #expect(
            columns == [
                ["id", "created_at", "metadata_json"], ["id", "trace_id", "step_type", "step_json", "created_at"],
                ["trace_id", "salt", "leaf_index"], ["leaf_index", "trace_id", "leaf_json"],
                ["level", "tile_index", "hashes"],
                ["tree_size", "note", "edge"],
            ])
    }
}
