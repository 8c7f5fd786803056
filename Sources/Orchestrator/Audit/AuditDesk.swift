import OrchCore
package import OrchReceipts

/// Answers questions about the log: whether a trace is as it was, and what a stranger needs to check that himself.
package struct AuditDesk: Sendable {
    /// A tile, and whether its bytes will ever change.
    package struct TileBytes: Sendable, Equatable {
        package var bytes: [UInt8]
        /// false where the tile will grow.
        package var isFull: Bool
    }

    private let log: any LogReader
    private let policy: @Sendable () -> TraceVerdict.Policy

    /// - Parameter policy: The policy that decides now.
    package init(log: any LogReader, policy: @escaping @Sendable () -> TraceVerdict.Policy) {
        self.log = log
        self.policy = policy
    }

    /// Answers a `{"trace_id"}` body with what there is to say of the trace.
    ///
    /// - Parameter caller: Sees its own traces; an operator sees all.
    package func verify(_ body: [UInt8], caller: Caller) async throws -> [UInt8] {
        let text = try Self.traceID(parsing: body)
        let (id, evidence) = try await evidence(of: text, caller: caller)
        // The keys are read last, so that the one that signed is among them.
        let keys = try await log.keys().map(\.key)
        return TraceVerdict(id, evidence, keys: keys, policy: policy()).json
    }

    /// The newest checkpoint (C2SP tlog-checkpoint).
    package func checkpoint() async throws -> String {
        guard let checkpoint = try await log.checkpoint() else {
            throw PipelineError(.notFound, "the log has no checkpoint yet")
        }
        return checkpoint.text
    }

    /// The inclusion proof of a trace's leaf (C2SP tlog-proof).
    ///
    /// - Parameter caller: Gets the proofs of its own traces, an operator those of all; nil where proofs are for
    ///   everybody.
    package func proof(of text: String, caller: Caller?) async throws -> String {
        let (_, evidence) = try await evidence(of: text, caller: caller)
        guard let leaf = evidence.log else {
            throw PipelineError(.notFound, "the trace is not in the log: it has not ended, or its leaf is gone")
        }
        return InclusionProofFile(index: leaf.index, hashes: leaf.proof, checkpoint: leaf.checkpoint).text
    }

    /// That the log with `from` leaves is the beginning of the log with `to`.
    ///
    /// - Parameter to: nil for the log as it is.
    package func consistency(from: String?, to: String?) async throws -> [UInt8] {
        guard let from else { throw PipelineError.missing("from") }
        let first = try Self.size(from, "from")
        let second = try to.map { try Self.size($0, "to") }
        let size = try await log.checkpoint()?.checkpoint.size ?? 0
        guard second ?? 0 <= size else {
            throw PipelineError(.invalidValue, "to must be at most \(size), the log's size", parameter: "to")
        }
        let last = second ?? size
        guard first <= last, let proof = try await log.consistency(from: first, to: last) else {
            throw PipelineError(
                .invalidValue, "from must be at most \(last), the size that it is compared with", parameter: "from")
        }
        return proof.json
    }

    /// A tile by its path behind `tile/` (C2SP tlog-tiles).
    ///
    /// - Parameter caller: Must be an operator for tiles of the leaves themselves, since they tell of all callers.
    package func tile(_ text: String, caller: Caller) async throws -> TileBytes {
        guard let path = TilePath(text) else {
            throw PipelineError(
                .notFound, "a tile's path is its level and its index in groups of three digits, such as 0/x001/067")
        }
        guard path.kind != .entries || caller.isOperator else {
            throw PipelineError(.operatorRequired, "the leaves themselves are for operators; hashes are at tile/0")
        }
        guard let bytes = try await log.tile(path) else {
            throw PipelineError(.notFound, "the log has no such tile: its checkpoint tells how large it is")
        }
        return TileBytes(bytes: bytes, isFull: path.width == Tile.width)
    }

    // MARK: Whose trace it is

    /// What there is of a trace. Another's is as unknown as one that never was.
    private func evidence(of text: String, caller: Caller?) async throws -> (TraceID, TraceEvidence) {
        guard let id = TraceID(text), let evidence = try await log.evidence(of: id),
            caller.map({ Self.isVisible(evidence, to: $0) }) ?? true
        else { throw PipelineError(.notFound, "there is no such trace, or it is another caller's") }
        return (id, evidence)
    }

    /// A retired trace does not say any more whose it was: only operators see it.
    private static func isVisible(_ evidence: TraceEvidence, to caller: Caller) -> Bool {
        if caller.isOperator { return true }
        guard let metadata = evidence.stored?.metadata,
            let owner = try? JSONValue(parsing: metadata).objectValue?["caller"]?.stringValue
        else { return false }
        return owner.utf8.elementsEqual(caller.name.utf8)
    }

    // MARK: Reading requests

    private static func traceID(parsing body: [UInt8]) throws(PipelineError) -> String {
        let root: JSONNode
        do throws(JSONError) { root = try JSONDocument(parsing: body).root } catch {
            throw PipelineError(.invalidJSON, "the body is not valid JSON: \(error.message)")
        }
        guard root.kind == .object else { throw .wrongType("body", expected: "an object", found: root.kind) }
        for member in root.members where member.key != "trace_id" {
            throw PipelineError(.invalidValue, "the body has a field besides trace_id", parameter: nil)
        }
        guard let node = root["trace_id"] else { throw .missing("trace_id") }
        guard let text = node.string else { throw .wrongType("trace_id", expected: "a string", found: node.kind) }
        return text
    }

    private static func size(_ text: String, _ parameter: String) throws(PipelineError) -> Int {
        guard let size = Int(text), String(size) == text, size >= 1 else {
            throw PipelineError(
                .invalidValue, "\(parameter) must be the size of a tree: a whole number from 1 on", parameter: parameter
            )
        }
        return size
    }
}
