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
        try await read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM traces WHERE id = ?", arguments: [id.description])
            else { return nil }
            var trace = try Self.trace(from: row)
            let rows = try Row.fetchCursor(
                db, sql: "SELECT * FROM trace_steps WHERE trace_id = ? ORDER BY id", arguments: [id.description])
            while let row = try rows.next() { trace.steps.append(try Self.step(from: row)) }
            return trace
        }
    }

    package func traces(limit: Int, before: TraceID?) async throws(ReceiptError) -> [Trace] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM traces WHERE id < ? ORDER BY id DESC LIMIT ?",
                // `g` sorts behind every identity.
                arguments: [before?.description ?? "g", max(0, limit)]
            ).map(Self.trace(from:))
        }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ReceiptError) -> Value {
        do {
            return try await database.pool.read(body)
        } catch let error as ReceiptError {
            throw error
        } catch {
            throw ReceiptError(.unavailable, "the receipts' database cannot be read", cause: error)
        }
    }

    private static func trace(from row: Row) throws -> Trace {
        guard let text: String = row["id"], let id = TraceID(text),
            let createdAt = Timestamp(row["created_at"] ?? ""), let metadata = object(row["metadata_json"])
        else { throw ReceiptError(.unreadable, "a stored trace does not read back") }
        return Trace(id: id, createdAt: createdAt, metadata: metadata)
    }

    private static func step(from row: Row) throws -> Step {
        guard let name: String = row["step_type"], let type = StepType(rawValue: name),
            let createdAt = Timestamp(row["created_at"] ?? ""), let payload = object(row["step_json"])
        else { throw ReceiptError(.unreadable, "a stored step does not read back") }
        return Step(type, at: createdAt, payload)
    }

    private static func object(_ text: String?) -> JSONObject? {
        text.flatMap { try? JSONValue(parsing: Array($0.utf8)).objectValue }
    }
}
