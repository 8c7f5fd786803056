import OrchCore
import OrchReceipts

/// A small log in memory, whose traces are put into bundles.
struct BundleSample {
    static let request = Array(#"{"messages":[{"role":"user","content":"hello"}]}"#.utf8)
    static let answer = Array("Good morning, \u{E9}.".utf8)
    static let contents: [Commitment.Name: [UInt8]] = [.request: request, .answer: answer]
    private static let start = Timestamp(microseconds: 1_767_225_600_000_000)

    var key = SigningKey(generatingFor: "example.com/receipts")
    private(set) var entries: [ReceiptEntry] = []

    init(count: Int = 7) {
        entries = (0..<count).map { Self.entry($0) }
    }

    private static func entry(_ number: Int) -> ReceiptEntry {
        let opened = start.advanced(by: .seconds(number))
        let trace = Trace(
            id: TraceID(at: opened, random: (UInt64(number), 7)), createdAt: opened,
            metadata: ["route": "chat", "caller": "zoë"],
            steps: [
                Step(.policySnapshot, at: opened, ["program": "1.2.3", "router_policy": "abc"]),
                Step(
                    .intentRouter, at: opened.advanced(by: .milliseconds(1)),
                    ["tool": nil, "confidence": 0.75, "safe": true, "names": ["a", "b"], "at": ["n": -3]]),
            ])
        let salt = TraceSalt.generate()
        return ReceiptEntry(
            .whole, trace: trace, status: .ok, at: opened.advanced(by: .seconds(2)), salt: salt,
            contents: [salt.commitment(.request, to: request), salt.commitment(.answer, to: answer)])
    }

    var checkpoint: SignedCheckpoint {
        get throws {
            var tree = MerkleTree()
            for hash in hashes { tree.append(hash) }
            return try SignedCheckpoint(
                Checkpoint(origin: key.verifier.name, size: tree.size, root: tree.root), signedBy: key)
        }
    }

    private var hashes: [MerkleHash] { entries.compactMap { $0.leaf?.hash } }

    func evidence(_ index: Int) throws -> TraceEvidence {
        let hashes = hashes
        var proofs = ProofMaker(treeSize: hashes.count) { _, tile, width in
            Array(hashes[tile * Tile.width..<tile * Tile.width + width])
        }
        let entry = entries[index]
        return TraceEvidence(
            stored: Self.stored(entry),
            log: TraceEvidence.InLog(
                index: index, leaf: entry.leaf?.bytes ?? [], treeHash: hashes[index],
                proof: try proofs.inclusion(of: index), checkpoint: try checkpoint))
    }

    private static func stored(_ entry: ReceiptEntry) -> StoredTrace {
        let id = Array(entry.traceID.utf8)
        return StoredTrace(
            id: id, createdAt: Array(entry.createdAt.utf8), metadata: entry.metadata,
            steps: entry.steps.map { step in
                StoredTrace.Step(
                    id: Array(step.id.utf8), traceID: id, type: Array(step.type.utf8),
                    createdAt: Array(step.createdAt.utf8), json: step.json)
            }, salt: entry.salt.bytes)
    }

    /// The same trace after its contents were deleted.
    func retired(_ index: Int, _ retirement: Retirement = .erased) throws -> TraceEvidence {
        var evidence = try evidence(index)
        let leaf = try Leaf(parsing: evidence.log?.leaf ?? [])
        evidence.stored?.metadata = retirement.metadata(status: leaf.status, closedAt: leaf.closedAt)
        evidence.stored?.steps = []
        evidence.stored?.salt = nil
        return evidence
    }

    func bundle(_ index: Int = 4, withSalts: Bool = false) throws -> ReceiptBundle {
        try ReceiptBundle(try evidence(index), withSalts: withSalts)
    }

    /// Whether a file is taken for a bundle, and all that it says holds.
    func holds(_ bytes: [UInt8], _ contents: [Commitment.Name: [UInt8]] = [:]) -> Bool {
        guard let bundle = try? ReceiptBundle(parsing: bytes) else { return false }
        return bundle.check(key: key.verifier, contents: contents).holds
    }
}
