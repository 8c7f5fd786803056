import OrchCore

/// Labels that cannot be learnt, or a file of them that cannot be used.
package struct ClassifierError: CodedError {
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case invalidLabels = "invalid_labels"
            case invalidVectors = "invalid_vectors"
            case damaged = "damaged"
            case unsupported = "unsupported"
        }
        private let value: Value
        /// There are none, too many, or two of one id.
        package static let invalidLabels = Code(value: .invalidLabels)
        /// Vectors are missing, of the wrong size, or hold what is no number.
        package static let invalidVectors = Code(value: .invalidVectors)
        /// The bytes are not what was encoded.
        package static let damaged = Code(value: .damaged)
        /// The bytes are of another version.
        package static let unsupported = Code(value: .unsupported)
        package var name: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package var codeName: String { code.name }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static func damaged(_ message: String) -> ClassifierError { ClassifierError(.damaged, message) }
}
