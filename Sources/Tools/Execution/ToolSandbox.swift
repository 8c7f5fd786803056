package import OrchCore

/// Runs a tool in the sandbox; throws a ``ToolFailure`` when it cannot.
package typealias ToolSandbox = @Sendable (_ tool: Tool, _ arguments: JSONObject) async throws -> ToolOutput

/// Where there is no sandbox, nothing that needs one runs.
package let noSandbox: ToolSandbox = { _, _ in throw ToolFailure.sandboxUnavailable }
