import GRDB

/// Looks at a database, and changes it, behind the program's back.
enum SQLiteCommand {
    static func run(_ path: String, _ sql: String) throws {
        try DatabaseQueue(path: path).write { db in try db.execute(sql: sql) }
    }

    static func column(_ path: String, _ sql: String) throws -> [String] {
        try DatabaseQueue(path: path).read { db in try String.fetchAll(db, sql: sql) }
    }
}
