import GRDB
import OrchCore
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

@Suite("Rows inserted many at once")
struct RowBatchTests {
    private static let table = RowBatch.Table("things(key, bytes, number)", columns: 3)

    private func database() throws -> DatabaseQueue {
        let queue = try DatabaseQueue()
        try queue.write { try $0.execute(sql: "CREATE TABLE things(key TEXT PRIMARY KEY, bytes BLOB, number INTEGER)") }
        return queue
    }

    @Test(
        "every number of rows arrives, in whatever order they came", arguments: [0, 1, 2, 3, 15, 16, 17, 31, 47, 200])
    func counts(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        var batch = RowBatch(into: Self.table)
        let numbers = (0..<count).shuffled(using: &generator)
        for number in numbers {
            let key = "key \(1000 + number)"
            batch.beginRow(key: key)
            batch.add(key)
            batch.add(blob: [UInt8](repeating: UInt8(number % 256), count: 1 + number))
            batch.add(number.isMultiple(of: 5) ? nil : number)
        }
        try database().write { db in
            try batch.insert(db)
            // What was inserted is gone from the batch.
            try batch.insert(db)
            let rows = try Row.fetchAll(db, sql: "SELECT key, hex(bytes) AS bytes, number FROM things ORDER BY key")
            #expect(rows.map { $0["key"] } == (0..<count).map { "key \(1000 + $0)" })
            for (number, row) in rows.enumerated() {
                let byte = Hexadecimal.encode([UInt8(number % 256)]).uppercased()
                #expect(row["bytes"] == String(repeating: byte, count: 1 + number))
                #expect(row["number"] == (number.isMultiple(of: 5) ? nil : number))
            }
        }
    }

    @Test("a row that the table does not take fails them all, with SQLite's own word")
    func conflict() throws {
        var batch = RowBatch(into: Self.table)
        for key in ["a", "b", "a"] {
            batch.beginRow(key: key)
            batch.add(key)
            batch.add(blob: [1])
            batch.add(1)
        }
        let queue = try database()
        #expect(throws: DatabaseError.self) { try queue.write { try batch.insert($0) } }
        let count = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM things") }
        #expect(count == 0)
    }
}
