import OrchCore

/// Runs every attempt of the battery in the sandbox, one run each, and judges it from both sides of the wall.
package struct EscapeBattery: Sendable {
    package struct Result: Sendable, Hashable {
        package enum Verdict: String, Sendable {
            case held, escaped
            /// It could not be made, or ended otherwise than it should: it proves nothing.
            case broken
        }

        package let attempt: EscapeAttempt
        package let verdict: Verdict
        /// How it was refused, or what it got.
        package let detail: String
    }

    /// Small, so that what is used up is used up soon.
    static let limits = SandboxLimits(
        wallClock: .seconds(4), memory: 128 << 20, cpuShare: 0.5, processes: 32, openFiles: 64, fileSize: 4 << 20,
        temporaryFolder: 16 << 20, output: 256 << 10)

    private let canaries: Canaries
    private let sandbox: Sandbox

    /// For a process that does nothing else: a variable is put into its environment.
    ///
    /// - Parameter settings: Those of the sandbox; its own limits and tool folder are not used.
    package init(_ settings: Sandbox.Settings) throws(SandboxError) {
        try self.init(settings, machine: Machine(), plantsVariable: true)
    }

    init(_ settings: Sandbox.Settings, machine: Machine, plantsVariable: Bool) throws(SandboxError) {
        canaries = try Canaries(plantsVariable: plantsVariable)
        var settings = settings
        settings.toolFolder = canaries.toolFolder
        settings.limits = Self.limits
        sandbox = Sandbox(settings, machine: machine)
    }

    /// - Parameter told: Told after each attempt.
    /// - Throws: ``SandboxError`` where there is no sandbox.
    package func run(
        _ attempts: [EscapeAttempt] = EscapeAttempt.all, told: @Sendable (Result) -> Void = { _ in }
    ) async throws(SandboxError) -> [Result] {
        var results: [Result] = []
        _ = canaries.wereReached()
        for attempt in attempts {
            let script = Array(attempt.program(canaries.fixture).utf8)
            let run = try await sandbox.run(.script(script, input: []))
            let result = judge(attempt, run)
            told(result)
            results.append(result)
        }
        return results
    }

    private func judge(_ attempt: EscapeAttempt, _ run: SandboxRun) -> Result {
        let report = AttemptReport(of: attempt, in: run.output)
        func result(_ verdict: Result.Verdict, _ detail: String) -> Result {
            Result(attempt: attempt, verdict: verdict, detail: detail)
        }
        if canaries.wereReached() { return result(.escaped, "it reached a socket of the host's") }
        let canary = Array(canaries.text.utf8)
        if run.output.contains(canary) || run.errors.contains(canary) {
            return result(.escaped, "it read what stands on the host")
        }
        if let report, report.outcome == .escaped { return result(.escaped, report.detail) }
        let isAlone = sandbox.isGrouped == false
        if isAlone, let report, report.outcome == .broken, report.detail.contains("EAGAIN") {
            return result(.held, "it may have no second process")
        }
        switch attempt.expectation {
        case .held:
            guard let report else { return result(.broken, "it ended without a report: \(run.end.word)") }
            return result(report.outcome == .held ? .held : .broken, report.detail)
        case .killed:
            if let report { return result(report.outcome == .held ? .held : .broken, report.detail) }
            guard case .exited(let code) = run.end, code > 128 else {
                return result(.broken, "it ended without a report: \(run.end.word)")
            }
            return result(.held, "killed by signal \(code - 128)")
        case .ends(var words):
            // One process that may have no other ends by that, or goes on until its time is over.
            if isAlone { words.formUnion(["processes", "timeout"]) }
            let word = words.contains(run.end.word) ? run.end.word : report?.limit ?? run.end.word
            return result(words.contains(word) ? .held : .broken, "ended by \(word)")
        }
    }
}
