import ArgumentParser
import OrchReceipts

/// `orch audit check-bundle`
struct AuditCheckBundleCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "check-bundle",
        abstract: "Check a receipt bundle with nothing but the log's verifier key.",
        discussion: """
            Needs no server, no database, no configuration and no network. The key never comes from the file: get it \
            from where the log's operator publishes it.

            --request and --answer say whether a text is the one that the receipt binds. The files must hold its bytes \
            and nothing else: the body of the request as it was sent, the text of the answer without a line feed \
            behind it. The bundle must have been made with --with-salts.

            Content that is retired was deleted by the log's operator: the leaf is proven, and nothing more is shown. \
            Exit status 0 only where all holds, 1 where something does not, 65 where a file is not in its format.

            Examples:
              orch audit check-bundle receipt.json --key example.com/receipts+e5f1f95d+AddamAGC...
              orch audit check-bundle receipt.json --key @log.vkey
              orch audit check-bundle receipt.json --key @log.vkey --answer answer.txt --json
            """)

    @Argument(help: "The bundle.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The log's verifier key, or @ and a file that holds it.", valueName: "vkey"))
    var key: String

    @Option(
        help: ArgumentHelp("A request's body, to hold against the receipt.", valueName: "file"), completion: .file())
    var request: String?

    @Option(
        help: ArgumentHelp("An answer's text, to hold against the receipt.", valueName: "file"), completion: .file())
    var answer: String?

    @OptionGroup var output: OutputOptions

    func run(in session: Session) async throws {
        let key = try AuditFile.key(key)
        let bytes = try AuditFile.contents(of: file, "the bundle", maximumBytes: ReceiptBundle.maximumBytes)
        var contents: [Commitment.Name: [UInt8]] = [:]
        contents[.request] = try request.map { try AuditFile.contents(of: $0, "the file of --request") }
        contents[.answer] = try answer.map { try AuditFile.contents(of: $0, "the file of --answer") }
        let bundle: ReceiptBundle
        do throws(BundleError) { bundle = try ReceiptBundle(parsing: bytes) } catch {
            throw CommandFailure(.malformedData, error.message)
        }
        let report = BundleReport(bundle: bundle, check: bundle.check(key: key, contents: contents))
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        if !report.check.holds { throw ExitCode(ExitStatus.failure.rawValue) }
    }
}
