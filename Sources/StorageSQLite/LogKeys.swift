import GRDB
import OrchCore
package import OrchReceipts

/// The log's keys, the first one first.
enum LogKeys {
    static func all(_ db: Database) throws -> [LogKey] {
        try Row.fetchAll(db, sql: "SELECT first_size, verifier_key, note FROM log_keys ORDER BY first_size").map {
            row in
            LogKey(
                firstSize: row["first_size"] ?? -1, key: try VerifierKey(parsing: row["verifier_key"] ?? ""),
                note: row["note"])
        }
    }

    static func current(_ db: Database) throws -> VerifierKey? { try all(db).last?.key }

    static func insert(_ db: Database, _ key: LogKey) throws {
        try db.execute(
            sql: "INSERT INTO log_keys(first_size, verifier_key, note) VALUES (?, ?, ?)",
            arguments: [key.firstSize, key.key.description, key.note])
    }

    /// - Returns: All keys of the log.
    /// - Throws: ``ReceiptError`` unless the log's key is this one.
    static func check(_ db: Database, _ key: VerifierKey) throws -> [VerifierKey] {
        let keys = try all(db).map(\.key)
        guard let current = keys.last else {
            throw ReceiptError(.keyMissing, "the log has no key yet")
        }
        guard current == key else {
            throw ReceiptError(
                .keyDiffers,
                "the log's key is \(current.shortName), and the key at hand is \(key.shortName): if the key was rotated, "
                    + "start again with the new one")
        }
        return keys
    }
}

extension TraceDatabase {
    /// The log's keys, the first one first; none before the log's first start.
    package func logKeys() throws(ReceiptError) -> [LogKey] {
        try reading { try LogKeys.all($0) }
    }

    /// Makes a key the first one of a log that has none yet.
    ///
    /// - Returns: Whether it is now: another process may have been faster.
    package func adoptFirstKey(_ key: VerifierKey) throws(ReceiptError) -> Bool {
        do {
            return try pool.write { db in
                guard try LogKeys.current(db) == nil else { return false }
                try LogKeys.insert(db, LogKey(firstSize: 0, key: key, note: nil))
                return true
            }
        } catch {
            throw .wrapping(error, "the log's key cannot be written")
        }
    }

    /// Lets another key sign from the next tree on, without the one before it, which is lost.
    package func replaceLostKey(_ lost: VerifierKey, by key: VerifierKey) throws(ReceiptError) -> LogKey {
        do {
            return try pool.write { db in
                guard try LogKeys.current(db) == lost else {
                    throw ReceiptError(.keyDiffers, "the log has been given another key meanwhile")
                }
                let size = try StoredCheckpoint.newest(db)?.size ?? 0
                let new = LogKey(firstSize: size + 1, key: key, note: nil)
                try LogKeys.insert(db, new)
                return new
            }
        } catch {
            throw .wrapping(error, "the log's key cannot be written")
        }
    }

    func reading<Value>(_ body: (Database) throws -> Value) throws(ReceiptError) -> Value {
        do { return try pool.read(body) } catch { throw .wrapping(error, "the receipts' database cannot be read") }
    }
}

extension ReceiptError {
    /// What a store threw, as one of ours.
    static func wrapping(_ error: any Error, _ message: String) -> ReceiptError {
        switch error {
        case let error as ReceiptError: error
        case let error as NoteError: ReceiptError(.unreadable, error.message, cause: error)
        default: ReceiptError(.unavailable, message, cause: error)
        }
    }
}
