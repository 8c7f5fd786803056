import ArgumentParser
import OrchCore
import OrchReceipts

/// `orch maintain`
struct MaintainCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "maintain",
        abstract: "Delete the contents of traces that are older, or take more room, than the settings allow.",
        discussion: """
            ORCH_RETENTION_DAYS and ORCH_RETENTION_MAX_MB say what is kept; without them nothing goes. Leaves stay, \
            every proof holds, and what was done is itself a leaf. A server does the same once an hour.

            Examples:
              orch maintain --dry-run
              orch maintain
              orch maintain --json
            """)

    @Flag(help: "Only say what would be deleted.")
    var dryRun = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let done = try await workbench.auditBench().keeper().retire(isRehearsal: dryRun)
        let report = MaintainReport(report: done, isRehearsal: dryRun)
        try session.print(json: output.json, report.json, orText: report.text)
    }
}

/// What `orch maintain` says.
struct MaintainReport {
    let report: RetentionReport
    let isRehearsal: Bool

    var text: String {
        guard report.traces > 0, let before = report.before else {
            return "nothing to delete: the database takes \(Self.size(report.bytesBefore))\n"
        }
        let after = report.bytesAfter.map { ", and \(Self.size($0)) now" } ?? ""
        let traces = Measure.count(report.traces, "trace")
        return """
            \(isRehearsal ? "would delete" : "deleted") the contents of \(traces) that began before \(before)
            the database \(isRehearsal ? "takes" : "took") \(Self.size(report.bytesBefore))\(after)
            the leaves stay, and every proof holds

            """
    }

    private static func size(_ bytes: Int) -> String { Measure.bytes(Int64(bytes)) }

    /// `{"dry_run","traces","before","bytes_before","bytes_after"}`; the last one is null for a rehearsal.
    var json: String {
        let value: JSONValue = [
            "dry_run": .bool(isRehearsal), "traces": .integer(report.traces),
            "before": .text(report.before?.description), "bytes_before": .integer(report.bytesBefore),
            "bytes_after": .number(report.bytesAfter),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
