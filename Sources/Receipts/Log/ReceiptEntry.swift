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

    /// A step that is not written yet.
    package struct StoredStep: Sendable {
        /// `<trace>/<place>`, the place in four digits: steps sort by it, and a changed one is seen.
        package var id: String
        package var type: String
        package var createdAt: String
        /// Canonical JSON (RFC 8785).
        package var json: [UInt8]
    }

    package let phase: Phase
    package let id: TraceID
    /// The same as text.
    package let traceID: String
    package let createdAt: String
    /// Canonical JSON (RFC 8785).
    package let metadata: [UInt8]
    /// The steps that are not written yet.
    package let steps: [StoredStep]
    /// In the order of their names.
    package let commitments: [Commitment]
    package let salt: TraceSalt
    /// The leaf's bytes and their hash; nil for an opening.
    package let leaf: (bytes: [UInt8], hash: MerkleHash)?
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
        createdAt = trace.createdAt.description
        let closedAt = moment.description
        var metadata = trace.metadata
        metadata["status"] = .string(status.rawValue)
        if phase != .opening { metadata["closed_at"] = .string(closedAt) }
        let metadataBytes = metadata.canonical
        self.metadata = metadataBytes

        let stored = trace.steps.enumerated().map { place, step in
            StoredStep(
                id: Self.stepID(traceID, place), type: step.type.rawValue, createdAt: step.createdAt.description,
                json: step.payload.canonical)
        }
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
            traceID: traceID, openedAt: createdAt, closedAt: closedAt, status: status.rawValue,
            pins: stored.first { $0.type == StepType.policySnapshot.rawValue }?.json ?? Array("{}".utf8),
            steps: stored.map { step in
                Leaf.Step(
                    type: step.type, at: step.createdAt,
                    hash: .step(type: Array(step.type.utf8), createdAt: Array(step.createdAt.utf8), payload: step.json))
            },
            commitments: commitments.map { ($0.name.rawValue, $0.hash) }
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
        let digits = String(place)
        return traceID + "/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
