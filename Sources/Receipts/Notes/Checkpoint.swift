/// A tree head (C2SP tlog-checkpoint): `origin`, the size, the root in base 64, each in a line of its own.
package struct Checkpoint: Sendable, Hashable {
    package var origin: String
    package var size: Int
    package var root: MerkleHash

    package init(origin: String, size: Int, root: MerkleHash) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// Reads a note's text. Extension lines below the root are allowed, and passed over.
    package init(parsing text: String) throws(NoteError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last?.isEmpty ?? false, !lines[0].isEmpty,
            lines.dropLast().dropFirst(3).allSatisfy({ !$0.isEmpty }), let size = Int(lines[1]), size >= 0,
            String(size) == lines[1], let root = MerkleHash(base64: lines[2])
        else {
            throw NoteError(
                .malformedCheckpoint, "this is no checkpoint: its lines are the log's origin, its size, its root")
        }
        self.init(origin: String(lines[0]), size: size, root: root)
    }

    /// The text that is signed.
    package var text: String { "\(origin)\n\(size)\n\(root.base64)\n" }
}

/// A checkpoint with its signatures.
package struct SignedCheckpoint: Sendable, Equatable {
    package let checkpoint: Checkpoint
    package let note: SignedNote

    /// Signs a tree head, with all keys given.
    package init(_ checkpoint: Checkpoint, signedBy keys: SigningKey...) throws {
        self.checkpoint = checkpoint
        let text = checkpoint.text
        note = SignedNote(text: text, signatures: try keys.map { try $0.sign(text) })
    }

    /// Reads a note. Nothing is verified yet.
    package init(parsing text: String) throws(NoteError) {
        note = try SignedNote(parsing: text)
        checkpoint = try Checkpoint(parsing: note.text)
    }

    /// - Throws: ``NoteError`` unless the key signed it, under its own name as the origin.
    package func verify(_ key: VerifierKey) throws(NoteError) {
        guard checkpoint.origin.utf8.elementsEqual(key.name.utf8) else {
            throw NoteError(.unverified, "the checkpoint is of another log than \(key.name)")
        }
        try note.verify([key])
    }

    package var text: String { note.description }
}
