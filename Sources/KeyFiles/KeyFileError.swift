import OrchCore

/// A key's file that cannot be used.
package struct KeyFileError: CodedError {
    package let message: String
    package var codeName: String { "key_unusable" }

    package init(_ message: String) {
        self.message = message
    }

    static let readableByOthers = KeyFileError(
        "the file of ORCH_RECEIPT_SIGNING_KEY_PATH may be read by others: chmod 600 it, and think about who has seen it"
    )
}
