package import OrchCore

/// All that shows one trace to somebody who has nothing but the log's verifier key; a JSON file.
///
/// `{format, leaf, trace: {id, created_at, metadata}, steps: [{created_at, payload, step_type}], proof, salts}`. The
/// proof is a tlog-proof file, and ends with the signed checkpoint. White space, the order of members, and how a text
/// is escaped mean nothing: what is hashed is canonical (RFC 8785).
package struct ReceiptBundle: Sendable, Equatable {
    package struct Step: Sendable, Equatable {
        package var type: String
        package var createdAt: String
        /// Canonical JSON.
        package var payload: [UInt8]

        package init(type: String, createdAt: String, payload: [UInt8]) {
            self.type = type
            self.createdAt = createdAt
            self.payload = payload
        }

        package var hash: MerkleHash {
            .step(type: Array(type.utf8), createdAt: Array(createdAt.utf8), payload: payload)
        }
    }

    package static let format = "orchestrators.receipt-bundle/v1"
    /// The largest file.
    package static let maximumBytes = 4_194_304

    package var leaf: Leaf
    package var traceID: TraceID
    package var createdAt: String
    /// Canonical JSON.
    package var metadata: [UInt8]
    package var steps: [Step]
    package var proof: InclusionProofFile
    /// The contents' own salts; none of a trace whose contents were deleted.
    package var salts: [Commitment.Name: MerkleHash]

    package init(
        leaf: Leaf, traceID: TraceID, createdAt: String, metadata: [UInt8], steps: [Step], proof: InclusionProofFile,
        salts: [Commitment.Name: MerkleHash]
    ) {
        self.leaf = leaf
        self.traceID = traceID
        self.createdAt = createdAt
        self.metadata = metadata
        self.steps = steps
        self.proof = proof
        self.salts = salts
    }

    /// The file.
    package var bytes: [UInt8] {
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writer.member("format", Self.format)
        writer.key("leaf")
        writer.raw(leaf.canonical)
        writer.key("trace")
        writer.beginObject()
        writer.member("id", traceID.description)
        writer.member("created_at", createdAt)
        writer.key("metadata")
        writer.raw(metadata)
        writer.endObject()
        writer.key("steps")
        writer.beginArray()
        for step in steps {
            writer.beginObject()
            writer.member("created_at", step.createdAt)
            writer.key("payload")
            writer.raw(step.payload)
            writer.member("step_type", step.type)
            writer.endObject()
        }
        writer.endArray()
        writer.member("proof", proof.text)
        writer.key("salts")
        writer.beginObject()
        for name in Commitment.Name.allCases {
            if let salt = salts[name] { writer.member(name.rawValue, salt.hexadecimal) }
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes + [0x0A]
    }
}

extension ReceiptBundle {
    /// Puts together what is stored of a trace.
    ///
    /// - Parameter withSalts: Whether the salts of request and answer go with it. Who has a salt can test guesses at
    ///   its content.
    /// - Throws: ``BundleError`` where a bundle would not hold: the trace is not in the log, or is not as it was bound.
    package init(_ evidence: TraceEvidence, withSalts: Bool = false) throws(BundleError) {
        guard let log = evidence.log else {
            throw BundleError(
                .notInLog, "no leaf of the log names this trace: its request is under way, or the log was changed")
        }
        let head = log.checkpoint.checkpoint
        guard
            MerkleProof.verifyInclusion(
                of: .leaf(log.leaf), at: log.index, treeSize: head.size, root: head.root, proof: log.proof)
        else { throw BundleError(.notInLog, "the trace's leaf is not in the tree of the log's checkpoint") }
        let leaf: Leaf
        do { leaf = try Leaf(parsing: log.leaf) } catch { throw BundleError(.contentMismatch, error.message) }
        if case .mismatch(let fault) = leaf.check(evidence.stored) { throw .mismatch(fault) }
        guard let stored = evidence.stored, let traceID = TraceID(leaf.traceID) else {
            throw .mismatch("it has no identity")
        }
        self.init(
            leaf: leaf, traceID: traceID, createdAt: leaf.openedAt, metadata: stored.metadata,
            steps: zip(leaf.steps, stored.steps).map { Step(type: $0.type, createdAt: $0.at, payload: $1.json) },
            proof: InclusionProofFile(index: log.index, hashes: log.proof, checkpoint: log.checkpoint), salts: [:])
        if let salt = stored.salt.flatMap(TraceSalt.init) {
            for name in leaf.commitments.compactMap({ Commitment.Name(rawValue: $0.name) })
            where withSalts || name == .metadata {
                salts[name] = salt.salt(of: name.rawValue)
            }
        }
        // What is handed out reads back: the log may hold what no version of this program wrote.
        guard try ReceiptBundle(parsing: bytes) == self else { throw .mismatch("it is not in its format") }
    }
}

/// A receipt bundle that cannot be made or read.
package struct BundleError: CodedError, Equatable {
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case malformed = "malformed_bundle"
            case notInLog = "not_in_log"
            case contentMismatch = "content_mismatch"
        }
        private let value: Value
        /// The file is not in its format.
        package static let malformed = Code(value: .malformed)
        /// The log does not hold the trace.
        package static let notInLog = Code(value: .notInLog)
        /// What is stored is not what was bound.
        package static let contentMismatch = Code(value: .contentMismatch)
        package var name: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package var codeName: String { code.name }

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    fileprivate static func mismatch(_ fault: String) -> BundleError {
        BundleError(.contentMismatch, "what is stored of the trace is not what its leaf binds: \(fault)")
    }
}
