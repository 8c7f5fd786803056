import OrchCore
import OrchReceipts
import Synchronization

/// A log in memory: the real tree, proofs, signatures and checks, without a disk.
final class MemoryLog: ReceiptLog, LogReader, TraceReader, LogKeeper {
    struct State {
        var keys: [SigningKey]
        var logKeys: [LogKey]
        var traces: [TraceID: StoredTrace] = [:]
        var leaves: [(id: TraceID, bytes: [UInt8])] = []
        /// The leaves' hashes as they were signed.
        var hashes: [MerkleHash] = []
        var checkpoints: [StoredCheckpoint] = []
        var tree = MerkleTree()
        var isUnreadable = false
    }

    static let policy = "policy-1"
    static let request = Array(#"{"model":"m"}"#.utf8)
    static let answer = Array("4".utf8)
    static let start = Timestamp(microseconds: 1_767_225_600_000_000)

    let state: Mutex<State>

    /// - Parameter count: How many traces have ended, a second apart.
    init(_ count: Int = 0, origin: String = "example.com/receipts") {
        let key = SigningKey(generatingFor: origin)
        state = Mutex(State(keys: [key], logKeys: [LogKey(firstSize: 0, key: key.verifier, note: nil)]))
        for _ in 0..<count { add() }
    }

    // MARK: What a test puts in and looks at

    /// Adds a trace that has ended.
    @discardableResult
    func add(policy: String? = policy, phase: ReceiptEntry.Phase = .whole) -> TraceID {
        let number = state.withLock { $0.traces.count }
        let moment = Self.start.advanced(by: .seconds(number))
        let pins: JSONObject = policy.map { ["tool_policy": .string($0)] } ?? [:]
        let salt = TraceSalt.generate()
        let trace = Trace(
            id: TraceID(at: moment, random: (0, UInt64(number))), createdAt: moment,
            metadata: ["route": "chat", "caller": "default"],
            steps: [
                Step(.policySnapshot, at: moment, pins),
                Step(.tokenUsage, at: moment.advanced(by: .milliseconds(1)), ["input_tokens": 5]),
            ])
        let entry = ReceiptEntry(
            phase, trace: trace, status: phase == .opening ? .open : .ok, at: moment.advanced(by: .seconds(1)),
            salt: salt,
            contents: [salt.commitment(.request, to: Self.request), salt.commitment(.answer, to: Self.answer)])
        state.withLock { $0.add(entry) }
        return trace.id
    }

    /// Adds a trace whose request is under way.
    @discardableResult
    func open() -> TraceID { add(phase: .opening) }

    /// Changes what is stored behind the log's back.
    func change<Result: Sendable>(_ body: @Sendable (inout State) throws -> Result) rethrows -> Result {
        try state.withLock { try body(&$0) }
    }

    /// The trace of a leaf.
    func id(_ index: Int) -> TraceID { state.withLock { $0.leaves[index].id } }
    func steps(of trace: TraceID) -> Int { state.withLock { $0.traces[trace]?.steps.count ?? 0 } }
    func leaf(_ index: Int) -> [UInt8] { state.withLock { $0.leaves[index].bytes } }
    var verifier: VerifierKey { state.withLock { $0.keys[$0.keys.count - 1].verifier } }
    var note: String { state.withLock { $0.checkpoints.last?.note ?? "" } }

    /// Checks all of it, as the real program does.
    func check(key: VerifierKey? = nil, since: SignedCheckpoint? = nil, progress: LogAudit.Progress = { _, _ in })
        throws
        -> AuditReport
    {
        let store = state.withLock { MemoryStore(state: $0) }
        return try LogAudit.run(store, key: key, since: since, progress: progress)
    }

    // MARK: ReceiptLog

    var isHealthy: Bool { true }

    func commit(_ entry: ReceiptEntry) async throws(ReceiptError) -> Receipt? {
        state.withLock { $0.add(entry) }
        return nil
    }

    // MARK: LogReader

    func checkpoint() async throws(ReceiptError) -> SignedCheckpoint? { try newest() }

    func keys() async throws(ReceiptError) -> [LogKey] { state.withLock { $0.logKeys } }

    func evidence(of trace: TraceID) async throws(ReceiptError) -> TraceEvidence? {
        let state = state.withLock { $0 }
        let stored = state.traces[trace]
        guard let index = state.leaves.firstIndex(where: { $0.id == trace }), let checkpoint = try newest() else {
            return stored.map { TraceEvidence(stored: $0, log: nil) }
        }
        return try Self.reading {
            guard !state.isUnreadable else { throw ReceiptError(.unreadable, "a tile of the log is not whole") }
            var proofs = ProofMaker(treeSize: state.hashes.count, read: state.tile)
            return TraceEvidence(
                stored: stored,
                log: TraceEvidence.InLog(
                    index: index, leaf: state.leaves[index].bytes, treeHash: state.hashes[index],
                    proof: try proofs.inclusion(of: index), checkpoint: checkpoint))
        }
    }

    func consistency(from: Int, to: Int?) async throws(ReceiptError) -> ConsistencyProof? { nil }

    func tile(_ path: TilePath) async throws(ReceiptError) -> [UInt8]? { nil }

    private func newest() throws(ReceiptError) -> SignedCheckpoint? {
        guard let stored = state.withLock({ $0.checkpoints.last }) else { return nil }
        return try Self.reading { try SignedCheckpoint(parsing: stored.note) }
    }

    private static func reading<Value>(_ body: () throws -> Value) throws(ReceiptError) -> Value {
        do { return try body() } catch {
            throw error as? ReceiptError ?? ReceiptError(.unreadable, "the log in memory does not read back")
        }
    }

    // MARK: TraceReader

    func trace(_ id: TraceID) async throws(ReceiptError) -> Trace? { try state.withLock { $0.traces[id] }?.decoded() }

    func traces(limit: Int, before: TraceID?) async throws(ReceiptError) -> [Trace] {
        let all = state.withLock { $0.traces.sorted { $0.key.description > $1.key.description } }
        let page = all.filter { trace in before.map { trace.key.description < $0.description } ?? true }.prefix(limit)
        var traces: [Trace] = []
        for (_, stored) in page {
            var head = stored
            head.steps = []
            traces.append(try head.decoded())
        }
        return traces
    }

    // MARK: LogKeeper

    func erase(_ trace: TraceID) async throws(ReceiptError) -> ErasureReport {
        let receipt = state.withLock { state -> Receipt? in
            guard state.retire(trace, as: .erased) else { return nil }
            return state.add(.erase(traceID: trace.description))
        }
        return ErasureReport(traceID: trace, wasErased: receipt != nil, receipt: receipt, copies: ["trace.db.old"])
    }

    /// Keeps the newest two.
    func retire(isRehearsal: Bool) async throws(ReceiptError) -> RetentionReport {
        state.withLock { state in
            let going = state.leaves.map(\.id).dropLast(2).filter { state.traces[$0]?.salt != nil }
            guard let last = going.last.flatMap({ state.traces[$0] }),
                let moment = Timestamp(String(decoding: last.createdAt, as: UTF8.self))
            else { return RetentionReport(traces: 0, before: nil, bytesBefore: 1024, bytesAfter: nil) }
            let before = moment.advanced(by: .seconds(1))
            guard !isRehearsal else {
                return RetentionReport(traces: going.count, before: before, bytesBefore: 4096, bytesAfter: nil)
            }
            for trace in going { _ = state.retire(trace, as: .expired) }
            _ = state.add(.retire(before: before.description))
            return RetentionReport(traces: going.count, before: before, bytesBefore: 4096, bytesAfter: 1024)
        }
    }

    func rotateKey() async throws(ReceiptError) -> LogKey { state.withLock { $0.changeKey(isLost: false) } }

    /// What the program does where the key is lost.
    func createKey() -> LogKey { state.withLock { $0.changeKey(isLost: true) } }
}

extension MemoryLog.State {
    mutating func add(_ entry: ReceiptEntry, alsoSignedBy new: SigningKey? = nil) {
        let id = Array(entry.traceID.utf8)
        traces[entry.id] = StoredTrace(
            id: id, createdAt: Array(entry.createdAt.utf8), metadata: entry.metadata,
            steps: entry.steps.map { step in
                StoredTrace.Step(
                    id: Array(step.id.utf8), traceID: id, type: Array(step.type.utf8),
                    createdAt: Array(step.createdAt.utf8), json: step.json)
            }, salt: entry.salt.bytes, leafIndex: entry.leaf == nil ? nil : leaves.count)
        guard let leaf = entry.leaf else { return }
        leaves.append((entry.id, leaf.bytes))
        hashes.append(leaf.hash)
        tree.append(leaf.hash)
        let key = keys[keys.count - 1]
        let head = Checkpoint(origin: key.verifier.name, size: tree.size, root: tree.root)
        let signed =
            new.map { try? SignedCheckpoint(head, signedBy: key, $0) } ?? (try? SignedCheckpoint(head, signedBy: key))
        checkpoints.append(StoredCheckpoint(size: tree.size, note: signed?.text ?? ""))
    }

