import Logging
import OrchCommandLine
import OrchConfiguration
import OrchSandbox

extension Program {
    /// What the commands about the sandbox work with.
    func sandboxBench() -> SandboxBench {
        let (sandbox, settings) = (sandbox, sandbox.settings)
        return SandboxBench(
            inspect: { await ToolThreads.run { SandboxInspection(settings).parts().map(Checkup.init) } },
            attempts: EscapeAttempt.all.count,
            battery: { told in
                try await EscapeBattery(settings).run { told(SandboxBench.Attempt($0)) }.map(SandboxBench.Attempt.init)
            },
            run: { script, input in
                SandboxBench.Run(try await sandbox.run(.script(script, input: input)))
            })
    }
}

extension Checkup {
    init(_ part: SandboxInspection.Part) {
        let verdict: Verdict =
            switch part.verdict {
            case .ok: .ok
            case .warning: .warning
            case .failed: .failed
            }
        self.init(part.name, verdict, part.detail, remedy: part.remedy)
    }
}

extension SandboxBench.Attempt {
    fileprivate init(_ result: EscapeBattery.Result) {
        let verdict: Verdict =
            switch result.verdict {
            case .held: .held
            case .escaped: .escaped
            case .broken: .broken
            }
        self.init(
            name: result.attempt.name, group: result.attempt.group.rawValue, what: result.attempt.what,
            verdict: verdict, detail: result.detail)
    }
}

extension SandboxBench.Run {
    fileprivate init(_ run: SandboxRun) {
        var exitCode: Int?
        if case .exited(let code) = run.end { exitCode = code }
        let time = run.duration.components
        self.init(
            output: run.output, errors: run.errors, end: run.end.word, exitCode: exitCode,
            milliseconds: Int(time.seconds) * 1000 + Int(time.attoseconds / 1_000_000_000_000_000),
            peakMemory: run.peakMemory)
    }
}

extension Program {
    /// How often a sandbox that is not there is looked for.
    private static let sandboxInterval = Duration.seconds(60)

    /// Finds out whether there is a sandbox, so that nobody is asked about a call that cannot run.
    func prepareSandbox() async {
        var told: SandboxError?
        while configuration.sandbox.isEnabled, let problem = await sandboxProblem() {
            if problem != told { logger.notice("there is no sandbox", metadata: ["problem": "\(problem.message)"]) }
            told = problem
            guard (try? await Task.sleep(for: Self.sandboxInterval)) != nil else { return }
        }
        while (try? await Task.sleep(for: .seconds(3600))) != nil {}
    }

    private func sandboxProblem() async -> SandboxError? {
        do throws(SandboxError) {
            try await sandbox.prepare()
            logger.info("the sandbox is ready", metadata: ["backend": "\(sandbox.backendName ?? "?")"])
            return nil
        } catch {
            return error
        }
    }
}
