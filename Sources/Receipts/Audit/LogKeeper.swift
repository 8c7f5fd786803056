package import OrchCore

/// What operators do to a log, besides reading it: each act is itself a leaf.
package protocol LogKeeper: Sendable {
    /// Deletes what is kept of a trace but its leaf, and its salt with it.
    ///
    /// - Throws: ``ReceiptError`` where there is no such trace that has ended.
    func erase(_ trace: TraceID) async throws(ReceiptError) -> ErasureReport

    /// Deletes the contents of traces that are too old or too many.
    ///
    /// - Parameter isRehearsal: Whether to say only what would be deleted.
    func retire(isRehearsal: Bool) async throws(ReceiptError) -> RetentionReport

    /// Gives the log a new key, which the old one signs for.
    ///
    /// - Returns: The new key.
    func rotateKey() async throws(ReceiptError) -> LogKey
}

/// What an erasure did.
package struct ErasureReport: Sendable, Equatable {
    package var traceID: TraceID
    /// false where the contents were gone already.
    package var wasErased: Bool
    /// The receipt of the erasure; nil where there was nothing to do.
    package var receipt: Receipt?
    /// Other databases beside this one which still hold the trace, by their file names: backups, copies.
    package var copies: [String]

    package init(traceID: TraceID, wasErased: Bool, receipt: Receipt?, copies: [String]) {
        self.traceID = traceID
        self.wasErased = wasErased
        self.receipt = receipt
        self.copies = copies
    }
}

/// What retention did, or would do.
package struct RetentionReport: Sendable, Equatable {
    /// Traces whose contents go.
    package var traces: Int
    /// Those that began before this; nil where nothing goes.
    package var before: Timestamp?
    /// What the database takes, free pages not counted.
    package var bytesBefore: Int
    /// nil for a rehearsal.
    package var bytesAfter: Int?

    package init(traces: Int, before: Timestamp?, bytesBefore: Int, bytesAfter: Int?) {
        self.traces = traces
        self.before = before
        self.bytesBefore = bytesBefore
        self.bytesAfter = bytesAfter
    }
}

/// Where the log's key is, and whether it is the log's.
package struct LogKeyStatus: Sendable, Equatable {
    /// The log's keys as its database has them, the first one first.
    package var keys: [LogKey]
    /// The key in the file; nil where there is none.
    package var file: VerifierKey?

    package init(keys: [LogKey], file: VerifierKey?) {
        self.keys = keys
        self.file = file
    }

    package var isInOrder: Bool { file != nil && file == keys.last?.key }
}
