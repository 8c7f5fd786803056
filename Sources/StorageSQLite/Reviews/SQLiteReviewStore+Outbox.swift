import GRDB
package import OrchApprovals
package import OrchCore

extension SQLiteReviewStore: EventOutbox {
    /// Events that may wait; what comes then is not announced.
    private static let maximumEvents = 10_000

    func announce(_ event: ReviewEvent?, _ db: Database) throws {
        guard announces, let event else { return }
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM webhook_events") ?? 0 < Self.maximumEvents else {
            return onOverflow()
        }
        try db.execute(
            sql: """
                INSERT INTO webhook_events(event_id, created_at, next_attempt_at, attempts, body_json)
                VALUES (?1, ?2, ?2, 0, ?3)
                """,
            arguments: [event.id, event.createdAt.description, String(decoding: event.body, as: UTF8.self)])
    }

    package func takeDue(
        at moment: Timestamp, leaseEnd: Timestamp, limit: Int
    ) async throws(ApprovalError) -> [PendingEvent] {
        let due = "next_attempt_at <= ?"
        let isDue = try await database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT 1 FROM webhook_events WHERE \(due) LIMIT 1", arguments: [moment.description]) != nil
        }
        guard isDue else { return [] }
        return try await database.write { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM webhook_events WHERE \(due) ORDER BY event_id LIMIT ?",
                arguments: [moment.description, limit])
            return try rows.map { row in
                let id: String = row["event_id"] ?? ""
                try db.execute(
                    sql: "UPDATE webhook_events SET next_attempt_at = ? WHERE event_id = ?",
                    arguments: [leaseEnd.description, id])
                return PendingEvent(
                    id: id, body: Array((row["body_json"] as String? ?? "").utf8),
                    createdAt: Timestamp(row["created_at"] ?? "") ?? moment, attempts: row["attempts"] ?? 0)
            }
        }
    }

    package func remove(_ id: String) async throws(ApprovalError) {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM webhook_events WHERE event_id = ?", arguments: [id])
        }
    }

    package func postpone(_ id: String, until moment: Timestamp, attempts: Int) async throws(ApprovalError) {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE webhook_events SET next_attempt_at = ?, attempts = ? WHERE event_id = ?",
                arguments: [moment.description, attempts, id])
        }
    }
}
