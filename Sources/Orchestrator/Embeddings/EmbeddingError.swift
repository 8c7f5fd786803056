import OrchCore

/// Texts that the built-in embedder made no vectors of.
package struct EmbeddingError: CodedError, Equatable {
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case unavailable = "embedder_unavailable"
            case inputTooLarge = "input_too_large"
            case queueFull = "embedding_queue_full"
            case cancelled
        }
        private let value: Value
        /// Its files are not there, or not sound.
        package static let unavailable = Code(value: .unavailable)
        /// A text is longer than is taken, or all are together.
        package static let inputTooLarge = Code(value: .inputTooLarge)
        /// More texts wait than may.
        package static let queueFull = Code(value: .queueFull)
        /// The caller went away.
        package static let cancelled = Code(value: .cancelled)
        package var name: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package var codeName: String { code.name }

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
