package import OrchCore
package import OrchReceipts

/// Makes receipts of requests and sees them to the disk.
package struct Recorder: Sendable {
    /// nil where ORCH_TRACE_ENABLED is off.
    private let log: (any ReceiptLog)?
    private let now: Now

    package init(log: (any ReceiptLog)?, now: @escaping Now) {
        self.log = log
        self.now = now
    }

    package var isEnabled: Bool { log != nil }

    /// Begins the trace of an admitted request.
    func begin(route: String, caller: Caller, pins: JSONObject) -> TraceBuilder {
        let moment = now()
        var builder = TraceBuilder(
            trace: Trace(id: TraceID.generate(at: moment), createdAt: moment),
            metadata: ["route": .string(route), "caller": .string(caller.name)],
            now: now
        )
        builder.add(.policySnapshot, pins)
        return builder
    }

    /// Writes what there is so far; called before anything escapes while the request goes on.
    func open(_ builder: inout TraceBuilder) async throws(ReceiptError) {
        guard let log else { return }
        try await log.commit(builder.takeEntry(.opening, status: .open))
    }

    /// Writes the end. Nothing of the answer may leave before this has returned.
    ///
    /// - Returns: nil where receipts are off.
    func close(_ builder: inout TraceBuilder, _ status: TraceStatus) async throws(ReceiptError) -> Receipt? {
        let entry = builder.takeEntry(builder.isOpened ? .closing : .whole, status: status)
        guard let log else { return nil }
        try await log.commit(entry)
        return Receipt(traceID: builder.trace.id)
    }

    /// Receipts refused logins in aggregate.
    package func recordRefusedLogins(_ count: Int, pins: JSONObject) async throws(ReceiptError) {
        var builder = begin(route: "login", caller: .anonymous, pins: pins)
        builder.add(.error, ["code": "authentication_failed", "count": .integer(count)])
        _ = try await close(&builder, .failed)
    }
}

/// A trace in the making.
struct TraceBuilder: Sendable {
    private(set) var trace: Trace
    private let metadata: JSONObject
    private let now: Now
    private var writtenSteps = 0
    private(set) var isOpened = false
    private(set) var isClosed = false

    init(trace: Trace, metadata: JSONObject, now: @escaping Now) {
        self.trace = trace
        self.metadata = metadata
        self.now = now
    }

    mutating func add(_ type: StepType, _ payload: JSONObject) {
        trace.steps.append(Step(type, at: now(), payload))
    }

    /// Notes an error by its code alone.
    mutating func add(error: any CodedError) {
        add(.error, ["code": .string(error.codeName)])
    }

    mutating func takeEntry(_ phase: ReceiptEntry.Phase, status: TraceStatus) -> ReceiptEntry {
        var metadata = self.metadata
        metadata["status"] = .string(status.rawValue)
        if status != .open { metadata["closed_at"] = .string(now().description) }
        trace.metadata = metadata
        let steps = trace.steps[writtenSteps...]
        writtenSteps = trace.steps.count
        if phase == .opening { isOpened = true } else { isClosed = true }
        return ReceiptEntry(phase, trace: trace, steps: steps)
    }
}
