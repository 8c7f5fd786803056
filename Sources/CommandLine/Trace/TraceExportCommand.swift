import ArgumentParser
import OrchCore
import OrchReceipts
import SystemPackage

/// `orch trace export`
struct TraceExportCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write traces with their steps as lines of JSON, the newest first.",
        discussion: """
            A file stands in its place only once it is whole, readable for its owner alone (mode 0600). Traces that \
            begin while the export runs are not in it.

            Examples:
              orch trace export --out traces.jsonl
              orch trace export --since 2026-01-31T00:00:00Z --out january.jsonl
              orch trace export | grep '"status":"failed"'
            """)

    @Option(help: ArgumentHelp("Write to this file, not to standard output.", valueName: "file"), completion: .file())
    var out: String?

    @Option(
        help: ArgumentHelp("Only traces from this moment on (RFC 3339, or a day in UTC).", valueName: "time"),
        transform: Self.moment)
    var since: Timestamp?

    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let export = TraceExport(reader: try workbench.traceReader(), since: since)
        var progress = ProgressLine("traces", on: session.err)
        guard let out else {
            try await export.run { line, count in
                try session.out.write(Visible.json(line) + "\n")
                try progress.advance(to: count)
            }
            return try progress.finish()
        }
        var total = 0
        try await AtomicFile.write(to: FilePath(out), permissions: .ownerReadWrite) { descriptor in
            try await export.run { line, count in
                try AtomicFile.attempt { _ = try descriptor.writeAll((line + "\n").utf8) }
                try progress.advance(to: count)
                total = count
            }
        }
        try progress.finish()
        try session.err.write("exported \(Measure.count(total, "trace"))\n")
    }

    private static func moment(_ text: String) throws -> Timestamp {
        guard let moment = RFC3339.timestamp(text) else {
            throw ValidationError("a time is written as 2026-01-31T12:00:00Z, 2026-01-31T12:00:00+01:00 or 2026-01-31")
        }
        return moment
    }
}
