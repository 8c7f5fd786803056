package import OrchCore

/// One durable write: a trace's opening, its end, or both at once.
///
/// Everything is in its stored form already, hashes and the leaf too, so that the writer's one thread does nothing but
/// number it, write it, and sign.
package struct ReceiptEntry: Sendable {
    /// Which end of a trace's life is written.
    package enum Phase: Sendable {
        /// The trace and its steps so far; something is about to escape before the end.
        case opening
        /// The end of a trace whose opening was written.
        case closing
        /// The whole trace at once: the common case.
        case whole
    }

    /// A row of trace_steps that is not written yet.
    package struct StoredStep: Sendable {
        package let row: StoredRow
        package let type: String

        fileprivate init(_ step: Step, _ traceID: String, _ place: Int) {
            var row = StoredRow(capacity: 384)
            row.append { ReceiptEntry.appendStepID(traceID, place, to: &$0) }
            type = step.type.rawValue
            row.append(type.utf8)
            row.append { step.payload.appendCanonical(to: &$0) }
            row.append { step.createdAt.append(to: &$0) }
            self.row = row
        }

        /// `<trace>/<place>`, the place in four digits: steps sort by it, and a changed one is seen.
        package var id: String { row.text(0) }
        /// Canonical JSON (RFC 8785).
        package var json: [UInt8] { Array(row[2]) }
        package var createdAt: String { row.text(3) }

        var leafStep: Leaf.Step {
            Leaf.Step(type: type, at: createdAt, hash: .step(type: row[1], createdAt: row[3], payload: row[2]))
        }
    }

    package let phase: Phase
    package let id: TraceID
    /// The same as text.
    package let traceID: String
    /// The row of traces: identity, opening, metadata.
    package let trace: StoredRow
    /// The steps that are not written yet.
    package let steps: [StoredStep]
    /// In the order of their names.
    package let commitments: [Commitment]
    package let salt: TraceSalt
    /// The leaf's bytes and their hash; nil for an opening.
    package let leaf: (bytes: [UInt8], hash: MerkleHash)?

    package var createdAt: String { trace.text(1) }
    /// `metadata_json`: canonical JSON (RFC 8785).
    package var metadata: [UInt8] { Array(trace[2]) }

    private let source: Source

    /// What an entry is made from.
    private struct Source: Sendable {
        var trace: Trace
        var moment: Timestamp
        var written: Int
        var contents: [Commitment]
    }

    /// Puts a trace into its stored form.
    ///
    /// - Parameters:
    ///   - trace: With all of its steps. `status`, and `closed_at` where it ends, are put into its metadata.
    ///   - moment: When the trace ended; of an opening, not looked at.
    ///   - written: How many of the steps are in the database already.
    ///   - salt: What the contents are committed to under; one for the whole life of the trace.
    ///   - contents: What was said, committed to.
    package init(
        _ phase: Phase, trace: Trace, status: TraceStatus, at moment: Timestamp, written: Int = 0,
        salt: TraceSalt = .generate(), contents: [Commitment] = []
    ) {
        self.phase = phase
        self.salt = salt
        id = trace.id
        source = Source(trace: trace, moment: moment, written: written, contents: contents)
        let traceID = trace.id.description
        self.traceID = traceID
        let closedAt = moment.description
        var metadata = trace.metadata
        metadata["status"] = .string(status.rawValue)
        if phase != .opening { metadata["closed_at"] = .string(closedAt) }
        let metadataBytes = metadata.canonical
        var row = StoredRow(capacity: 128 + metadataBytes.count)
        row.append(traceID.utf8)
        row.append { trace.createdAt.append(to: &$0) }
        row.append(metadataBytes)
        self.trace = row

        let stored = trace.steps.enumerated().map { StoredStep($1, traceID, $0) }
        steps = written == 0 ? stored : Array(stored[written...])
        guard phase != .opening else {
            commitments = contents.sorted { $0.name.rawValue < $1.name.rawValue }
            leaf = nil
            return
        }
        let commitments = (contents + [salt.commitment(.metadata, to: metadataBytes)])
            .sorted { $0.name.rawValue < $1.name.rawValue }
        self.commitments = commitments
        let bytes = Leaf(
            traceID: traceID, openedAt: row.text(1), closedAt: closedAt, status: status.rawValue,
            pins: zip(trace.steps, stored).first { $0.0.type == .policySnapshot }.map(\.1.json)
                ?? Array("{}".utf8),
            steps: stored.map(\.leafStep), commitments: commitments.map { ($0.name.rawValue, $0.hash) }
        ).canonical
        leaf = (bytes, .leaf(bytes))
    }

    /// The same end as a failed one: its answer was broken off since the disk did not take the end in time.
    package var failed: ReceiptEntry {
        ReceiptEntry(
            phase, trace: source.trace, status: .failed, at: source.moment, written: source.written,
            salt: salt, contents: source.contents)
    }

    /// Hashes of the contents by their names, as canonical JSON: what an opening keeps for its end.
    package var commitmentsJSON: [UInt8] {
        JSONObject(
            commitments.map { JSONObject.Member(key: $0.name.rawValue, value: .string($0.hash.hexadecimal)) }
        ).canonical
    }

    /// The key of a step's row.
    package static func stepID(_ traceID: String, _ place: Int) -> String {
        var bytes: [UInt8] = []
        appendStepID(traceID, place, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func appendStepID(_ traceID: String, _ place: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: traceID.utf8)
        bytes.append(UInt8(ascii: "/"))
        guard place < 10_000 else { return bytes.append(contentsOf: String(place).utf8) }
        for unit in [1000, 100, 10, 1] { bytes.append(UInt8(0x30 + place / unit % 10)) }
    }
}
