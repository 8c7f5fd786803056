/// Why a call has no result.
package enum ToolFailure: Error, Sendable, Hashable {
    /// The name as far as it can be shown.
    case unknownTool(name: String?)
    case invalidArguments(ArgumentViolation)
    case policyDenied(ToolPolicyDecision)
    /// A stable word for why there is none; and the review that waits for a human, if one does.
    case approvalRequired(reason: String, reviewID: String?)
    case sandboxDisabled
    /// What to change, so that there is one.
    case sandboxUnavailable(String)
    /// The tool is not safe, and is none that runs in the sandbox.
    case sandboxRequired
    case sandboxCommandMissing
    case sandboxTimeout
    /// Which limit: a stable word.
    case sandboxLimit(String)
    /// The program ended with this code; and what it wrote of it last, on standard error.
    case sandboxFailed(exitCode: Int, message: String?)
    case timeout
    /// Whoever asked has gone.
    case cancelled
    /// The tool's own failure; `code` is its stable word.
    case failed(code: String?, message: String)

    /// The stable word, without what belongs to this one call.
    package var word: String {
        switch self {
        case .unknownTool: "unknown_tool"
        case .invalidArguments: "invalid_args"
        case .policyDenied: "policy_denied"
        case .approvalRequired: "approval_required"
        case .sandboxDisabled: "sandbox_disabled"
        case .sandboxUnavailable: "sandbox_unavailable"
        case .sandboxRequired: "sandbox_required"
        case .sandboxCommandMissing: "sandbox_command_missing"
        case .sandboxTimeout: "sandbox_timeout"
        case .sandboxLimit: "sandbox_limit"
        case .sandboxFailed: "sandbox_failed"
        case .timeout: "timeout"
        case .cancelled: "cancelled"
        case .failed: "tool_failed"
        }
    }

    /// The limit at which the sandbox ended it.
    var sandboxLimit: String? {
        if case .sandboxLimit(let which) = self { which } else { nil }
    }

    /// What its program ended with.
    var exitCode: Int? {
        if case .sandboxFailed(let code, _) = self { code } else { nil }
    }

    /// The word as a result shows it.
    package var text: String {
        switch self {
        case .unknownTool(let name): "\(word):\(name ?? "?")"
        case .policyDenied(let decision): "\(word):\(decision.reason)"
        case .sandboxLimit(let which): "\(word):\(which)"
        default: word
        }
    }
}
