import OrchCore

/// Why nothing ran in the sandbox, or what ran there could not be seen to its end.
package struct SandboxError: CodedError, Hashable {
    /// A stable word for the kind of failure.
    package struct Code: Sendable, Hashable {
        package let name: String

        private init(_ name: String) { self.name = name }

        /// There is no sandbox on this machine, or not one that holds.
        package static let unavailable = Code("sandbox_unavailable")
        /// The program is not in the tools' folder, or cannot be started.
        package static let commandMissing = Code("sandbox_command_missing")
        /// As many programs run and wait as may.
        package static let tooManyRuns = Code("sandbox_too_many_runs")
        /// Whoever asked has gone.
        package static let cancelled = Code("cancelled")
    }

    package let code: Code
    /// What is wrong and what to do about it; it holds nothing of a program's input or output.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var codeName: String { code.name }
}
