package import OrchCore

/// A call as it comes in: nothing of it has been checked.
package struct ToolCall: Sendable {
    package var tool: String
    package var arguments: JSONValue
    /// In whose name it is made.
    package var caller: String
    /// The agent that makes it, if one does.
    package var agent: String?

    package init(_ tool: String, _ arguments: JSONValue, caller: String, agent: String? = nil) {
        self.tool = tool
        self.arguments = arguments
        self.caller = caller
        self.agent = agent
    }
}

/// A call that is known, valid and allowed by the policy. It may need an approval still.
package struct AdmittedCall: Sendable {
    package let tool: Tool
    package let arguments: JSONObject
    package let caller: String
    package let agent: String?
    package let decision: ToolPolicyDecision
    /// Says that the call does not run after all; see ``ToolPolicyCheck``.
    let withdraw: (@Sendable () -> Void)?
    /// Since the call came in.
    let elapsed: @Sendable () -> Duration
}

/// What became of a call: for the caller, and for the receipt.
package struct ToolOutcome: Sendable {
    package let result: ToolResult
    package let execution: ToolExecution
}

/// How far a call has come without an approval.
package enum ToolAdmission: Sendable {
    case admitted(AdmittedCall)
    case refused(ToolOutcome)
}
