import OrchCore
import OrchReceipts
import Synchronization

/// Keeps receipts in memory, takes its time over each, and fails where it is told to.
final class MemoryReceiptLog: ReceiptLog {
    let timeline: Timeline
    private let failing: Set<ReceiptEntry.Phase>
    private let list = Mutex<[ReceiptEntry]>([])

    init(timeline: Timeline = Timeline(), failing: Set<ReceiptEntry.Phase> = []) {
        self.timeline = timeline
        self.failing = failing
    }

    var entries: [ReceiptEntry] { list.withLock { $0 } }
    var isHealthy: Bool { failing.isEmpty }

    func commit(_ entry: ReceiptEntry) async throws(ReceiptError) {
        timeline.add("commit \(entry.phase)")
        for _ in 0..<20 { await Task.yield() }
        guard !failing.contains(entry.phase) else { throw ReceiptError(.unavailable, "the disk is gone") }
        list.withLock { $0.append(entry) }
        timeline.add("committed \(entry.phase)")
    }

    /// All that was committed, as text.
    var text: String {
        entries.map { entry in
            "\(entry.phase) \(entry.traceID) \(entry.metadata) "
                + entry.steps.map { "\($0.type) \($0.json)" }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    var phases: [ReceiptEntry.Phase] { entries.map(\.phase) }

    /// The last status that was committed.
    var status: String? { metadata("status")?.stringValue }

    func metadata(_ key: String) -> JSONValue? {
        entries.last.flatMap { try? JSONValue(parsing: Array($0.metadata.utf8)).objectValue?[key] }
    }

    /// The payloads of a kind of step, over all entries.
    func steps(_ type: StepType) -> [JSONObject] {
        entries.flatMap(\.steps).filter { $0.type == type.rawValue }
            .compactMap { try? JSONValue(parsing: Array($0.json.utf8)).objectValue }
    }
}
