import OrchCore

/// A leaf's inclusion proof with its checkpoint, as a file (C2SP tlog-proof).
package struct InclusionProofFile: Sendable, Equatable {
    package static let header = "c2sp.org/tlog-proof@v1"
    /// Hashes of a proof in the largest tree.
    private static let maximumHashes = 63

    package var index: Int
    package var hashes: [MerkleHash]
    package var checkpoint: SignedCheckpoint

    package init(index: Int, hashes: [MerkleHash], checkpoint: SignedCheckpoint) {
        self.index = index
        self.hashes = hashes
        self.checkpoint = checkpoint
    }

    package init(parsing text: String) throws(NoteError) {
        let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0] == Self.header, lines[1].hasPrefix("index "),
            let index = Int(lines[1].dropFirst(6)), index >= 0, String(index) == lines[1].dropFirst(6)
        else { throw .proof("its first lines are \(Self.header) and the leaf's index") }
        self.index = index
        hashes = []
        var rest = lines[2]
        while true {
            guard let end = rest.firstIndex(of: "\n") else { throw .proof("it has no empty line above its checkpoint") }
            let line = rest[..<end]
            rest = rest[rest.index(after: end)...]
            if line.isEmpty { break }
            guard hashes.count < Self.maximumHashes, let hash = MerkleHash(base64: line) else {
                throw .proof("line \(hashes.count + 3) is no hash in base 64")
            }
            hashes.append(hash)
        }
        checkpoint = try SignedCheckpoint(parsing: String(rest))
    }

    package var text: String {
        "\(Self.header)\nindex \(index)\n" + hashes.map { $0.base64 + "\n" }.joined() + "\n" + checkpoint.text
    }

    /// Shows that a leaf is in the log of a key.
    ///
    /// - Throws: ``NoteError`` where the checkpoint is not the key's, or the leaf is not where the proof says.
    package func verify(_ leaf: MerkleHash, key: VerifierKey) throws(NoteError) {
        try checkpoint.verify(key)
        let head = checkpoint.checkpoint
        guard
            MerkleProof.verifyInclusion(of: leaf, at: index, treeSize: head.size, root: head.root, proof: hashes)
        else { throw .proof("the leaf is not at index \(index) of the tree that the checkpoint signs") }
    }
}

extension NoteError {
    fileprivate static func proof(_ fault: String) -> NoteError {
        NoteError(.malformedProof, "the proof does not hold: \(fault)")
    }
}
