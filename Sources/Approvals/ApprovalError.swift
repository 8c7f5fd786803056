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
}