    /// Adds the receipt of an operator's act.
    mutating func add(_ act: LogAct, alsoSignedBy new: SigningKey? = nil) -> Receipt? {
        let moment = MemoryLog.start.advanced(by: .seconds(100_000 + traces.count))
        let trace = Trace(
            id: TraceID(at: moment, random: (1, UInt64(traces.count))), createdAt: moment,
            metadata: ["route": .string(act.route), "caller": "command_line"],
            steps: [Step(.toolExecution, at: moment, act.payload)])
        let entry = ReceiptEntry(.whole, trace: trace, status: .ok, at: moment)
        add(entry, alsoSignedBy: new)
        return entry.leaf.map { leaf in
            Receipt(
                traceID: trace.id, leafIndex: leaves.count - 1, leafHash: leaf.hash,
                checkpoint: checkpoints.last?.note ?? "")
        }
    }

    /// - Returns: Whether there was something to delete.
    mutating func retire(_ trace: TraceID, as retirement: Retirement) -> Bool {
        guard traces[trace]?.salt != nil, let bytes = leaves.first(where: { $0.id == trace })?.bytes,
            let leaf = try? Leaf(parsing: bytes)
        else { return false }
        traces[trace]?.steps = []
        traces[trace]?.salt = nil
        traces[trace]?.metadata = retirement.metadata(status: leaf.status, closedAt: leaf.closedAt)
        return true
    }

