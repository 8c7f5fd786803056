import OrchCore

/// A schema that cannot be compiled: where in it, and why.
package struct SchemaError: CodedError, Hashable {
    /// Such as `parameters.properties.name`.
    package let path: String
    private let problem: String

    init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    package var codeName: String { "invalid_schema" }
    package var message: String { "\(path): \(problem)" }
}
