import OrchCore
import OrchReceipts
import Synchronization

/// A log in memory that is read as the real one is.
final class MemoryLog: LogReader, TrustReader {
    private struct State {
        var leaves: [(id: TraceID, bytes: [UInt8])] = []
        var traces: [TraceID: StoredTrace] = [:]
        var signed: [Int: SignedCheckpoint] = [:]
        var searchLimit = Int.max
        var isBroken = false
    }

    let key = SigningKey(generatingFor: "tests/log")
    private let state = Mutex(State())

    // MARK: What a test puts in

    /// Adds a trace that has ended, and gives its identity.
    @discardableResult
    func add(
        caller: String = "tester", route: String = "chat", policy: String? = "policy-1", steps: [Step] = []
    ) -> TraceID {
        let trace = trace(caller, route, policy, steps)
        let entry = ReceiptEntry(.whole, trace: trace, status: .ok, at: trace.createdAt)
        state.withLock { state in
            if let leaf = entry.leaf { state.leaves.append((trace.id, leaf.bytes)) }
            state.traces[trace.id] = StoredTrace(entry)
        }
        return trace.id
    }

    /// Adds a trace that is under way.
    func open(caller: String = "tester") -> TraceID {
        let trace = trace(caller, "chat", "policy-1", [])
        let entry = ReceiptEntry(.opening, trace: trace, status: .open, at: trace.createdAt)
        state.withLock { $0.traces[trace.id] = StoredTrace(entry) }
        return trace.id
    }

    /// Changes what is stored of a trace behind the log's back; nil removes it.
    func change(_ id: TraceID, _ body: @Sendable (inout StoredTrace?) -> Void) {
        state.withLock { body(&$0.traces[id]) }
    }

    /// Deletes what is kept of a trace, as retention does.
    func retire(_ id: TraceID) {
        state.withLock { state in
            guard let leaf = state.leaves.first(where: { $0.id == id }).flatMap({ try? Leaf(parsing: $0.bytes) })
            else { return }
            state.traces[id]?.steps = []
            state.traces[id]?.salt = nil
            state.traces[id]?.metadata = Retirement.expired.metadata(status: leaf.status, closedAt: leaf.closedAt)
        }
    }

    /// From now on every call fails.
    func breakDown() { state.withLock { $0.isBroken = true } }

    /// How many steps a search looks at.
    func limitSearch(to count: Int) { state.withLock { $0.searchLimit = count } }

    func stored(_ id: TraceID) -> StoredTrace? { state.withLock { $0.traces[id] } }
    func leafHash(_ index: Int) -> MerkleHash { state.withLock { .leaf($0.leaves[index].bytes) } }

    private func trace(_ caller: String, _ route: String, _ policy: String?, _ steps: [Step]) -> Trace {
        let number = state.withLock { $0.traces.count }
        let moment = Timestamp.distantPast.advanced(by: .milliseconds(number))
        let pins: JSONObject = policy.map { ["tool_policy": .string($0)] } ?? [:]
        return Trace(
            id: TraceID(at: moment, random: (0, UInt64(number))), createdAt: moment,
            metadata: ["route": .string(route), "caller": .string(caller)],
            steps: [Step(.policySnapshot, at: moment, pins)] + steps)
    }

    // MARK: LogReader

    func checkpoint() async throws(ReceiptError) -> SignedCheckpoint? { try signed() }

    func keys() async throws(ReceiptError) -> [LogKey] { [LogKey(firstSize: 0, key: key.verifier, note: nil)] }

    func evidence(of trace: TraceID) async throws(ReceiptError) -> TraceEvidence? {
        guard let checkpoint = try signed() else { return nil }
        let (stored, place, leaves) = state.withLock { state in
            (state.traces[trace], state.leaves.firstIndex { $0.id == trace }, state.leaves.map(\.bytes))
        }
        guard let place else { return stored.map { TraceEvidence(stored: $0, log: nil) } }
        return try reading {
            var proofs = self.proofs(leaves.count)
            return TraceEvidence(
                stored: stored,
                log: TraceEvidence.InLog(
                    index: place, leaf: leaves[place], treeHash: try proofs.leaf(at: place),
                    proof: try proofs.inclusion(of: place), checkpoint: checkpoint))
        }
    }

