import GRDB
package import OrchCore
package import OrchReceipts

/// Reads traces back from SQLite.
package struct SQLiteTraceReader: TraceReader {
    private let database: TraceDatabase

    package init(database: TraceDatabase) {
        self.database = database
    }

    package func trace(_ id: TraceID) async throws(ReceiptError) -> Trace? {
        try await database.read { try StoredTrace.read($0, id)?.decoded() }
    }

    package func traces(limit: Int, before: TraceID?) async throws(ReceiptError) -> [Trace] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM traces WHERE id < ? ORDER BY id DESC LIMIT ?",
                // `g` sorts behind every identity.
                arguments: [before?.description ?? "g", max(0, limit)]
            ).map { row in
                try StoredTrace(
                    id: Self.bytes(row["id"]), createdAt: Self.bytes(row["created_at"]),
                    metadata: Self.bytes(row["metadata_json"]), steps: [], salt: nil
                ).decoded()
            }
        }
    }

    private static func bytes(_ text: String?) -> [UInt8] { Array((text ?? "").utf8) }
}

extension TraceDatabase {
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ReceiptError) -> Value {
        do { return try await pool.read(body) } catch {
            throw .wrapping(error, "the receipts' database cannot be read")
        }
    }
}
