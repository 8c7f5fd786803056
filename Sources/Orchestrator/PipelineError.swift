import OrchCore

/// A request that the pipeline does not take.
package struct PipelineError: CodedError, Equatable {
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case invalidJSON = "invalid_json"
            case invalidType = "invalid_type"
            case invalidValue = "invalid_value"
            case missingParameter = "missing_required_parameter"
            case tooManyMessages = "too_many_messages"
            case emptyArray = "empty_array"
            case emptyString = "empty_string"
            case arrayTooLong = "array_above_max_length"
            case modelNotFound = "model_not_found"
            case notFound = "not_found"
            case operatorRequired = "operator_required"
            case contextLengthExceeded = "context_length_exceeded"
        }
        private let value: Value
        package static let invalidJSON = Code(value: .invalidJSON)
        package static let invalidType = Code(value: .invalidType)
        package static let invalidValue = Code(value: .invalidValue)
        package static let missingParameter = Code(value: .missingParameter)
        package static let tooManyMessages = Code(value: .tooManyMessages)
        package static let emptyArray = Code(value: .emptyArray)
        package static let emptyString = Code(value: .emptyString)
        package static let arrayTooLong = Code(value: .arrayTooLong)
        package static let modelNotFound = Code(value: .modelNotFound)
        package static let notFound = Code(value: .notFound)
        package static let operatorRequired = Code(value: .operatorRequired)
        package static let contextLengthExceeded = Code(value: .contextLengthExceeded)
        package var name: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    /// The path of the field at fault, such as `messages[2].content`.
    package let parameter: String?
    package var codeName: String { code.name }

    package init(_ code: Code, _ message: String, parameter: String? = nil) {
        self.code = code
        self.message = message
        self.parameter = parameter
    }

    static func wrongType(_ path: String, expected: String, found: JSONKind) -> PipelineError {
        PipelineError(.invalidType, "\(path) must be \(expected), not \(found.phrase)", parameter: path)
    }

    static func missing(_ path: String) -> PipelineError {
        PipelineError(.missingParameter, "\(path) is required", parameter: path)
    }
}
