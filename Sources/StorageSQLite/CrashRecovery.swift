import GRDB
package import OrchCore
package import OrchReceipts

extension SQLiteReceiptLog {
    /// Closes the traces that were open when the process before this one died: each gets an `error` step that says so,
    /// and its leaf.
    ///
    /// - Parameter ids: Those that were open when this process began; what was opened since is not a dead process's.
    /// - Returns: How many there were.
    package func closeTracesOfDeadProcess(
        among ids: Set<TraceID>, at moment: Timestamp
    ) async throws(ReceiptError) -> Int {
        guard !ids.isEmpty else { return 0 }
        let open = try database.openTraces().filter { ids.contains($0.trace.id) }
        let payload: JSONObject = [
            "code": .string(TraceStatus.processDied.rawValue),
            "detail": "the process ended before the request did; what it answered after its opening is unknown",
        ]
        let entries = open.map { open -> ReceiptEntry in
            var trace = open.trace
            let written = trace.steps.count
            trace.steps.append(Step(.error, at: moment, payload))
            return ReceiptEntry(
                .closing, trace: trace, status: .processDied, at: moment, written: written, salt: open.salt,
                contents: open.contents)
        }
        guard !entries.isEmpty else { return 0 }
        _ = try await perform { _, writer in
            for entry in entries { try writer.write(entry) }
        }
        return entries.count
    }
}

extension SQLiteReceiptLog {
    /// The traces whose end is not written.
    package func openTraces() throws(ReceiptError) -> Set<TraceID> { Set(try database.openTraces().map(\.trace.id)) }
}

/// A trace whose end is not written.
struct OpenTrace: Sendable {
    var trace: Trace
    var salt: TraceSalt
    var contents: [Commitment]
}

extension TraceDatabase {
    func openTraces() throws(ReceiptError) -> [OpenTrace] {
        try reading { db in
            try Row.fetchAll(db, sql: "SELECT * FROM open_traces ORDER BY trace_id").map { row in
                guard let id = TraceID(row["trace_id"] ?? ""), let stored = try StoredTrace.read(db, id),
                    let salt = stored.salt.flatMap({ TraceSalt($0) })
                else { throw ReceiptError(.unreadable, "a trace that is open does not read back") }
                return OpenTrace(
                    trace: try stored.decoded(), salt: salt, contents: try Self.contents(row["commitments_json"] ?? ""))
            }
        }
    }

    private static func contents(_ json: String) throws -> [Commitment] {
        let object = try JSONValue(parsing: Array(json.utf8)).objectValue ?? [:]
        return try object.members.map { member in
            guard let name = Commitment.Name(rawValue: member.key),
                let hash = member.value.stringValue.flatMap({ MerkleHash(hexadecimal: $0) })
            else { throw ReceiptError(.unreadable, "the commitments of an open trace do not read back") }
            return Commitment(name: name, hash: hash)
        }
    }
}
