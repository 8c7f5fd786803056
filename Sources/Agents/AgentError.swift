import OrchCore

/// An agent that cannot be taken in.
package struct AgentError: CodedError, Equatable {
    package enum Code: String, Sendable {
        case invalidName = "invalid_agent_name"
        case duplicateName = "duplicate_agent_name"
    }

    package let code: Code
    package let reason: String

    package var codeName: String { code.rawValue }
    package var message: String { reason }

    init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
