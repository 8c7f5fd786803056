import OrchCore

/// An approval or a review that cannot be given, used or read.
package struct ApprovalError: CodedError {
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case unavailable = "approvals_unavailable"
            case unreadable = "stored_request_unreadable"
            case queueFull = "review_queue_full"
            case notFound = "not_found"
            case notPending = "review_not_pending"
            case selfApproval = "self_approval"
            case noOperators = "no_operators"
        }
        private let value: Value
        /// The database did not take the write, or cannot be read.
        package static let unavailable = Code(value: .unavailable)
        /// What is stored does not open under the key at hand.
        package static let unreadable = Code(value: .unreadable)
        package static let queueFull = Code(value: .queueFull)
        package static let notFound = Code(value: .notFound)
        /// The review has been decided, or its time is over.
        package static let notPending = Code(value: .notPending)
        /// Who asks must not be who allows.
        package static let selfApproval = Code(value: .selfApproval)
        /// There is nobody who could allow anything.
        package static let noOperators = Code(value: .noOperators)
        package var name: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?
    package var codeName: String { code.name }

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package static let noSuchReview = ApprovalError(.notFound, "there is no such review, or it is another caller's")
    package static let ownReview = ApprovalError(
        .selfApproval, "who asks cannot decide: another operator must look at this request")
    package static let withoutOperators = ApprovalError(
        .noOperators, "nothing can be approved: set ORCH_OPERATOR_TOKEN, so that there is an operator")

    /// A review that is not to be decided any more.
    package static func isNotPending(_ status: ApprovalStatus) -> ApprovalError {
        ApprovalError(.notPending, "the review is \(status.rawValue): nothing is left to decide")
    }
}
