package import OrchCore

/// What evidence says of a trace.
package struct TraceVerdict: Sendable {
    /// Why a trace is not valid, or that it is. A closed set.
    package enum Reason: String, Sendable, CaseIterable {
        case verified
        /// No leaf names the trace, or the leaf is not in the signed tree.
        case notInLog = "not_in_log"
        /// What is stored is not what was bound.
        case contentMismatch = "content_mismatch"
        /// The contents were deleted, as retention or an erasure does; the rest is proven still.
        case retired
        /// Another policy is in force now. That is no tampering.
        case policyChanged = "policy_changed"
        /// No policy is in force, or the trace names none.
        case policyMissing = "policy_missing"
    }

    /// The policy that decides, as it is now.
    package struct Policy: Sendable {
        /// nil where none is in force.
        package var hash: String?
        /// The file that it comes from.
        package var path: String
        package var isEnforced: Bool

        package init(hash: String?, path: String, isEnforced: Bool) {
            self.hash = hash
            self.path = path
            self.isEnforced = isEnforced
        }
    }

    /// The pin in which a trace names its policy.
    package static let policyPin = "tool_policy"

    package let traceID: TraceID
    package let reason: Reason
    package let policy: Policy
    /// The policy's hash that the trace pins; nil where there is none.
    package let tracePolicyHash: String?
    /// How many of its steps tell of policy.
    package let policySteps: Int
    /// nil where no leaf names the trace.
    package let log: TraceEvidence.InLog?
    package let isIncluded: Bool
    package let content: ContentVerdict

    package var isValid: Bool { reason == .verified }

    /// Judges a trace.
    ///
    /// - Parameter keys: The log's keys, of which one must have signed the checkpoint.
    package init(_ traceID: TraceID, _ evidence: TraceEvidence, keys: [VerifierKey], policy: Policy) {
        self.traceID = traceID
        self.policy = policy
        log = evidence.log
        let leaf = evidence.log.flatMap { try? Leaf(parsing: $0.leaf) }
        content = leaf?.check(evidence.stored) ?? .mismatch("its leaf is not in its format")
        isIncluded = evidence.log.map { Self.isIncluded($0, keys) } ?? false
        tracePolicyHash = leaf.flatMap { try? JSONValue(parsing: $0.pins).objectValue?[Self.policyPin]?.stringValue }
        policySteps = leaf?.steps.count { $0.type == StepType.policySnapshot.rawValue } ?? 0
        reason =
            if evidence.log == nil || leaf != nil && !isIncluded {
                .notInLog
            } else {
                switch content {
                case .mismatch: .contentMismatch
                case .retired: .retired
                case .verified: Self.reason(tracePolicyHash, policy.hash)
                }
            }
    }

    private static func isIncluded(_ log: TraceEvidence.InLog, _ keys: [VerifierKey]) -> Bool {
        let head = log.checkpoint.checkpoint
        return keys.contains { key in (try? log.checkpoint.verify(key)) != nil }
            && MerkleProof.verifyInclusion(
                of: .leaf(log.leaf), at: log.index, treeSize: head.size, root: head.root, proof: log.proof)
    }

    private static func reason(_ trace: String?, _ current: String?) -> Reason {
        guard let trace, let current else { return .policyMissing }
        return trace == current ? .verified : .policyChanged
    }
}
