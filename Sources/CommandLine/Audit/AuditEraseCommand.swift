import ArgumentParser
import OrchCore
import OrchReceipts

/// `orch audit erase`
struct AuditEraseCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Delete what is kept of a trace, for good; its leaf stays, and every proof holds.",
        discussion: """
            Deletes the trace's steps, its metadata and its salt, so that the hashes in its leaf say nothing any more. \
            The erasure is itself a leaf. Without --yes nothing is deleted, and the command says what would be (exit \
            status 64).

            Backups elsewhere are the operator's to delete; databases beside this one that still hold the trace are \
            named.

            Examples:
              orch audit erase \(TraceArgument.example)
              orch audit erase \(TraceArgument.example) --yes
            """)

    @Argument(help: "The trace's identity.", transform: TraceArgument.identity)
    var trace: TraceID

    @Flag(help: "Delete it.")
    var yes = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let audit = try workbench.auditBench()
        guard let evidence = try await audit.reader().evidence(of: trace) else {
            throw CommandFailure(.notFound, "there is no such trace")
        }
        guard let log = evidence.log else {
            throw CommandFailure(.failure, "the trace has no leaf in the log yet: erase it when its request has ended")
        }
        guard yes else {
            throw CommandFailure(.usage, Self.warning(trace, evidence.stored, leafIndex: log.index))
        }
        let report = EraseReport(report: try await audit.keeper().erase(trace), leafIndex: log.index)
        try session.print(json: output.json, report.json, orText: report.text)
    }

    private static func warning(_ trace: TraceID, _ stored: StoredTrace?, leafIndex: Int) -> String {
        let steps = Measure.count(stored?.steps.count ?? 0, "step")
        return """
            nothing was deleted: say --yes to delete what is kept of trace \(trace), for good
            That is \(steps), the metadata, and the salt of the hashes in its leaf. Leaf \(leafIndex) itself \
            stays, and so does every proof. Backups elsewhere are yours to delete.
            """
    }
}

/// What `orch audit erase` says.
struct EraseReport {
    let report: ErasureReport
    /// The trace's own leaf.
    let leafIndex: Int

    var text: String {
        var text =
            report.wasErased
            ? "erased the steps, the metadata and the salt of trace \(report.traceID)\n"
            : "the contents of trace \(report.traceID) were gone already\n"
        text += "its leaf \(leafIndex) stays in the log, and every proof holds\n"
        if let receipt = report.receipt {
            text += "the erasure is leaf \(receipt.leafIndex), trace \(receipt.traceID)\n"
        }
        if !report.copies.isEmpty {
            text += "still held by, beside the database: \(report.copies.map(Visible.line).joined(separator: ", "))\n"
        }
        return text + "Backups elsewhere are yours to delete.\n"
    }

    /// `{"trace_id","erased","leaf_index","receipt":{"trace_id","leaf_index","leaf_hash","checkpoint"},"copies"}`
    var json: String {
        let receipt: JSONValue =
            report.receipt.map { receipt in
                [
                    "trace_id": .string(receipt.traceID.description), "leaf_index": .integer(receipt.leafIndex),
                    "leaf_hash": .string(receipt.leafHash.hexadecimal), "checkpoint": .string(receipt.checkpoint),
                ]
            } ?? .null
        let value: JSONValue = [
            "trace_id": .string(report.traceID.description), "erased": .bool(report.wasErased),
            "leaf_index": .integer(leafIndex), "receipt": receipt,
            "copies": .array(report.copies.map(JSONValue.string)),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
