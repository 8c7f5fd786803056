import ArgumentParser
import OrchCore
import OrchReceipts

/// `orch audit verify`
struct AuditVerifyCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Say whether what is stored of a trace is what its receipt binds.",
        discussion: """
            The same verdict as POST /v1/audit/verify. A trace is valid where its steps and metadata hash to its leaf, \
            the leaf is in the signed log, and the policy in force is the trace's. Reasons why it is not:
              not_in_log        no leaf of the signed log is the trace's
              content_mismatch  what is stored was changed
              retired           its contents were deleted on purpose; the rest is proven still
              policy_changed    another policy is in force now, which is no tampering
              policy_missing    no policy is in force, or the trace names none

            Exit status 0 only where all is valid. With --all, a trace whose request is under way counts apart, and \
            is nothing wrong; orch audit fsck also finds what has no trace any more.

            Examples:
              orch audit verify \(TraceArgument.example)
              orch audit verify --all
              orch audit verify --all --json
            """)

    @Argument(help: "The trace's identity.", transform: TraceArgument.identity)
    var trace: TraceID?

    @Flag(help: "Verify every trace.")
    var all = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func validate() throws {
        guard all == (trace == nil) else { throw ValidationError("name a trace, or say --all") }
    }

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let audit = try workbench.auditBench()
        let judge = TraceJudge(reader: try audit.reader(), policy: audit.policy())
        guard let trace else {
            return try await sweep(AuditSweep(traces: try workbench.traceReader(), judge: judge), in: session)
        }
        guard let verdict = try await judge.verdict(on: trace) else {
            throw CommandFailure(.notFound, "there is no such trace")
        }
        let report = VerdictReport(verdict: verdict)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        if !verdict.isValid { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    private func sweep(_ sweep: AuditSweep, in session: Session) async throws {
        var progress = ProgressLine("traces", on: session.err)
        let report = try await sweep.run { try progress.advance(to: $0) }
        try progress.finish()
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        if !report.isValid { throw ExitCode(ExitStatus.failure.rawValue) }
    }
}

/// Judges traces by the program's own log.
struct TraceJudge {
    let reader: any LogReader
    let policy: TraceVerdict.Policy

    /// nil where there is no such trace.
    func verdict(on trace: TraceID) async throws -> TraceVerdict? {
        guard let evidence = try await reader.evidence(of: trace) else { return nil }
        // Read behind the evidence: a key that signed it is among them then.
        return TraceVerdict(trace, evidence, keys: try await reader.keys().map(\.key), policy: policy)
    }
}
