import GRDB
package import OrchCore
package import OrchReceipts

/// Reads stored steps across traces from SQLite.
package struct SQLiteTrustReader: TrustReader {
    private let database: TraceDatabase
    private let maximumSearched: Int

    package init(database: TraceDatabase) {
        self.init(database: database, maximumSearched: StoredSteps.maximumSearched)
    }

    init(database: TraceDatabase, maximumSearched: Int) {
        self.database = database
        self.maximumSearched = maximumSearched
    }

    package func events(
        types: Set<StepType>, trace: TraceID?, limit: Int
    ) async throws(ReceiptError) -> StoredSteps {
        let wanted = Set(types.map { Array($0.rawValue.utf8) })
        return try await database.read { db in
            let statement = try Self.search(db, trace)
            defer { statement.reset() }
            var found = StoredSteps(steps: [], isComplete: true)
            var searched = 0
            while found.steps.count < limit, try statement.step() {
                guard searched < maximumSearched else {
                    found.isComplete = false
                    break
                }
                searched += 1
                let type = statement.bytes(2)
                guard wanted.isEmpty || wanted.contains(type) else { continue }
                found.steps.append(
                    StoredTrace.Step(
                        id: statement.bytes(0), traceID: statement.bytes(1), type: type, createdAt: statement.bytes(3),
                        json: statement.bytes(4)))
            }
            return found
        }
    }

    /// Goes through the table's keys, which begin with the traces' identities, so that nothing is sorted.
    private static func search(_ db: Database, _ trace: TraceID?) throws -> RawStatement {
        let columns = "id, trace_id, step_type, created_at, step_json"
        guard let trace else {
            return try RawStatement(db, "SELECT \(columns) FROM trace_steps ORDER BY id DESC")
        }
        let statement = try RawStatement(
            db,
            """
            SELECT \(columns) FROM trace_steps WHERE id > ?1 || '/' AND id < ?1 || '0' ORDER BY id DESC
            """)
        statement.bind(1, trace.description)
        return statement
    }
}
