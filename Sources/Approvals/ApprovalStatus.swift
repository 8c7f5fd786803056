/// How far an approval, or a review, has come: pending → approved, denied or expired → claimed → executed, failed or
/// unknown.
package enum ApprovalStatus: String, Sendable, CaseIterable {
    /// A human is to decide.
    case pending
    case approved
    case denied
    /// Nobody decided, or nobody used it, in time.
    case expired
    /// Its one run has begun.
    case claimed
    case executed
    case failed
    /// Its run had begun when the process died: whether it came to anything is not known, and it is never run again.
    case unknown

    /// The ends of a run.
    package enum RunEnd: Sendable {
        case executed, failed

        package var status: ApprovalStatus { self == .executed ? .executed : .failed }
    }
}

/// Why a call that needs an approval has none. A closed set.
package enum ApprovalRefusal: String, Error, CaseIterable {
    /// The call names none.
    case missingApproval = "missing_approval"
    case unknownApproval = "unknown_approval"
    case pending
    case denied
    case alreadyConsumed = "already_consumed"
    case toolMismatch = "tool_mismatch"
    case argumentsHashMismatch = "args_hash_mismatch"
    case expired

    /// What a status means for a call that names the approval; nil where it may be claimed.
    package init?(_ status: ApprovalStatus) {
        switch status {
        case .pending: self = .pending
        case .approved: return nil
        case .denied: self = .denied
        case .expired: self = .expired
        case .claimed, .executed, .failed, .unknown: self = .alreadyConsumed
        }
    }
}
