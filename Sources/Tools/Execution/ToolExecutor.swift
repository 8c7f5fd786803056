package import OrchCore

/// Lets calls of tools in and runs them, for whoever asks: known, arguments, policy; then, once an approval is there where
/// one is needed, sandbox or handler, scrub and cap.
package struct ToolExecutor: Sendable {
    package struct Options: Sendable, Hashable {
        /// Unicode scalars of a result.
        package var maximumOutputCharacters: Int
        /// Whether results show what the policy decided.
        package var showsPolicyDecision: Bool

        package init(maximumOutputCharacters: Int = 4_000, showsPolicyDecision: Bool = false) {
            self.maximumOutputCharacters = maximumOutputCharacters
            self.showsPolicyDecision = showsPolicyDecision
        }
    }

    package let registry: ToolRegistry
    private let sandbox: ToolSandbox
    private let redact: Redact
    private let options: Options
    private let threads: (any TaskExecutor)?
    private let clock: any Clock<Duration>

    /// - Parameter threads: Where tools with a time limit run, since they may keep a thread for themselves; nil: where
    ///   their caller does.
    package init(
        registry: ToolRegistry, sandbox: ToolSandbox = .none, redact: @escaping Redact = { $0 },
        options: Options = Options(), threads: (any TaskExecutor)? = nil,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.registry = registry
        self.sandbox = sandbox
        self.redact = redact
        self.options = options
        self.threads = threads
        self.clock = clock
    }

    // MARK: Letting in

    /// Checks a call as far as its policy. Nothing has run then.
    ///
    /// Its numbers are taken as their canonical text says, which is what approvals are bound to.
    package func admit(_ call: ToolCall, by policy: ToolPolicyCheck) -> ToolAdmission {
        var call = call
        call.arguments = call.arguments.withCanonicalNumbers
        return admit(call, by: policy, clock: clock)
    }

    private func admit(_ call: ToolCall, by policy: ToolPolicyCheck, clock: some Clock<Duration>) -> ToolAdmission {
        let start = clock.now
        let elapsed: @Sendable () -> Duration = { start.duration(to: clock.now) }
        guard let entry = registry.entry(named: call.tool) else {
            let name = shownName(call.tool)
            return .refused(outcome(of: name, .error(.unknownTool(name: name)), Record(call, elapsed)))
        }
        var record = Record(call, elapsed)
        record.tool = entry.tool
        func refused(_ failure: ToolFailure) -> ToolAdmission {
            .refused(outcome(of: entry.tool.name, .error(failure), record))
        }
        if let violation = entry.schema.violation(in: call.arguments) { return refused(.invalidArguments(violation)) }
        guard let arguments = call.arguments.objectValue else {
            return refused(.invalidArguments(ArgumentViolation(path: "args", problem: "must be of type object")))
        }
        record.arguments = arguments
        let (decision, withdraw) = policy.admit(entry.tool, arguments, call)
        record.decision = decision
        guard decision.allowed else { return refused(.policyDenied(decision)) }
        if let failure = sandbox.refusal(entry.tool) {
            withdraw?()
            return refused(failure)
        }
        return .admitted(
            AdmittedCall(
                tool: entry.tool, arguments: arguments, caller: call.caller, agent: call.agent, decision: decision,
                withdraw: withdraw, elapsed: elapsed))
    }

    /// Says that a call that was let in does not run after all; it does not count then.
    package func withdraw(_ call: AdmittedCall) { call.withdraw?() }

    /// Refuses a call that was let in, because of what came after; it does not count then.
    package func refuse(_ call: AdmittedCall, _ failure: ToolFailure) -> ToolOutcome {
        withdraw(call)
        return outcome(of: call.tool.name, .error(failure), Record(call))
    }

    // MARK: Running

    /// Runs a call that was let in and, where it needs an approval, has one. Whatever goes wrong is in the result.
    package func run(_ call: AdmittedCall) async -> ToolOutcome { await run(call, clock: clock) }

    private func run(_ call: AdmittedCall, clock: some Clock<Duration>) async -> ToolOutcome {
        let (tool, arguments, sandbox) = (call.tool, call.arguments, sandbox)
        let work: @Sendable () async throws -> ToolOutput = {
            tool.requiresSandbox ? try await sandbox.run(tool, arguments) : try await tool.handler(arguments)
        }
        do {
            let output =
                // The sandbox watches its own time.
                if let limit = tool.timeout, !tool.requiresSandbox {
                    try await withTaskExecutorPreference(threads) {
                        try await withTimeLimit(limit, clock: clock, work)
                    }
                } else { try await work() }
            let capped = capped(output)
            return outcome(
                of: tool.name, .ok(result: capped.text, truncated: capped.truncated), Record(call, walls: output.walls),
                capped.characters)
        } catch {
            let walls = (error as? SandboxFailure)?.walls
            return outcome(of: tool.name, .error(failure(error)), Record(call, walls: walls))
        }
    }

    /// What is shown of an error: the message of one that is made to be shown, scrubbed and capped; of others nothing.
    private func failure(_ error: any Error) -> ToolFailure {
        switch (error as? SandboxFailure)?.failure ?? error {
        case let failure as ToolFailure:
            switch failure {
            case .failed(let code, let message): return .failed(code: code, message: shown(message))
            case .sandboxFailed(let code, let message?):
                return .sandboxFailed(exitCode: code, message: shown(message))
            default: return failure
            }
        case _ where Task.isCancelled:
            return .cancelled
        case let error as any CodedError:
            return .failed(code: error.codeName, message: shown(error.message))
        default:
            return .failed(code: nil, message: "the tool failed")
        }
    }

    /// The text of an answer, scrubbed and cut; the count of all its scalars; and whether it was cut.
    private func capped(_ output: ToolOutput) -> (text: String, characters: Int, truncated: Bool) {
        guard !output.parts.isEmpty else {
            return OutputCap(maximumCharacters: options.maximumOutputCharacters)
                .apply(to: output.isCalculated ? output.text : redact(output.text))
        }
        var (left, characters, truncated) = (options.maximumOutputCharacters, 0, false)
        var writer = JSONWriter()
        writer.beginObject()
        for part in output.parts {
            let capped = part.text.map { OutputCap(maximumCharacters: left).apply(to: redact($0)) }
            writer.member(part.name, orNull: capped?.text)
            guard let capped else { continue }
            left -= capped.text.unicodeScalars.count
            characters += capped.characters
            truncated = truncated || capped.truncated
        }
        writer.endObject()
        return (String(decoding: writer.bytes, as: UTF8.self), characters, truncated)
    }

    /// A name that is not registered is somebody's text: scrubbed whole, before it is cut.
    private func shownName(_ name: String) -> String? { printable(redact(name)) }

    private func shown(_ message: String) -> String {
        OutputCap(maximumCharacters: options.maximumOutputCharacters).apply(to: redact(message)).text
    }

    // MARK: What became of it

    /// What is known of a call when it ends.
    private struct Record {
        var tool: Tool?
        var arguments: JSONObject?
        var decision: ToolPolicyDecision?
        let agent: String?
        let elapsed: () -> Duration
        var walls: String?

        init(_ call: ToolCall, _ elapsed: @escaping () -> Duration) {
            agent = call.agent
            self.elapsed = elapsed
        }

        init(_ call: AdmittedCall, walls: String? = nil) {
            (tool, arguments, decision) = (call.tool, call.arguments, call.decision)
            agent = call.agent
            elapsed = call.elapsed
            self.walls = walls
        }
    }

    private func outcome(
        of name: String?, _ outcome: ToolResult.Outcome, _ record: Record, _ characters: Int = 0
    ) -> ToolOutcome {
        var failure: ToolFailure?
        var truncated = false
        var approvalReason: String?
        switch outcome {
        case .ok(_, let wasTruncated): truncated = wasTruncated
        case .error(let error):
            failure = error
            if case .approvalRequired(let reason, _) = error { approvalReason = reason }
        }
        let execution = ToolExecution(
            tool: name.flatMap { Tool.isValidName($0) ? $0 : nil },
            status: failure == nil ? .ok : .error,
            error: failure?.word,
            policy: record.decision,
            approvalReason: approvalReason,
            agent: record.agent,
            isSafe: record.tool?.safe,
            inputLengths: record.tool.flatMap { tool in record.arguments.map(tool.lengths) } ?? [:],
            duration: record.elapsed(),
            outputCharacters: characters,
            truncated: truncated,
            sandbox: record.walls,
            sandboxLimit: failure?.sandboxLimit, exitCode: failure?.exitCode)
        let result = ToolResult(
            tool: name, outcome: outcome, policyDecision: options.showsPolicyDecision ? record.decision : nil)
        return ToolOutcome(result: result, execution: execution)
    }
}

extension Tool {
    /// Unicode scalars of each text argument that the schema names. Other names are the caller's own.
    fileprivate func lengths(of arguments: JSONObject) -> [String: Int] {
        guard let properties = parameters.objectValue?["properties"]?.objectValue else { return [:] }
        var lengths: [String: Int] = [:]
        for member in properties.members {
            guard let text = arguments[member.key]?.stringValue else { continue }
            lengths[member.key] = text.unicodeScalars.count
        }
        return lengths
    }
}
