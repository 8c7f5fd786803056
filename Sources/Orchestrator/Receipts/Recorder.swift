package import OrchCore
package import OrchReceipts

/// Makes receipts of requests and sees them to the disk.
package struct Recorder: Sendable {
    /// nil where ORCH_TRACE_ENABLED is off.
    private let log: (any ReceiptLog)?
    private let now: Now
    private let redact: Redact

    /// - Parameter redact: What texts of others go through before they stand in a step.
    package init(log: (any ReceiptLog)?, now: @escaping Now, redact: @escaping Redact = { $0 }) {
        self.log = log
        self.now = now
        self.redact = redact
    }

    package var isEnabled: Bool { log != nil }

    /// Begins the trace of an admitted request.
    ///
    /// - Parameter request: The request's body, which the receipt commits to; nil where there is none.
    package func begin(route: String, caller: Caller, pins: Pins, request: [UInt8]? = nil) -> TraceBuilder {
        var builder = TraceBuilder(
            route: route, caller: caller, pins: pins, isReceipted: isEnabled, now: now, redact: redact)
        if let request { builder.commit(.request, to: request) }
        return builder
    }

    /// Writes what there is so far, unless that is done; called before anything escapes while the request goes on.
    func open(_ builder: inout TraceBuilder) async throws(ReceiptError) {
        guard let log, !builder.isOpened else { return }
        try await log.commit(builder.takeEntry(.opening, status: .open))
    }

    /// Writes the end. Nothing of the answer may leave before this has returned.
    ///
    /// - Returns: nil where receipts are off.
    func close(_ builder: inout TraceBuilder, _ status: TraceStatus) async throws(ReceiptError) -> Receipt? {
        guard let log else {
            builder.isClosed = true
            return nil
        }
        return try await log.commit(builder.takeEntry(builder.isOpened ? .closing : .whole, status: status))
    }

    /// Receipts a failure, so that nothing that was admitted is without its trace.
    ///
    /// - Returns: What to throw.
    func fail(_ builder: inout TraceBuilder, _ error: any CodedError, wasCancelled: Bool = false) async throws
        -> any Error
    {
        // What went wrong after the end changes nothing about it.
        if error is ReceiptError || builder.isClosed { return error }
        builder.add(error: error)
        let receipt = try await close(&builder, wasCancelled ? .cancelled : .failed)
        return TracedFailure(error: error, traceID: receipt?.traceID)
    }

    /// Receipts refused logins in aggregate.
    package func recordRefusedLogins(_ count: Int, pins: Pins) async throws(ReceiptError) {
        var builder = begin(route: "login", caller: .anonymous, pins: pins)
        builder.add(.error) { json in
            json.member("code", "authentication_failed")
            json.member("count", count)
        }
        _ = try await close(&builder, .failed)
    }
}

/// A trace in the making.
package struct TraceBuilder: Sendable {
    /// Without its steps, which are kept in their stored form.
    let trace: Trace
    private var steps: [StoredStep] = []
    /// nil where receipts are off.
    private let salt: TraceSalt?
    var isReceipted: Bool { salt != nil }
    private var contents: [Commitment] = []
    private let now: Now
    private let redact: Redact
    private var writtenSteps = 0
    private(set) var isOpened = false
    fileprivate(set) var isClosed = false

    /// - Parameter isReceipted: Whether steps and commitments are wanted at all.
    package init(
        route: String, caller: Caller, pins: Pins, isReceipted: Bool = true, now: @escaping Now,
        redact: @escaping Redact = { $0 }
    ) {
        let moment = now()
        trace = Trace(
            id: TraceID.generate(at: moment), createdAt: moment,
            metadata: ["route": .string(route), "caller": .string(caller.name)])
        salt = isReceipted ? .generate() : nil
        self.now = now
        self.redact = redact
        guard isReceipted else { return }
        steps.append(
            StoredStep(.policySnapshot, at: moment, of: trace.id, place: 0) { $0.append(contentsOf: pins.canonical) })
    }

    /// Notes a step.
    ///
    /// - Parameter payload: Writes the members of the payload, sorted as RFC 8785 sorts them.
    package mutating func add(_ type: StepType, _ payload: (inout JSONWriter) -> Void) {
        guard isReceipted else { return }
        steps.append(
            StoredStep(type, at: now(), of: trace.id, place: steps.count) { bytes in
                var writer = JSONWriter(appendingTo: bytes)
                bytes = []
                writer.beginObject()
                payload(&writer)
                writer.endObject()
                bytes = writer.bytes
            })
    }

    /// A text that callers, model servers or policy files brought, as a step may hold it.
    func foreign(_ text: String) -> String { redact(text) }

    /// Notes an error by its code alone.
    mutating func add(error: any CodedError) {
        add(.error) { $0.member("code", error.codeName) }
    }

    /// Notes a step whose payload is a value.
    package mutating func add(_ type: StepType, _ payload: JSONObject) {
        guard isReceipted else { return }
        steps.append(StoredStep(Step(type, at: now(), payload), of: trace.id, place: steps.count))
    }

    /// Binds a content that is not stored.
    mutating func commit(_ name: Commitment.Name, to content: @autoclosure () -> [UInt8]) {
        if let salt { contents.append(salt.commitment(name, to: content())) }
    }

    /// Binds a content that came in parts; see ``hasher(_:)``.
    mutating func commit(_ hasher: CommitmentHasher?) {
        if let hasher { contents.append(hasher.commitment) }
    }

    /// Takes a content in parts; nil where receipts are off.
    func hasher(_ name: Commitment.Name) -> CommitmentHasher? {
        salt.map { CommitmentHasher(name, under: $0) }
    }

    package mutating func takeEntry(_ phase: ReceiptEntry.Phase, status: TraceStatus) -> ReceiptEntry {
        defer { writtenSteps = steps.count }
        if phase == .opening { isOpened = true } else { isClosed = true }
        return ReceiptEntry(
            phase, trace: trace, steps: steps, status: status, at: now(), written: writtenSteps,
            salt: salt ?? .generate(), contents: contents)
    }
}
