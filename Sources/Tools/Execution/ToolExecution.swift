/// A call as a receipt records it: never arguments, never output.
package struct ToolExecution: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable { case ok, error }

    /// Nil if the name asked for is not one that a tool can have.
    package let tool: String?
    package let status: Status
    /// ``ToolFailure/word``.
    package let error: String?
    /// Nil if the call did not get as far as the policy.
    package let policyReason: String?
    package let policyRule: String?
    package let approvalReason: String?
    package let duration: Duration
    /// Unicode scalars of the scrubbed output, before it was cut.
    package let outputCharacters: Int
    package let truncated: Bool
}
