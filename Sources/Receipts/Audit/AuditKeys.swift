/// The log's keys as a check knows them, and the checkpoints that they have signed.
struct AuditKeys {
    private let keys: [LogKey]
    /// What is wrong with the keys themselves.
    private(set) var findings: [AuditReport.Finding] = []
    private var goodCheckpoints = 0
    private var badCheckpoints: [AuditReport.Finding] = []
    private var badCheckpointCount = 0

    /// - Parameter outside: A key from outside, which must be the log's, or have led to the one that is.
    init(_ store: any AuditStore, outside: VerifierKey?) throws {
        do { keys = try store.keys() } catch is NoteError {
            keys = []
            findings = [.init(.key, "a key of the log is not in its format")]
            return
        }
        guard !keys.isEmpty else {
            findings = [.init(.key, "the log has no key")]
            return
        }
        let start = outside.flatMap { outside in keys.lastIndex { $0.key == outside } } ?? 0
        if let outside, keys[start].key != outside {
            findings.append(.init(.key, "\(outside.shortName), the key given, is not one of the log's"))
        }
        for (before, after) in zip(keys[start...], keys[start...].dropFirst()) where !Self.isSigned(before, after) {
            findings.append(
                .init(
                    .key, leafIndex: max(0, after.firstSize - 1),
                    "from size \(after.firstSize) on \(after.key.shortName) signs, and the key before it, "
                        + "\(before.key.shortName), did not sign for that"))
        }
    }

    private static func isSigned(_ before: LogKey, _ after: LogKey) -> Bool {
        guard let note = after.note, let signed = try? SignedCheckpoint(parsing: note) else { return false }
        return signed.checkpoint.size == after.firstSize && (try? signed.note.verify([before.key])) != nil
            && (try? signed.note.verify([after.key])) != nil
    }

    /// Whether a checkpoint is signed by any of the keys.
    func haveSigned(_ checkpoint: SignedCheckpoint) -> Bool {
        keys.contains { (try? checkpoint.verify($0.key)) != nil }
    }

    /// Reads a stored checkpoint, and keeps in mind what is wrong with it.
    mutating func read(_ stored: StoredCheckpoint) -> SignedCheckpoint? {
        do throws(NoteError) {
            let signed = try SignedCheckpoint(parsing: stored.note)
            guard signed.checkpoint.size == stored.size else {
                throw NoteError(.malformedCheckpoint, "it is of size \(signed.checkpoint.size)")
            }
            guard let key = keys.last(where: { $0.firstSize <= stored.size })?.key else {
                throw NoteError(.unverified, "no key of the log signs trees of this size")
            }
            try signed.verify(key)
            goodCheckpoints += 1
            return signed
        } catch {
            badCheckpointCount += 1
            if badCheckpoints.count < AuditReport.maximumFindings {
                badCheckpoints.append(
                    .init(.checkpoint, "the checkpoint of size \(stored.size) was changed: \(error.message)"))
            }
            return nil
        }
    }

    /// What is wrong with the checkpoints. Where none at all is signed by the log's key, that is the key's fault.
    var checkpointFindings: [AuditReport.Finding] {
        guard goodCheckpoints == 0, badCheckpointCount > 0, let key = keys.last?.key else { return badCheckpoints }
        return [.init(.key, "none of the checkpoints is signed by \(key.shortName): the key was replaced")]
    }
}
