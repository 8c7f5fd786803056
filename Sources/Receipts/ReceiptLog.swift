package import OrchCore

/// Where receipts are kept. What has returned from ``commit(_:)`` is on disk.
package protocol ReceiptLog: Sendable {
    /// Writes what is given and returns once it would survive the loss of power.
    ///
    /// Calls that wait at the same moment share one commit.
    ///
    /// - Throws: ``ReceiptError`` where the write did not, or may not, reach the disk. Nothing may then be answered.
    func commit(_ entry: ReceiptEntry) async throws(ReceiptError)

    /// Whether the last commit succeeded.
    var isHealthy: Bool { get }
}

/// Reads what a ``ReceiptLog`` has kept. Every call is bounded.
package protocol TraceReader: Sendable {
    /// The trace with its steps in order; nil where there is none.
    func trace(_ id: TraceID) async throws(ReceiptError) -> Trace?

    /// Traces without their steps, newest first.
    ///
    /// - Parameter before: Only traces whose identity sorts before this one: the cursor of the page before.
    func traces(limit: Int, before: TraceID?) async throws(ReceiptError) -> [Trace]
}

/// One durable write: a trace's opening, its end, or both at once.
///
/// Everything is in its stored form already, so that the writer's one thread does nothing but write.
package struct ReceiptEntry: Sendable {
    /// Which end of a trace's life is written.
    package enum Phase: Sendable {
        /// The trace and its steps so far; something is about to escape before the end.
        case opening
        /// The end of a trace whose opening was written.
        case closing
        /// The whole trace at once: the common case.
        case whole
    }

    package struct StoredStep: Sendable {
        package var type: String
        package var createdAt: String
        /// Canonical JSON (RFC 8785).
        package var json: String
    }

    package let phase: Phase
    package let traceID: String
    package let createdAt: String
    /// Canonical JSON (RFC 8785).
    package let metadata: String
    package let steps: [StoredStep]

    /// Puts a trace, with the steps not yet written, into its stored form.
    package init(_ phase: Phase, trace: Trace, steps: some Sequence<Step>) {
        self.phase = phase
        traceID = trace.id.description
        createdAt = trace.createdAt.description
        metadata = String(decoding: trace.metadata.canonical, as: UTF8.self)
        self.steps = steps.map { step in
            StoredStep(
                type: step.type.rawValue,
                createdAt: step.createdAt.description,
                json: String(decoding: step.payload.canonical, as: UTF8.self)
            )
        }
    }
}

/// Receipts that cannot be written or read.
package struct ReceiptError: CodedError {
    /// What failed. The set may grow.
    package struct Code: Sendable, Hashable {
        private enum Value: String { case unavailable, queueFull, newerSchema, unreadable }
        private let value: Value
        /// The log did not take the write.
        package static let unavailable = Code(value: .unavailable)
        /// More writes wait than the log's queue holds.
        package static let queueFull = Code(value: .queueFull)
        /// The database was made by a newer version of the program.
        package static let newerSchema = Code(value: .newerSchema)
        /// Stored data does not read back.
        package static let unreadable = Code(value: .unreadable)
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?
    package var codeName: String { "receipts_unavailable" }

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}
