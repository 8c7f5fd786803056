import OrchCore

/// Why a set of tools cannot be registered.
package struct ToolError: CodedError, Hashable {
    /// A stable word for the kind of failure.
    package struct Code: Sendable, Hashable {
        package let name: String

        private init(_ name: String) { self.name = name }

        package static let invalidToolName = Code("invalid_tool_name")
        package static let duplicateTool = Code("duplicate_tool")
        package static let invalidSchema = Code("invalid_schema")
        package static let invalidTimeout = Code("invalid_timeout")
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var codeName: String { code.name }
}
