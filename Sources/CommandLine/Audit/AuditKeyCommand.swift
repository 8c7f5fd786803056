import ArgumentParser
import OrchReceipts

/// `orch audit key`
struct AuditKeyCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Show the log's keys, make the first one, or change to a new one.",
        discussion: """
            The verifier key is public: publish it where readers of receipts find it, away from this machine. The \
            signing key is in the file of ORCH_RECEIPT_SIGNING_KEY_PATH and is a secret. Without a flag the command \
            only shows; its exit status is 1 where the file does not hold the log's newest key.

            --create makes a key for a log that has none, or whose key is lost. A log whose database is its own gets \
            its first key by itself when the server first starts. In place of a lost key, the new one has nobody to \
            vouch for it: tell your readers. orch audit fsck says so too, unless --key gives it the new one.

            --rotate makes a new key, for which the old one signs. Do it from time to time, and at once where someone \
            else may have read the file. The change is a leaf of the log. Stop the server before either flag, and \
            start it again behind it.

            Examples:
              orch audit key
              orch audit key --json
              orch audit key --create
              orch audit key --rotate
            """)

    @Flag(help: "Make a key for a log that has none, or whose key is lost.")
    var create = false

    @Flag(help: "Make a new key, for which the old one signs.")
    var rotate = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func validate() throws {
        guard !create || !rotate else { throw ValidationError("say --create or --rotate, not both") }
    }

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let audit = try workbench.auditBench()
        guard create || rotate else {
            let report = KeyReport(status: try audit.keyStatus())
            try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
            if !report.status.isInOrder { throw ExitCode(ExitStatus.failure.rawValue) }
            return
        }
        if create, try audit.keyStatus().isInOrder {
            throw CommandFailure(.failure, "the log has its key, in order: --rotate changes it")
        }
        let key = rotate ? try await audit.keeper().rotateKey() : try await audit.createKey()
        let report = NewKeyReport(key: key, isRotation: rotate)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}
