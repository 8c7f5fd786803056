import OrchCore

/// What a bundle shows, each thing by itself.
package struct BundleCheck: Sendable, Equatable {
    /// What came of a content that was handed in.
    package enum Opening: String, Sendable, CaseIterable {
        /// It is what the leaf binds.
        case matches
        case differs
        /// The bundle has no salt for it, so nothing can be said.
        case noSalt = "no_salt"
        /// The leaf binds no content of this name.
        case notBound = "not_bound"
    }

    /// Whether the leaf is in the tree of the bundle's checkpoint.
    package let isLeafInLog: Bool
    /// Why the checkpoint is not the key's; nil where it is.
    package let signatureFault: NoteError?
    package let content: ContentVerdict
    package let openings: [Commitment.Name: Opening]

    package var isCheckpointSigned: Bool { signatureFault == nil }

    /// Whether nothing is wrong. Of a trace whose contents were deleted, the leaf alone is shown.
    package var holds: Bool {
        if case .mismatch = content { return false }
        return isLeafInLog && isCheckpointSigned && openings.values.allSatisfy { $0 == .matches }
    }
}

extension ReceiptBundle {
    /// Checks all that can be checked with a key. Nothing that the file says of itself is believed.
    ///
    /// - Parameters:
    ///   - key: The log's, from elsewhere than the file.
    ///   - contents: What the holder has of request and answer, byte for byte.
    package func check(key: VerifierKey, contents: [Commitment.Name: [UInt8]] = [:]) -> BundleCheck {
        let head = proof.checkpoint.checkpoint
        return BundleCheck(
            isLeafInLog: MerkleProof.verifyInclusion(
                of: .leaf(leaf.canonical), at: proof.index, treeSize: head.size, root: head.root, proof: proof.hashes),
            signatureFault: signatureFault(key), content: checkContent(),
            openings: Dictionary(uniqueKeysWithValues: contents.map { ($0, open($0, $1)) }))
    }

    private func signatureFault(_ key: VerifierKey) -> NoteError? {
        do throws(NoteError) {
            try proof.checkpoint.verify(key)
            return nil
        } catch {
            return error
        }
    }

    /// ``Leaf/check(_:)`` for a file: there are no rows whose keys could be wrong, and no salt but the contents' own.
    private func checkContent() -> ContentVerdict {
        guard traceID.description.utf8.elementsEqual(leaf.traceID.utf8) else {
            return .mismatch("trace.id is another trace's")
        }
        guard createdAt.utf8.elementsEqual(leaf.openedAt.utf8) else { return .mismatch("trace.created_at was changed") }
        if steps.isEmpty, salts.isEmpty {
            let retirement = Retirement.allCases.first {
                metadata == $0.metadata(status: leaf.status, closedAt: leaf.closedAt)
            }
            if let retirement { return .retired(retirement) }
        }
        for (place, (step, bound)) in zip(steps, leaf.steps).enumerated() {
            if let fault = Self.fault(of: step, bound) {
                return .mismatch("steps[\(place)] (\(bound.type)): \(fault)")
            }
        }
        guard steps.count == leaf.steps.count else {
            return .mismatch("there are \(steps.count) steps, and the leaf binds \(leaf.steps.count)")
        }
        return switch open(.metadata, metadata) {
        case .matches: .verified
        case .differs: .mismatch("trace.metadata or salts.metadata was changed")
        case .noSalt: .mismatch("salts.metadata is missing")
        case .notBound: .mismatch("the leaf does not bind trace.metadata")
        }
    }

    private static func fault(of step: Step, _ bound: Leaf.Step) -> String? {
        guard step.type.utf8.elementsEqual(bound.type.utf8) else { return "step_type was changed" }
        guard step.createdAt.utf8.elementsEqual(bound.at.utf8) else { return "created_at was changed" }
        return step.hash == bound.hash ? nil : "payload was changed"
    }

    /// Holds a content against its commitment.
    private func open(_ name: Commitment.Name, _ content: [UInt8]) -> BundleCheck.Opening {
        guard let bound = leaf.commitments.first(where: { $0.name == name.rawValue })?.hash else { return .notBound }
        guard let salt = salts[name] else { return .noSalt }
        return salt.withUnsafeBytes { MerkleHash.sha256($0, suffix: content) } == bound ? .matches : .differs
    }
}
