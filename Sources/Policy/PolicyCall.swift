package import OrchCore

/// A call that the policy is asked about.
package struct PolicyCall: Sendable {
    /// What is known of the arguments.
    package enum Input: Sendable {
        case arguments(JSONObject)
        /// Of a recorded call: how many Unicode scalars its text arguments had, by their names.
        case lengths([String: Int])
        /// Nothing: the question is what the policy says of the tool.
        case unknown
    }

    package var tool: String
    package var isSafe: Bool
    package var caller: String
    package var agent: String?
    package var input: Input
    package var moment: Timestamp
    /// Whether a receipt is made of the call.
    package var isReceipted: Bool

    package init(
        tool: String, isSafe: Bool, caller: String, agent: String? = nil, input: Input, at moment: Timestamp,
        isReceipted: Bool = true
    ) {
        self.tool = tool
        self.isSafe = isSafe
        self.caller = caller
        self.agent = agent
        self.input = input
        self.moment = moment
        self.isReceipted = isReceipted
    }
}
