import OrchCore
package import OrchTools

/// The port of tools, on a sandbox.
package struct SandboxedTools: Sendable {
    /// What may run without walls.
    package struct Rules: Sendable, Hashable {
        /// Off: no tool that needs the sandbox runs.
        package var isEnabled: Bool
        /// A tool that is not safe runs in the sandbox or not at all.
        package var isRequired: Bool
        /// Where nothing else forbids it, a tool that says so itself runs without.
        package var fallsBack: Bool

        package init(isEnabled: Bool = true, isRequired: Bool = true, fallsBack: Bool = false) {
            self.isEnabled = isEnabled
            self.isRequired = isRequired
            self.fallsBack = fallsBack
        }

        func permitsFallback(_ tool: Tool) -> Bool { !isRequired && fallsBack && tool.allowUnsandboxed }
    }

    private let sandbox: Sandbox
    private let rules: Rules

    package init(_ sandbox: Sandbox, rules: Rules) {
        self.sandbox = sandbox
        self.rules = rules
    }

    package var port: ToolSandbox {
        ToolSandbox(refusal: refusal, run: run)
    }

    /// What is known of a tool before it is tried.
    @Sendable private func refusal(_ tool: Tool) -> ToolFailure? {
        guard tool.requiresSandbox else { return rules.isRequired && !tool.safe ? .sandboxRequired : nil }
        if rules.permitsFallback(tool) { return nil }
        guard rules.isEnabled else { return .sandboxDisabled }
        return sandbox.knownProblem.map { .sandboxUnavailable($0.message) }
    }

    @Sendable private func run(_ tool: Tool, _ arguments: JSONObject) async throws -> ToolOutput {
        if !rules.isEnabled, !rules.permitsFallback(tool) { throw ToolFailure.sandboxDisabled }
        guard let command = tool.command else {
            // Code of this program's, which says that it wants walls.
            guard rules.permitsFallback(tool) else { throw ToolFailure.sandboxCommandMissing }
            return try await tool.handler(arguments)
        }
        var limits = sandbox.settings.limits
        if let memory = command.memoryLimit { limits.memory = memory << 20 }
        if let timeout = tool.timeout { limits.wallClock = timeout }
        let guest = Guest(command, arguments)
        let run: SandboxRun
        do throws(SandboxError) {
            run = try await self.run(guest, limits, mayFallBack: rules.permitsFallback(tool))
        } catch {
            throw ToolFailure(error)
        }
        do throws(ToolFailure) {
            var output = try Self.output(of: run, command)
            output.walls = run.backend
            return output
        } catch {
            throw SandboxFailure(error, walls: run.backend)
        }
    }

    private func run(
        _ guest: Guest, _ limits: SandboxLimits, mayFallBack: Bool
    ) async throws(SandboxError) -> SandboxRun {
        guard rules.isEnabled else { return try await sandbox.runWithoutWalls(guest, limits) }
        do throws(SandboxError) { return try await sandbox.run(guest, limits: limits) } catch {
            guard error.code == .unavailable, mayFallBack else { throw error }
            return try await sandbox.runWithoutWalls(guest, limits)
        }
    }

    /// Characters of what a program wrote of its failure.
    private static let maximumMessage = 400

    /// What a run answers.
    ///
    /// - Throws: A ``ToolFailure`` where it has no answer.
    private static func output(
        of run: SandboxRun, _ command: SandboxCommand
    ) throws(ToolFailure) -> ToolOutput {
        let output = String(decoding: run.output, as: UTF8.self)
        let errors = String(decoding: run.errors, as: UTF8.self)
        switch run.end {
        case .timeout: throw ToolFailure.sandboxTimeout
        case .limit(let limit): throw ToolFailure.sandboxLimit(limit.rawValue)
        case .exited(let code):
            if case .file = command.program {
                guard code == 0 else { throw failed(code, errors) }
                return ToolOutput(output)
            }
            // What nobody caught is an answer, and no failure of the tool's.
            guard code == 0 || run.failure != nil else { throw failed(code, errors) }
            return ToolOutput(parts: [
                .init("value", run.value), .init("error", run.failure), .init("stdout", output),
                .init("stderr", errors),
            ])
        }
    }

    private static func failed(_ code: Int, _ errors: String) -> ToolFailure {
        let message = String(errors.suffix(maximumMessage).drop { $0.isWhitespace })
        return .sandboxFailed(exitCode: code, message: message.isEmpty ? nil : message)
    }
}

extension Guest {
    /// A call of a tool.
    fileprivate init(_ command: SandboxCommand, _ arguments: JSONObject) {
        switch command.program {
        case .pythonExpression(let name): self = .pythonExpression(arguments[name]?.stringValue ?? "")
        case .pythonCode(let name): self = .pythonCode(arguments[name]?.stringValue ?? "")
        case .file(let path):
            self = .tool(path, words: command.arguments, input: JSONValue.object(arguments).serialized)
        }
    }
}

extension ToolFailure {
    fileprivate init(_ error: SandboxError) {
        switch error.code {
        case .commandMissing: self = .sandboxCommandMissing
        case .cancelled: self = .cancelled
        case .tooManyRuns: self = .failed(code: error.codeName, message: error.message)
        default: self = .sandboxUnavailable(error.message)
        }
    }
}
