package import OrchCore

/// Runs tools for whoever asks, always in the same order: known, arguments, policy, approval, sandbox or handler,
/// scrub and cap.
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
    /// What the policy says; also for listings.
    package let policy: ToolPolicyCheck
    private let approval: ToolApprovalCheck
    private let sandbox: ToolSandbox
    private let redact: Redact
    private let options: Options
    private let clock: any Clock<Duration>

    package init(
        registry: ToolRegistry,
        policy: @escaping ToolPolicyCheck,
        approval: @escaping ToolApprovalCheck = noApprovals,
        sandbox: @escaping ToolSandbox = noSandbox,
        redact: @escaping Redact = { $0 },
        options: Options = Options(),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.registry = registry
        self.policy = policy
        self.approval = approval
        self.sandbox = sandbox
        self.redact = redact
        self.options = options
        self.clock = clock
    }

    /// Runs a tool. Whatever goes wrong is in the result; nothing is thrown.
    ///
    /// - Parameter approvalToken: the caller's claim to an approval, if it has one.
    package func execute(
        _ name: String, arguments: JSONValue, approvalToken: String? = nil
    ) async -> (result: ToolResult, execution: ToolExecution) {
        await execute(name, arguments, approvalToken, clock: clock)
    }

    private func execute(
        _ name: String, _ arguments: JSONValue, _ approvalToken: String?, clock: some Clock<Duration>
    ) async -> (result: ToolResult, execution: ToolExecution) {
        let start = clock.now
        var decision: ToolPolicyDecision?
        let outcome: ToolResult.Outcome
        var characters = 0
        do {
            let output = try await output(of: name, arguments, approvalToken, &decision)
            let capped = OutputCap(maximumCharacters: options.maximumOutputCharacters)
                .apply(to: output.isCalculated ? output.text : redact(output.text))
            characters = capped.characters
            outcome = .ok(result: capped.text, truncated: capped.truncated)
        } catch {
            outcome = .error(failure(error))
        }
        let tool = shownName(name)
        let result = ToolResult(
            tool: tool, outcome: outcome, policyDecision: options.showsPolicyDecision ? decision : nil)
        let duration = start.duration(to: clock.now)
        return (result, execution(tool, outcome, decision, duration, characters))
    }

    /// The steps up to the tool's own output.
    private func output(
        of name: String, _ arguments: JSONValue, _ approvalToken: String?, _ decision: inout ToolPolicyDecision?
    ) async throws -> ToolOutput {
        guard let entry = registry.entry(named: name) else {
            throw ToolFailure.unknownTool(name: shownName(name))
        }
        let tool = entry.tool
        if let violation = entry.schema.violation(in: arguments) { throw ToolFailure.invalidArguments(violation) }
        guard let object = arguments.objectValue else {
            throw ToolFailure.invalidArguments(ArgumentViolation(path: "args", problem: "must be of type object"))
        }
        let verdict = policy(tool, object)
        decision = verdict
        guard verdict.allowed else { throw ToolFailure.policyDenied(verdict) }
        if !tool.safe, case .required(let reason) = await approval(tool, object, approvalToken) {
            throw ToolFailure.approvalRequired(reason)
        }
        let (sandbox, handler) = (sandbox, tool.handler)
        return try await withTimeLimit(tool.timeout, clock: clock) {
            tool.requiresSandbox ? try await sandbox(tool, object) : try await handler(object)
        }
    }

    /// What is shown of an error: the message of one that is made to be shown, scrubbed and capped; of others nothing.
    private func failure(_ error: any Error) -> ToolFailure {
        switch error {
        case let failure as ToolFailure:
            guard case .failed(let code, let message) = failure else { return failure }
            return .failed(code: code, message: shown(message))
        case _ where Task.isCancelled:
            return .cancelled
        case let error as any CodedError:
            return .failed(code: error.codeName, message: shown(error.message))
        default:
            return .failed(code: nil, message: "the tool failed")
        }
    }

    /// A name that is not registered is somebody's text: scrubbed whole, before it is cut.
    private func shownName(_ name: String) -> String? {
        registry.tool(named: name)?.name ?? printable(redact(name))
    }

    private func shown(_ message: String) -> String {
        OutputCap(maximumCharacters: options.maximumOutputCharacters).apply(to: redact(message)).text
    }

    private func execution(
        _ tool: String?, _ outcome: ToolResult.Outcome, _ decision: ToolPolicyDecision?, _ duration: Duration,
        _ characters: Int
    ) -> ToolExecution {
        var failure: ToolFailure?
        var truncated = false
        var approvalReason: String?
        switch outcome {
        case .ok(_, let wasTruncated): truncated = wasTruncated
        case .error(let error):
            failure = error
            if case .approvalRequired(let reason) = error { approvalReason = reason.rawValue }
        }
        return ToolExecution(
            tool: tool.flatMap { Tool.isValidName($0) ? $0 : nil },
            status: failure == nil ? .ok : .error,
            error: failure?.word,
            policyReason: decision?.reason,
            policyRule: decision?.rule,
            approvalReason: approvalReason,
            duration: duration,
            outputCharacters: characters,
            truncated: truncated)
    }
}
