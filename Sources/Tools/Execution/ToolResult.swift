package import OrchCore

/// What a call answers, as callers and models see it.
package struct ToolResult: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case ok(result: String, truncated: Bool)
        case error(ToolFailure)
    }

    /// The name that was asked for, as far as it can be shown.
    package let tool: String?
    package let outcome: Outcome
    /// Written when callers may see what the policy decided.
    package let policyDecision: ToolPolicyDecision?

    package init(tool: String?, outcome: Outcome, policyDecision: ToolPolicyDecision? = nil) {
        self.tool = tool
        self.outcome = outcome
        self.policyDecision = policyDecision
    }

    package var isError: Bool {
        if case .error = outcome { true } else { false }
    }

    /// Writes the result as one JSON object.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("status", isError ? "error" : "ok")
        writer.member("tool", orNull: tool)
        switch outcome {
        case .ok(let result, let truncated):
            writer.member("result", result)
            if truncated { writer.member("truncated", true) }
        case .error(let failure):
            writer.member("error", failure.text)
            write(failure, to: &writer)
        }
        if let policyDecision {
            writer.key("policy_decision")
            policyDecision.write(to: &writer)
        }
        writer.endObject()
    }

    /// What goes with some failures.
    private func write(_ failure: ToolFailure, to writer: inout JSONWriter) {
        switch failure {
        case .invalidArguments(let violation):
            writer.member("where", violation.path)
            writer.member("message", "\(violation.path) \(violation.problem)")
        case .policyDenied(let decision):
            writer.member("policy_rule", orNull: decision.rule)
        case .approvalRequired(let reason, let reviewID):
            writer.member("approval_reason", reason)
            if let reviewID { writer.member("hitl_request_id", reviewID) }
        case .sandboxUnavailable(let remedy):
            writer.member("message", remedy)
        case .sandboxFailed(let exitCode, let message):
            writer.member("exit_code", exitCode)
            if let message { writer.member("message", message) }
        case .failed(let code, let message):
            if let code { writer.member("code", code) }
            writer.member("message", message)
        default:
            break
        }
    }
}

extension ToolResult {
    /// The result as a text for a person: the output, or what went wrong.
    package var text: String {
        switch outcome {
        case .ok(let result, _): result
        case .error(.failed(_, let message)): "\(tool ?? "The tool") cannot answer: \(message)."
        case .error(.approvalRequired(_, let reviewID?)):
            "\(tool ?? "The tool") waits for a human's approval: review \(reviewID)."
        case .error(let failure): "\(tool ?? "The tool") was not run: \(failure.text)."
        }
    }
}
