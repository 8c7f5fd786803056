import ArgumentParser
import OrchCore
import OrchReceipts

/// `orch trace list`
struct TraceListCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List traces, the newest first.",
        discussion: """
            Examples:
              orch trace list
              orch trace list --limit 100 --json
              orch trace list --before \(TraceArgument.example)
            """)

    static let maximumLimit = 1000

    @Option(help: ArgumentHelp("How many, at most \(Self.maximumLimit).", valueName: "n"))
    var limit = 20

    @Option(
        help: ArgumentHelp("Only traces older than this one: the last of the page before.", valueName: "id"),
        transform: TraceArgument.identity)
    var before: TraceID?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func validate() throws {
        guard (1...Self.maximumLimit).contains(limit) else {
            throw ValidationError("--limit is from 1 to \(Self.maximumLimit)")
        }
    }

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let traces = try await workbench.traceReader().traces(limit: limit, before: before)
        let report = TraceListReport(traces: traces, isFull: traces.count == limit)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}

/// What `orch trace list` says.
struct TraceListReport {
    let traces: [Trace]
    /// Whether there may be more.
    let isFull: Bool

    func text(_ palette: Palette) -> String {
        guard !traces.isEmpty else { return "There are no traces.\n" }
        let rows = traces.map { trace -> [Table.Cell] in
            let status = trace.metadata["status"]?.plainText ?? "-"
            return [
                Table.Cell(trace.id.description), Table.Cell(trace.createdAt.description),
                Table.Cell(trace.metadata["route"]?.plainText ?? "-"),
                Table.Cell(trace.metadata["caller"]?.plainText ?? "-"), Table.Cell(status, Self.colour(status)),
            ]
        }
        let table = Table(["TRACE", "CREATED", "ROUTE", "CALLER", "STATUS"], rows).text(palette)
        guard isFull, let last = traces.last else { return table }
        return table + "\nOlder ones: orch trace list --before \(last.id)\n"
    }

    static func colour(_ status: String) -> Palette.Colour? {
        switch status {
        case TraceStatus.ok.rawValue: .green
        case TraceStatus.failed.rawValue, TraceStatus.processDied.rawValue: .red
        default: .yellow
        }
    }

    /// `{"traces":[{"id","created_at","metadata"}],"next_before"}`
    var json: String {
        let value: JSONValue = [
            "traces": .array(
                traces.map { trace in
                    [
                        "id": .string(trace.id.description), "created_at": .string(trace.createdAt.description),
                        "metadata": .object(trace.metadata),
                    ]
                }),
            "next_before": isFull ? traces.last.map { .string($0.id.description) } ?? .null : .null,
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
