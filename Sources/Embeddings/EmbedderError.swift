import OrchCore

/// A model that cannot be used, or texts that cannot be embedded.
package struct EmbedderError: CodedError {
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case invalidModel = "invalid_model"
            case unsupportedModel = "unsupported_model"
            case unavailable = "unavailable"
            case inputTooLarge = "input_too_large"
            case queueFull = "queue_full"
            case cancelled = "cancelled"
        }
        private let value: Value
        /// A file of the model breaks its own format, or a bound.
        package static let invalidModel = Code(value: .invalidModel)
        /// The files are sound, but of a model that is not known here.
        package static let unsupportedModel = Code(value: .unsupportedModel)
        /// The model's files are not there, or cannot be read.
        package static let unavailable = Code(value: .unavailable)
        /// A text is longer than is taken.
        package static let inputTooLarge = Code(value: .inputTooLarge)
        /// More texts wait than may.
        package static let queueFull = Code(value: .queueFull)
        /// Whoever asked does not want the answer any more.
        package static let cancelled = Code(value: .cancelled)
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

    static func invalid(_ message: String) -> EmbedderError { EmbedderError(.invalidModel, message) }
    static func unsupported(_ message: String) -> EmbedderError { EmbedderError(.unsupportedModel, message) }
    static var cancelled: EmbedderError { EmbedderError(.cancelled, "the texts are not wanted any more") }
}
