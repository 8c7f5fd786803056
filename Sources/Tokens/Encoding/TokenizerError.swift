import OrchCore

/// A vocabulary that cannot be used, or an id that it does not hold.
package struct TokenizerError: CodedError {
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case invalidVocabulary = "invalid_vocabulary"
            case unsupportedVocabulary = "unsupported_vocabulary"
            case unknownToken = "unknown_token"
            case unknownVocabulary = "unknown_vocabulary"
        }
        private let value: Value
        /// The file breaks its own format, or a bound.
        package static let invalidVocabulary = Code(value: .invalidVocabulary)
        /// The file is sound but asks for something whose ids would not be exact.
        package static let unsupportedVocabulary = Code(value: .unsupportedVocabulary)
        /// No vocabulary of this name is installed.
        package static let unknownVocabulary = Code(value: .unknownVocabulary)
        /// No token has this id.
        package static let unknownToken = Code(value: .unknownToken)
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

    static func invalid(_ message: String) -> TokenizerError { TokenizerError(.invalidVocabulary, message) }
    static func unsupported(_ message: String) -> TokenizerError { TokenizerError(.unsupportedVocabulary, message) }
}
