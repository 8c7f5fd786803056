import GRDB
import OrchCore
import OrchReceipts

extension StoredTrace {
    /// Reads a trace with its steps and its salt; nil where its row is not there.
    static func read(_ db: Database, _ id: TraceID) throws -> StoredTrace? {
        try StoredTraceReader(db).read(Array(id.description.utf8))
    }
}

/// Reads traces by their identities.
struct StoredTraceReader {
    private let trace: RawStatement
    private let steps: RawStatement
    private let salt: RawStatement
    private let retired: RawStatement

    init(_ db: Database) throws {
        trace = try RawStatement(db, "SELECT created_at, metadata_json FROM traces WHERE id = ?1")
        // Step identities are the trace's, a slash, and the place; `0` is what follows the slash.
        steps = try RawStatement(
            db,
            """
            SELECT id, trace_id, step_type, created_at, step_json FROM trace_steps
            WHERE id > ?1 || '/' AND id < ?1 || '0' ORDER BY id
            """)
        salt = try RawStatement(db, "SELECT salt, leaf_index, leaf_index IS NULL FROM trace_salts WHERE trace_id = ?1")
        retired = try RawStatement(db, "SELECT leaf_index FROM retired_traces WHERE trace_id = ?1")
    }

    func read(_ id: [UInt8]) throws -> StoredTrace? {
        trace.bind(1, text: id)
        defer { trace.reset() }
        guard try trace.step() else { return nil }
        let bound = try readSalt(id)
        return StoredTrace(
            id: id, createdAt: trace.bytes(0), metadata: trace.bytes(1), steps: try readSteps(id), salt: bound?.salt,
            leafIndex: try bound.map(\.leafIndex) ?? readRetired(id))
    }

    private func readSteps(_ id: [UInt8]) throws -> [StoredTrace.Step] {
        steps.bind(1, text: id)
        defer { steps.reset() }
        var list: [StoredTrace.Step] = []
        while try steps.step() {
            list.append(
                StoredTrace.Step(
                    id: steps.bytes(0), traceID: steps.bytes(1), type: steps.bytes(2), createdAt: steps.bytes(3),
                    json: steps.bytes(4)))
        }
        return list
    }

    private func readSalt(_ id: [UInt8]) throws -> (salt: [UInt8], leafIndex: Int?)? {
        salt.bind(1, text: id)
        defer { salt.reset() }
        return try salt.step() ? (salt.bytes(0), salt.integer(2) == 1 ? nil : salt.integer(1)) : nil
    }

    private func readRetired(_ id: [UInt8]) throws -> Int? {
        retired.bind(1, text: id)
        defer { retired.reset() }
        return try retired.step() ? retired.integer(0) : nil
    }

    /// Where a trace's leaf is; nil where it has none.
    func leafIndex(_ id: [UInt8]) throws -> Int? {
        if let bound = try readSalt(id) { return bound.leafIndex }
        return try readRetired(id)
    }
}
