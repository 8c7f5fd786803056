import OrchCore

/// Receipts that cannot be written or read.
package struct ReceiptError: CodedError {
    /// What failed. The set may grow.
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case unavailable, queueFull, newerSchema, unreadable, keyMissing, keyDiffers, noSuchTrace
        }
        private let value: Value
        /// The log did not take the write.
        package static let unavailable = Code(value: .unavailable)
        /// More writes wait than the log's queue holds.
        package static let queueFull = Code(value: .queueFull)
        /// The database was made by a newer version of the program.
        package static let newerSchema = Code(value: .newerSchema)
        /// The log has a signing key, and its file is not there.
        package static let keyMissing = Code(value: .keyMissing)
        /// The key in the file is not the log's.
        package static let keyDiffers = Code(value: .keyDiffers)
        /// There is no trace of this identity.
        package static let noSuchTrace = Code(value: .noSuchTrace)
        /// Stored data does not read back.
        package static let unreadable = Code(value: .unreadable)
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?
    package var codeName: String { "receipts_unavailable" }

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}
