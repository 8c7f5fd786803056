package import OrchCore

/// One durable write: a trace's opening, its end, or both at once.
///
/// Everything is in its stored form already, hashes and the leaf too, so that the writer's one thread does nothing but
/// number it, write it, and sign.
package final class ReceiptEntry: Sendable {
    /// Which end of a trace's life is written.
    package enum Phase: Sendable {
        /// The trace and its steps so far; something is about to escape before the end.
        case opening
        /// The end of a trace whose opening was written.
        case closing
        /// The whole trace at once: the common case.
        case whole
    }

    package let phase: Phase
    package let id: TraceID
    /// The same as text.
    package let traceID: String
    /// The row of traces: identity, opening, metadata.
    package let trace: StoredRow
    /// The steps that are not written yet.
    package let steps: ArraySlice<StoredStep>
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
        var steps: [StoredStep]
        var moment: Timestamp
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
    package convenience init(
        _ phase: Phase, trace: Trace, status: TraceStatus, at moment: Timestamp, written: Int = 0,
        salt: TraceSalt = .generate(), contents: [Commitment] = []
    ) {
        self.init(
            phase, trace: trace,
            steps: trace.steps.enumerated().map { StoredStep($1, of: trace.id, place: $0) }, status: status, at: moment,
            written: written, salt: salt, contents: contents)
    }

    /// The same of steps that are in their stored form already; those of the trace itself are not looked at.
    package init(
        _ phase: Phase, trace: Trace, steps: [StoredStep], status: TraceStatus, at moment: Timestamp, written: Int,
        salt: TraceSalt, contents: [Commitment]
    ) {
        self.phase = phase
        self.salt = salt
        id = trace.id
        source = Source(trace: trace, steps: steps, moment: moment, contents: contents)
        let traceID = trace.id.description
        self.traceID = traceID
        let closedAt = moment.description
        var metadata = trace.metadata
        metadata["status"] = .string(status.rawValue)
        if phase != .opening { metadata["closed_at"] = .string(closedAt) }
        let metadataBytes = metadata.canonical
        var row = StoredRow(capacity: 128 + metadataBytes.count)
        row.append(traceID)
        row.append { trace.createdAt.append(to: &$0) }
        row.append(metadataBytes)
        self.trace = row
        self.steps = steps[written...]
        guard phase != .opening else {
            commitments = contents.sorted { $0.name.rawValue < $1.name.rawValue }
            leaf = nil
            return
        }
        let commitments = (contents + [salt.commitment(.metadata, to: metadataBytes)])
            .sorted { $0.name.rawValue < $1.name.rawValue }
        self.commitments = commitments
        let bytes = Leaf.encode(
            traceID: traceID, openedAt: row.text(1), closedAt: closedAt, status: status.rawValue,
            pins: steps.first { $0.kind == .policySnapshot }.map { $0.row[2] } ?? Self.noPins[...],
            commitments: commitments.lazy.map { ($0.name.rawValue, $0.hash) },
            steps: steps.lazy.map { ($0.type, $0.createdAt, $0.hash) })
        leaf = (bytes, .leaf(bytes))
    }

    private static let noPins = Array("{}".utf8)

    /// The same end as a failed one: its answer was broken off since the disk did not take the end in time.
    package var failed: ReceiptEntry {
        ReceiptEntry(
            phase, trace: source.trace, steps: source.steps, status: .failed, at: source.moment,
            written: steps.startIndex, salt: salt, contents: source.contents)
    }

    /// Hashes of the contents by their names, as canonical JSON: what an opening keeps for its end.
    package var commitmentsJSON: [UInt8] {
        JSONObject(
            commitments.map { JSONObject.Member(key: $0.name.rawValue, value: .string($0.hash.hexadecimal)) }
        ).canonical
    }
}