    func consistency(from: Int, to: Int?) async throws(ReceiptError) -> ConsistencyProof? {
        let size = try signed()?.checkpoint.size ?? 0
        let to = to ?? size
        guard from >= 1, from <= to, to <= size else { return nil }
        return try reading {
            var (first, second) = (self.proofs(from), self.proofs(to))
            return ConsistencyProof(
                from: from, to: to, fromRoot: try first.root(), toRoot: try second.root(),
                hashes: try second.consistency(from: from))
        }
    }

    func tile(_ path: TilePath) async throws(ReceiptError) -> [UInt8]? {
        let size = try signed()?.checkpoint.size ?? 0
        let level = if case .hashes(let level) = path.kind { level } else { 0 }
        guard path.width <= Tile.hashes(level: level, index: path.index, treeSize: size) else { return nil }
        if case .hashes = path.kind { return hashes(level, path.index, path.width).joinedBytes }
        let leaves = state.withLock { $0.leaves.map(\.bytes) }[
            path.index * Tile.width..<path.index * Tile.width + path.width]
        return leaves.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 0xFF)] + $0 }
    }

    private func signed() throws(ReceiptError) -> SignedCheckpoint? {
        let (size, known, isBroken) = state.withLock { ($0.leaves.count, $0.signed[$0.leaves.count], $0.isBroken) }
        guard !isBroken else { throw ReceiptError(.unavailable, "the disk is gone") }
        if let known { return known }
        return try reading {
            var proofs = self.proofs(size)
            let checkpoint = Checkpoint(origin: self.key.verifier.name, size: size, root: try proofs.root())
            let signed = try SignedCheckpoint(checkpoint, signedBy: self.key)
            self.state.withLock { $0.signed[size] = signed }
            return signed
        }
    }

    private func proofs(_ size: Int) -> ProofMaker {
        ProofMaker(treeSize: size) { self.hashes($0, $1, $2) }
    }

    private func hashes(_ level: Int, _ index: Int, _ width: Int) -> [MerkleHash] {
        let first = index * Tile.width
        return (first..<first + width).map { place in
            level == 0 ? leafHash(place) : Tile.root(of: hashes(level - 1, place, Tile.width)[...])
        }
    }

    private func reading<Value>(_ body: () throws -> Value) throws(ReceiptError) -> Value {
        do { return try body() } catch { throw ReceiptError(.unreadable, "the log in memory does not read back") }
    }

    // MARK: TrustReader

    func events(types: Set<StepType>, trace: TraceID?, limit: Int) async throws(ReceiptError) -> StoredSteps {
        let (traces, searchLimit, isBroken) = state.withLock { ($0.traces, $0.searchLimit, $0.isBroken) }
        guard !isBroken else { throw ReceiptError(.unavailable, "the disk is gone") }
        let all = traces.filter { trace == nil || $0.key == trace }.values.flatMap(\.steps)
            .sorted { $1.id.lexicographicallyPrecedes($0.id) }
        let names = Set(types.map { Array($0.rawValue.utf8) })
        let found = all.prefix(searchLimit).filter { names.isEmpty || names.contains($0.type) }
        return StoredSteps(
            steps: Array(found.prefix(limit)), isComplete: found.count >= limit || all.count <= searchLimit)
    }
}

extension StoredTrace {
    fileprivate init(_ entry: ReceiptEntry) {
        self.init(
            id: Array(entry.traceID.utf8), createdAt: Array(entry.createdAt.utf8), metadata: entry.metadata,
            steps: entry.steps.map { step in
                StoredTrace.Step(
                    id: Array(step.id.utf8), traceID: Array(entry.traceID.utf8), type: Array(step.type.utf8),
                    createdAt: Array(step.createdAt.utf8), json: step.json)
            },
            salt: entry.salt.bytes)
    }
}
