package import OrchCore

/// The port of the sandbox: where tools run that nobody vouches for.
package struct ToolSandbox: Sendable {
    /// Why a tool cannot run, as far as is known beforehand; nil: it may be tried. Asked before a human is.
    package var refusal: @Sendable (Tool) -> ToolFailure?
    /// Runs a tool; throws a ``ToolFailure`` when it cannot, and a ``SandboxFailure`` when it ran and has no answer.
    package var run: @Sendable (_ tool: Tool, _ arguments: JSONObject) async throws -> ToolOutput

    package init(
        refusal: @escaping @Sendable (Tool) -> ToolFailure? = { _ in nil },
        run: @escaping @Sendable (_ tool: Tool, _ arguments: JSONObject) async throws -> ToolOutput
    ) {
        self.refusal = refusal
        self.run = run
    }

    /// Where there is no sandbox, nothing that needs one runs.
    package static let none = ToolSandbox { _, _ in
        throw ToolFailure.sandboxUnavailable("this program has no sandbox")
    }
}

/// A program that ran, and how it failed.
package struct SandboxFailure: Error, Sendable {
    package let failure: ToolFailure
    /// The word for the walls that it ran in.
    package let walls: String

    package init(_ failure: ToolFailure, walls: String) {
        self.failure = failure
        self.walls = walls
    }
}
