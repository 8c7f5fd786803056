import GRDB
package import OrchCore
package import OrchReceipts

extension TraceDatabase {
    /// Closes the traces that were open when the process before this one died: each gets an `error` step that says so.
    ///
    /// - Returns: How many there were.
    package func closeTracesOfDeadProcess(at moment: Timestamp) throws(ReceiptError) -> Int {
        do {
            return try pool.write { db in
                let open = try String.fetchAll(db, sql: "SELECT trace_id FROM open_traces ORDER BY trace_id")
                let step: JSONObject = [
                    "code": .string(TraceStatus.processDied.rawValue),
                    "detail": "the process ended before the request did; what it answered after its opening is unknown",
                ]
                for id in open {
                    try db.execute(
                        sql: "INSERT INTO trace_steps(trace_id, step_type, step_json, created_at) VALUES (?, ?, ?, ?)",
                        arguments: [
                            id, StepType.error.rawValue, String(decoding: step.canonical, as: UTF8.self),
                            moment.description,
                        ])
                    try db.execute(
                        sql: "UPDATE traces SET metadata_json = json_set(metadata_json, '$.status', ?) WHERE id = ?",
                        arguments: [TraceStatus.processDied.rawValue, id])
                }
                try db.execute(sql: "DELETE FROM open_traces")
                return open.count
            }
        } catch {
            throw ReceiptError(.unavailable, "the receipts' database cannot be repaired after a crash", cause: error)
        }
    }
}
