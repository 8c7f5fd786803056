/// A call as a receipt records it: never arguments, never output.
package struct ToolExecution: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable { case ok, error }

    /// Nil if the name asked for is not one that a tool can have.
    package let tool: String?
    package let status: Status
    /// ``ToolFailure/word``.
    package let error: String?
    /// Nil if the call did not get as far as the policy.
    package let policy: ToolPolicyDecision?
    package let approvalReason: String?
    /// The agent that made the call.
    package let agent: String?
    /// Whether the tool is a safe one; nil if there is no such tool.
    package let isSafe: Bool?
    /// Unicode scalars of the text arguments that the tool's schema names, so that the policy's lengths can be checked
    /// again. Empty if the arguments do not fit.
    package let inputLengths: [String: Int]
    package let duration: Duration
    /// Unicode scalars of the scrubbed output, before it was cut.
    package let outputCharacters: Int
    package let truncated: Bool
    /// Of a tool that ran in the sandbox: the word for its walls.
    package let sandbox: String?
    /// The limit at which it was ended there, and the code that its program ended with.
    package let sandboxLimit: String?
    package let exitCode: Int?
}
