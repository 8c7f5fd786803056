import ArgumentParser
import OrchCore
import OrchReceipts
import SystemPackage

/// `orch audit bundle`
struct AuditBundleCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Put a trace, its leaf, its proof and the signed checkpoint into one file.",
        discussion: """
            Who has the file and the log's verifier key checks it by orch audit check-bundle, without this machine. \
            The file is JSON, holds what orch trace show prints, and no request and no answer. It stands in its place \
            only once it is whole, readable for its owner alone (mode 0600).

            --with-salts adds what is needed to show that a request or an answer was the trace's. Give it only to who \
            may know them: the holder of a salt can test guesses.

            Examples:
              orch audit bundle \(TraceArgument.example)
              orch audit bundle \(TraceArgument.example) --out receipt.json
              orch audit bundle \(TraceArgument.example) --out receipt.json --with-salts
            """)

    @Argument(help: "The trace's identity.", transform: TraceArgument.identity)
    var trace: TraceID

    @Option(help: ArgumentHelp("Write to this file, not to standard output.", valueName: "file"), completion: .file())
    var out: String?

    @Flag(help: "Add the salts of request and answer.")
    var withSalts = false

    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        guard let evidence = try await workbench.auditBench().reader().evidence(of: trace) else {
            throw CommandFailure(.notFound, "there is no such trace")
        }
        let bytes = try ReceiptBundle(evidence, withSalts: withSalts).bytes
        guard let out else { return try session.out.write(Visible.json(String(decoding: bytes, as: UTF8.self))) }
        try await AtomicFile.write(to: FilePath(out), permissions: .ownerReadWrite) { descriptor in
            try AtomicFile.attempt { _ = try descriptor.writeAll(bytes) }
        }
        try session.err.write("wrote the bundle of trace \(trace)\n")
    }
}
