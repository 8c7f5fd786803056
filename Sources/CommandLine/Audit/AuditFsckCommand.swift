import ArgumentParser
import OrchReceipts
import Synchronization

/// `orch audit fsck`
struct AuditFsckCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck",
        abstract: "Check the whole log: every leaf, tile, checkpoint and stored trace.",
        discussion: """
            The last line is the verdict:
              consistent, unanchored
                  All fits together, and to the key.
              consistent, append-only since size N
                  The same, and the log goes on from the checkpoint of --since.
              NOT CONSISTENT
                  Something was changed; the first bad leaf is named.

            Unanchored means that nothing from outside was looked at. Who owns the machine has the key too, and could \
            have rolled the log back, or written and signed another one. A checkpoint that was kept elsewhere cannot \
            be taken back: with --since it shows that all that it covers is still in the log. Every answer carries \
            one in its receipt, and orch audit checkpoint prints the newest.

            --since takes a file with a signed checkpoint, with an answer's receipt, or with a whole answer. --key \
            takes the verifier key from elsewhere; without it, the keys are those that the database names. Exit status \
            0 only where the log is consistent.

            Examples:
              orch audit fsck
              orch audit fsck --since answer.json
              orch audit fsck --key @log.vkey --since checkpoint.txt
              orch audit fsck --database /backup/trace.db --json
            """)

    @Option(
        help: ArgumentHelp("Check this database, such as a copy, not the program's own.", valueName: "file"),
        completion: .file())
    var database: String?

    @Option(help: ArgumentHelp("The log's verifier key, or @ and a file that holds it.", valueName: "vkey"))
    var key: String?

    @Option(
        help: ArgumentHelp("A file with a checkpoint that was kept elsewhere.", valueName: "file"), completion: .file())
    var since: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let options = AuditBench.CheckOptions(
            databasePath: database, key: try key.map(AuditFile.key), since: try since.map(AuditFile.checkpoint))
        let (_, workbench) = try configuration.workbench(in: session)
        let progress = LeafProgress(on: session.err)
        let found: AuditReport
        do {
            found = try await workbench.auditBench().check(options) { progress.advance(to: $0, of: $1) }
            progress.finish()
        } catch {
            progress.finish()
            throw error
        }
        guard options.since == nil || found.anchor != .none else {
            throw CommandFailure(.internalFault, "the check did not look at the checkpoint of --since")
        }
        let report = FsckReport(report: found)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        if !report.isConsistent { throw ExitCode(ExitStatus.failure.rawValue) }
    }
}

/// The progress of a check that runs elsewhere.
private final class LeafProgress: Sendable {
    private let output: Terminal.Output
    private let line = Mutex<ProgressLine?>(nil)

    init(on output: Terminal.Output) {
        self.output = output
    }

    // A terminal that is gone does not end the check; what it found cannot be printed then, and that is said.
    func advance(to done: Int, of total: Int) {
        line.withLock { line in
            var now = line ?? ProgressLine("of \(total) leaves", on: output)
            try? now.advance(to: done)
            line = now
        }
    }

    func finish() { line.withLock { try? $0?.finish() } }
}