    mutating func changeKey(isLost: Bool) -> LogKey {
        let new = SigningKey(generatingFor: keys[keys.count - 1].verifier.name)
        guard !isLost else {
            let key = LogKey(firstSize: tree.size + 1, key: new.verifier, note: nil)
            keys.append(new)
            logKeys.append(key)
            return key
        }
        _ = add(.rotate(key: new.verifier.description), alsoSignedBy: new)
        let key = LogKey(firstSize: tree.size, key: new.verifier, note: checkpoints.last?.note)
        keys.append(new)
        logKeys.append(key)
        return key
    }

    func tile(level: Int, index: Int, width: Int) -> [MerkleHash] {
        let first = index * Tile.width
        return (first..<first + width).map { place in
            level == 0 ? hashes[place] : Tile.root(of: tile(level: level - 1, index: place, width: Tile.width)[...])
        }
    }
}

/// The rows of a log in memory, as a check of all of it reads them.
private struct MemoryStore: AuditStore {
    let state: MemoryLog.State

    func keys() throws -> [LogKey] { state.logKeys }

    func checkpoints(after size: Int, through last: Int) throws -> [StoredCheckpoint] {
        state.checkpoints.filter { $0.size > size && $0.size <= last }
    }

    func newestCheckpoint() throws -> StoredCheckpoint? { state.checkpoints.last }

    func leaves(_ range: Range<Int>) throws -> [StoredLeaf] {
        range.clamped(to: state.leaves.indices).map { index in
            StoredLeaf(
                index: index, traceID: Array(state.leaves[index].id.description.utf8), bytes: state.leaves[index].bytes)
        }
    }

    func hashes(level: Int, index: Int, width: Int) throws -> [MerkleHash] {
        state.tile(level: level, index: index, width: width)
    }

    func trace(_ id: [UInt8]) throws -> StoredTrace? {
        TraceID(String(decoding: id, as: UTF8.self)).flatMap { state.traces[$0] }
    }

    func openTraces() throws -> Int { state.traces.count - state.leaves.count }

    func strangers(treeSize: Int) throws -> [AuditReport.Finding] { [] }
}
