package import OrchCore

/// Whether an unsafe tool may run with given arguments.
package enum ToolApproval: Sendable, Hashable {
    case approved
    case required(Reason)

    /// Why there is no valid approval.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        case missingApproval = "missing_approval"
        case unknownApproval = "unknown_approval"
        case pending
        case denied
        case alreadyConsumed = "already_consumed"
        case toolMismatch = "tool_mismatch"
        case argumentsHashMismatch = "args_hash_mismatch"
        case expired
    }
}

/// Looks for an approval of a call, by the token that came with it; asked for unsafe tools only.
package typealias ToolApprovalCheck =
    @Sendable (_ tool: Tool, _ arguments: JSONObject, _ token: String?) async -> ToolApproval

/// Where no approvals are kept, nothing is approved.
package let noApprovals: ToolApprovalCheck = { _, _, _ in .required(.missingApproval) }

/// Runs a tool in the sandbox; throws a ``ToolFailure`` when it cannot.
package typealias ToolSandbox = @Sendable (_ tool: Tool, _ arguments: JSONObject) async throws -> ToolOutput

/// Where there is no sandbox, nothing that needs one runs.
package let noSandbox: ToolSandbox = { _, _ in throw ToolFailure.sandboxUnavailable }
