import OrchCore
import OrchReceipts
import OrchTestSupport

/// A trace in a log of 11, with the files that a stranger gets of it.
struct RecipeSample: Sendable {
    let key = SigningKey(generatingFor: "example.com/log")
    let folder: TemporaryFolder
    let sample: TraceSample
    /// The bundle, to be changed.
    var bundle: JSONObject
    let proof: InclusionProofFile
    /// The same log when it had 4 leaves.
    let kept: SignedCheckpoint
    let consistency: ConsistencyProof

    init() throws {
        folder = try TemporaryFolder()
        sample = try TraceSample()
        var log = MemoryLog()
        for index in 0..<11 { log.append(index == 6 ? .leaf(sample.leaf.canonical) : .leaf(MemoryLog.leaf(index))) }
        var (old, new) = (log.proofs(size: 4), log.proofs(size: 11))
        func head(_ size: Int, _ root: MerkleHash) -> Checkpoint {
            Checkpoint(origin: "example.com/log", size: size, root: root)
        }
        kept = try SignedCheckpoint(head(4, try old.root()), signedBy: key)
        proof = InclusionProofFile(
            index: 6, hashes: try new.inclusion(of: 6),
            // Two signatures that nobody knows, and one by the key.
            checkpoint: try SignedCheckpoint(
                head(11, try new.root()), signedBy: SigningKey(generatingFor: "witness.example"), key,
                SigningKey(generatingFor: "example.com/log")))
        consistency = ConsistencyProof(
            from: 4, to: 11, fromRoot: try old.root(), toRoot: try new.root(), hashes: try new.consistency(from: 4))

        let evidence = TraceEvidence(
            stored: sample.stored,
            log: TraceEvidence.InLog(
                index: 6, leaf: sample.leaf.canonical, treeHash: .leaf(sample.leaf.canonical), proof: proof.hashes,
                checkpoint: proof.checkpoint))
        let made = try ReceiptBundle(evidence, withSalts: true)
        bundle = try JSONValue(parsing: made.bytes).objectValue ?? [:]
        try write()
    }

    var consistencyJSON: JSONObject {
        [
            "from": .integer(consistency.from), "to": .integer(consistency.to),
            "from_root": .string(consistency.fromRoot.hexadecimal), "to_root": .string(consistency.toRoot.hexadecimal),
            "proof": .array(consistency.hashes.map { .string($0.hexadecimal) }),
        ]
    }

    private func write() throws {
        try folder.write("bundle.json", JSONValue.object(bundle).serialized)
        try folder.write("leaf.json", sample.leaf.canonical)
        try folder.write("receipt.tlog-proof", Array(proof.text.utf8))
        try folder.write("kept.note", Array(kept.text.utf8))
        try folder.write("consistency.json", JSONValue.object(consistencyJSON).serialized)
        try folder.write("request", TraceSample.request)
        try folder.write("answer", TraceSample.answer)
    }

    /// Writes a file of its own.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        try folder.write(name, bytes)
        return folder.path(name)
    }

    /// A bundle with a change.
    func bundle(_ change: (inout JSONObject) -> Void) -> [UInt8] {
        var changed = bundle
        change(&changed)
        return JSONValue.object(changed).serialized
    }
}

extension JSONObject {
    /// Changes the object below a key.
    mutating func change(_ key: String, _ body: (inout JSONObject) -> Void) {
        guard var object = self[key]?.objectValue else { return }
        body(&object)
        self[key] = .object(object)
    }

    /// Changes the array below a key.
    mutating func changeArray(_ key: String, _ body: (inout [JSONValue]) -> Void) {
        guard var array = self[key]?.arrayValue else { return }
        body(&array)
        self[key] = .array(array)
    }
}
