import OrchCore
import OrchReceipts
import Synchronization

/// Receipts that are kept in memory.
final class MemoryReceipts: ReceiptLog, TraceReader {
    private let traces: Mutex<[Trace]>

    init(_ traces: [Trace] = []) {
        self.traces = Mutex(traces)
    }

    var isHealthy: Bool { true }
    var count: Int { traces.withLock(\.count) }

    func commit(_ entry: ReceiptEntry) async throws(ReceiptError) {
        guard let trace = Self.trace(entry) else { throw ReceiptError(.unreadable, "an entry does not read back") }
        traces.withLock { traces in
            guard let index = traces.firstIndex(where: { $0.id == trace.id }) else { return traces.append(trace) }
            traces[index].metadata = trace.metadata
            traces[index].steps += trace.steps
        }
    }

    func trace(_ id: TraceID) async throws(ReceiptError) -> Trace? {
        traces.withLock { $0.first { $0.id == id } }
    }

    func traces(limit: Int, before: TraceID?) async throws(ReceiptError) -> [Trace] {
        let sorted = traces.withLock { $0.sorted { $0.id.description > $1.id.description } }
        let page = sorted.filter { trace in before.map { trace.id.description < $0.description } ?? true }.prefix(limit)
        return page.map { Trace(id: $0.id, createdAt: $0.createdAt, metadata: $0.metadata) }
    }

    private static func trace(_ entry: ReceiptEntry) -> Trace? {
        guard let id = TraceID(entry.traceID), let createdAt = Timestamp(entry.createdAt),
            let metadata = object(entry.metadata)
        else { return nil }
        let steps = entry.steps.compactMap { step -> Step? in
            guard let type = StepType(rawValue: step.type), let at = Timestamp(step.createdAt),
                let payload = object(step.json)
            else { return nil }
            return Step(type, at: at, payload)
        }
        return Trace(id: id, createdAt: createdAt, metadata: metadata, steps: steps)
    }

    private static func object(_ text: String) -> JSONObject? {
        try? JSONValue(parsing: Array(text.utf8)).objectValue
    }

    /// Traces a second apart, the first at the given moment.
    static func series(_ count: Int, from start: Timestamp, stepping: Duration = .seconds(1)) -> [Trace] {
        (0..<count).map { index in
            let moment = start.advanced(by: stepping * index)
            return Trace(
                id: TraceID(at: moment, random: (UInt64(index) & 0xFFF, UInt64(index))), createdAt: moment,
                metadata: ["route": "chat", "caller": "default", "status": index % 7 == 3 ? "failed" : "ok"],
                steps: [
                    Step(
                        .intentRouter, at: moment.advanced(by: .microseconds(1500)),
                        ["tool": "safe_calc", "confidence": 0.9])
                ])
        }
    }
}
