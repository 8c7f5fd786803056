package import OrchCore

/// A step in its stored form: a row of trace_steps, and the hash that its leaf binds.
///
/// It is made where the step happens, so that nothing of a step is put together twice.
package struct StoredStep: Sendable {
    package let kind: StepType
    package let row: StoredRow
    package let hash: MerkleHash

    /// - Parameter place: Among the steps of its trace, from 0.
    package init(_ step: Step, of trace: TraceID, place: Int) {
        self.init(step.type, at: step.createdAt, of: trace, place: place) { step.payload.appendCanonical(to: &$0) }
    }

    /// - Parameter payload: Appends canonical JSON (RFC 8785).
    package init(
        _ kind: StepType, at moment: Timestamp, of trace: TraceID, place: Int, payload: (inout [UInt8]) -> Void
    ) {
        self.kind = kind
        var row = StoredRow(capacity: 448)
        row.append { Self.appendID(trace.description, place, to: &$0) }
        row.append(kind.rawValue)
        row.append(payload)
        row.append { moment.append(to: &$0) }
        self.row = row
        assert((try? JSONValue(parsing: Array(row[2])))?.canonical == Array(row[2]), "the payload is not canonical")
        hash = .step(type: row[1], createdAt: row[3], payload: row[2])
    }

    /// `<trace>/<place>`, the place in four digits: steps sort by it, and a changed one is seen.
    package var id: String { row.text(0) }
    package var type: String { kind.rawValue }
    /// Canonical JSON (RFC 8785).
    package var json: [UInt8] { Array(row[2]) }
    package var createdAt: String { row.text(3) }

    /// The key of a step's row.
    package static func id(_ traceID: String, _ place: Int) -> String {
        var bytes: [UInt8] = []
        appendID(traceID, place, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func appendID(_ traceID: String, _ place: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: traceID.utf8)
        bytes.append(UInt8(ascii: "/"))
        guard place < 10_000 else { return bytes.append(contentsOf: String(place).utf8) }
        for unit in [1000, 100, 10, 1] { bytes.append(UInt8(0x30 + place / unit % 10)) }
    }
}
