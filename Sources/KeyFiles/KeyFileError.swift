import OrchCore

/// A key's file that cannot be used.
package struct KeyFileError: CodedError {
    package let message: String
    package var codeName: String { "key_unusable" }

    package init(_ message: String) {
        self.message = message
    }

    static func readableByOthers(_ setting: String) -> KeyFileError {
        KeyFileError("the file of \(setting) may be read by others: chmod 600 it, and think about who has seen it")
    }
}
