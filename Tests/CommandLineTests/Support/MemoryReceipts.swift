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

    func commit(_ entry: ReceiptEntry) async throws(ReceiptError) -> Receipt? {
        guard let trace = Self.trace(entry) else { throw ReceiptError(.unreadable, "an entry does not read back") }
        let count = traces.withLock { traces in
            if let index = traces.firstIndex(where: { $0.id == trace.id }) {
                traces[index].metadata = trace.metadata
                traces[index].steps += trace.steps
            } else {
                traces.append(trace)
            }
            return traces.count
        }
        return entry.leaf.map {
            Receipt(traceID: trace.id, leafIndex: count - 1, leafHash: $0.hash, checkpoint: "not signed\n")
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
        guard let createdAt = Timestamp(entry.createdAt), let metadata = object(entry.metadata) else { return nil }
        let steps = entry.steps.compactMap { step -> Step? in
            guard let type = StepType(rawValue: step.type), let at = Timestamp(step.createdAt),
                let payload = object(step.json)
            else { return nil }
            return Step(type, at: at, payload)
        }
        return Trace(id: entry.id, createdAt: createdAt, metadata: metadata, steps: steps)
    }

    private static func object(_ bytes: [UInt8]) -> JSONObject? { try? JSONValue(parsing: bytes).objectValue }

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
