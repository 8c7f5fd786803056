package import OrchCore

/// The port of the sandbox: where tools run that nobody vouches for.
package struct ToolSandbox: Sendable {
    /// Why a tool cannot run, as far as is known beforehand; nil: it may be tried. Asked before a human is.
    package var refusal: @Sendable (Tool) -> ToolFailure?
    /// Runs a tool; throws a ``ToolFailure`` when it cannot.
    package var run: @Sendable (_ tool: Tool, _ arguments: JSONObject) async throws -> ToolOutput
    /// The word for the walls in use, for receipts; nil where there are none.
    package var walls: @Sendable () -> String?

    package init(
        refusal: @escaping @Sendable (Tool) -> ToolFailure? = { _ in nil },
        walls: @escaping @Sendable () -> String? = { nil },
        run: @escaping @Sendable (_ tool: Tool, _ arguments: JSONObject) async throws -> ToolOutput
    ) {
        self.refusal = refusal
        self.walls = walls
        self.run = run
    }

    /// Where there is no sandbox, nothing that needs one runs.
    package static let none = ToolSandbox { _, _ in
        throw ToolFailure.sandboxUnavailable("this program has no sandbox")
    }
}
