package import OrchCore

/// Where receipts are kept. What has returned from ``commit(_:)`` is on disk.
package protocol ReceiptLog: Sendable {
    /// Writes what is given and returns once it would survive the loss of power.
    ///
    /// Calls that wait at the same moment share one commit, and one checkpoint.
    ///
    /// - Returns: The receipt of a trace that ended; nil for an opening.
    /// - Throws: ``ReceiptError`` where the write did not, or may not, reach the disk. Nothing may then be answered.
    @discardableResult
    func commit(_ entry: ReceiptEntry) async throws(ReceiptError) -> Receipt?

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
