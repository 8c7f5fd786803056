import GRDB
package import OrchCore
package import OrchRouting

/// The intent cache's rows in a SQLite file of its own.
package struct SQLiteIntentCache: IntentCacheStore {
    let pool: DatabasePool

    /// Opens or makes the file of ORCH_INTENT_CACHE_DB_PATH.
    package init(path: String) throws(IntentCacheError) {
        do { pool = try DatabaseFile.open(path, label: "intents", migrator: Self.migrator) } catch is DatabaseFile
            .IsNewer
        {
            throw IntentCacheError(
                .newerSchema,
                "the database of the intent cache was made by another version of this program; use that version, or "
                    + "remove the file: it is only a cache")
        } catch {
            throw IntentCacheError(
                .unavailable, "the database of the intent cache (ORCH_INTENT_CACHE_DB_PATH) cannot be opened",
                cause: error)
        }
    }

    package func load(at now: Timestamp, limit: Int) async throws(IntentCacheError) -> [StoredIntent] {
        let found: (rows: [StoredIntent], damaged: [RowKey])
        do { found = try await pool.read { try Self.load($0, at: now, limit: limit) } } catch {
            throw IntentCacheError(.unavailable, "the database of the intent cache cannot be read", cause: error)
        }
        // What cannot be removed now is found again next time.
        if !found.damaged.isEmpty { try? await pool.write { try Self.remove(found.damaged, $0) } }
        return found.rows
    }

    package func save(_ rows: [StoredIntent]) async throws(IntentCacheError) {
        guard !rows.isEmpty else { return }
        try await write { db in
            let statement = try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO intent_cache(
                        policy_hash, signature, decision_json, created_at, expires_at, stable)
                    VALUES (?, ?, ?, ?, ?, 1)
                    """)
            for row in rows {
                try statement.execute(arguments: [
                    row.policyHash, row.signature.hexadecimal, String(decoding: row.intent.json, as: UTF8.self),
                    row.createdAt.description, row.expiresAt.description,
                ])
            }
        }
    }

    package func prune(at now: Timestamp, maximumRows: Int) async throws(IntentCacheError) -> Int {
        try await write { db in
            try db.execute(sql: "DELETE FROM intent_cache WHERE expires_at <= ?", arguments: [now.description])
            var removed = db.changesCount
            let excess = try Int.fetchOne(db, sql: "SELECT count(*) FROM intent_cache").map { $0 - maximumRows } ?? 0
            guard excess > 0 else { return removed }
            try db.execute(
                sql: """
                    DELETE FROM intent_cache WHERE (policy_hash, signature) IN (
                        SELECT policy_hash, signature FROM intent_cache ORDER BY expires_at LIMIT ?)
                    """,
                arguments: [excess])
            removed += db.changesCount
            return removed
        }
    }

    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(IntentCacheError) -> Value {
        do { return try await pool.write(body) } catch {
            throw IntentCacheError(
                .unavailable, "the database of the intent cache did not take the write", cause: error)
        }
    }

    // MARK: Rows

    /// The bytes of a row's key, whatever type a damaged one has.
    private struct RowKey: Sendable {
        let policyHash: DatabaseValue
        let signature: DatabaseValue
    }

    private static func load(
        _ db: Database, at now: Timestamp, limit: Int
    ) throws -> (rows: [StoredIntent], damaged: [RowKey]) {
        var rows: [StoredIntent] = []
        var damaged: [RowKey] = []
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT policy_hash, signature, decision_json, created_at, expires_at,
                    CAST(policy_hash AS BLOB), CAST(signature AS BLOB)
                FROM intent_cache WHERE expires_at > ? AND stable = 1 ORDER BY expires_at DESC
                """,
            arguments: [now.description])
        while rows.count < limit, damaged.count <= limit, let row = try cursor.next() {
            if let stored = read(row) {
                rows.append(stored)
            } else {
                damaged.append(RowKey(policyHash: row[5], signature: row[6]))
            }
        }
        return (rows, damaged)
    }

    /// nil for a row that the cache could not have written.
    private static func read(_ row: Row) -> StoredIntent? {
        func text(_ column: Int) -> String? {
            let value: DatabaseValue = row[column]
            guard case .string(let text) = value.storage else { return nil }
            return text
        }
        guard let policyHash = text(0), (1...StoredIntent.maximumPolicyHashBytes).contains(policyHash.utf8.count),
            let signature = text(1).flatMap(IntentSignature.init(hexadecimal:)),
            let json = text(2), let intent = try? CachedIntent(json: Array(json.utf8)),
            let createdAt = text(3).flatMap(Timestamp.init(_:)), let expiresAt = text(4).flatMap(Timestamp.init(_:)),
            createdAt <= expiresAt
        else { return nil }
        return StoredIntent(
            policyHash: policyHash, signature: signature, intent: intent, createdAt: createdAt, expiresAt: expiresAt)
    }

    private static func remove(_ keys: [RowKey], _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                DELETE FROM intent_cache
                WHERE policy_hash IN (?1, CAST(?1 AS TEXT)) AND signature IN (?2, CAST(?2 AS TEXT))
                """)
        for key in keys { try statement.execute(arguments: [key.policyHash, key.signature]) }
    }

    // MARK: Schema

    /// Numbered and frozen once shipped.
    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001-intents") { db in try db.execute(sql: schema) }
        return migrator
    }

    private static let schema = """
        CREATE TABLE intent_cache (
            policy_hash TEXT NOT NULL,
            signature TEXT NOT NULL,
            decision_json TEXT NOT NULL,
            created_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            stable INTEGER NOT NULL,
            PRIMARY KEY (policy_hash, signature)
        ) WITHOUT ROWID;
        CREATE INDEX intent_cache_by_expiry ON intent_cache(expires_at);
        """
}
