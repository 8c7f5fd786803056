import ArgumentParser
import OrchCore
import OrchReceipts

/// `orch trace`
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Read the receipts: what was decided on the way of each request.",
        subcommands: [TraceListCommand.self, TraceShowCommand.self, TraceExportCommand.self])
}

extension Workbench {
    /// The receipts, opened for reading.
    func traceReader() throws -> any TraceReader {
        guard let openTraces else {
            throw CommandFailure(.unavailable, "receipts are off: set ORCH_TRACE_ENABLED=1")
        }
        return try openTraces()
    }
}

/// Reads arguments that name a trace.
enum TraceArgument {
    static func identity(_ text: String) throws -> TraceID {
        guard let id = TraceID(text) else {
            throw ValidationError("a trace is named by its whole identity, such as \(example)")
        }
        return id
    }

    static let example = "0199d1f0-6b7c-7000-8000-0123456789ab"
}
