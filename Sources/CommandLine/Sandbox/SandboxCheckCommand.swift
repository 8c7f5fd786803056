import ArgumentParser
import Synchronization

/// `orch sandbox check`
struct SandboxCheckCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what this machine offers to the sandbox, and try to break out of it.",
        discussion: """
            First it looks at each part, and says how to get what is missing. Then it runs the escape battery: every \
            attempt is a program in the sandbox that tries one way out, or uses one thing up. That takes about half a \
            minute. Nothing on the machine is changed, whether an attempt is held or not.

            Exit status 0 where every attempt was held, 1 where one was not, 69 where there is no sandbox.

            Examples:
              orch sandbox check
              orch sandbox check --all
              orch sandbox check --no-battery
              orch sandbox check --json
            """)

    @Flag(name: .customLong("no-battery"), help: "Only look; try nothing.")
    var looksOnly = false

    @Flag(help: "Show every attempt, not only those that were not held.")
    var all = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let bench = try configuration.workbench(in: session).1.sandbox
        let parts = await bench.inspect()
        var report = SandboxCheckReport(parts: parts, expected: bench.attempts)
        if !looksOnly, !report.hasFailedPart { report.attempts = try await battery(bench, session) }
        try session.print(
            json: output.json, report.json, orText: report.text(session.out.palette, all: all, looksOnly: looksOnly))
        if report.hasFailedPart { throw ExitCode(ExitStatus.unavailable.rawValue) }
        if !report.hasHeld { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    private func battery(_ bench: SandboxBench, _ session: Session) async throws -> [SandboxBench.Attempt] {
        let line = Mutex((ProgressLine("of \(bench.attempts) attempts", on: session.err), 0))
        // Also where the battery breaks off: what is said then has a line of its own.
        defer { line.withLock { try? $0.0.finish() } }
        return try await SandboxBench.using {
            try await bench.battery { _ in
                line.withLock { state in
                    state.1 += 1
                    try? state.0.advance(to: state.1)
                }
            }
        }
    }
}
