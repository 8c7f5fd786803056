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

    @discardableResult
    func commit(_ entry: ReceiptEntry) async throws(ReceiptError) -> Receipt? {
        timeline.add("commit \(entry.phase)")
        for _ in 0..<20 { await Task.yield() }
        guard !failing.contains(entry.phase) else { throw ReceiptError(.unavailable, "the disk is gone") }
        let index = list.withLock { list in
            list.append(entry)
            return list.count { $0.leaf != nil } - 1
        }
        timeline.add("committed \(entry.phase)")
        return entry.leaf.map {
            Receipt(traceID: entry.id, leafIndex: index, leafHash: $0.hash, checkpoint: "checkpoint \(index + 1)")
        }
    }

    /// All that was committed, as text.
    var text: String {
        entries.map { entry in
            "\(entry.phase) \(entry.traceID) \(String(decoding: entry.metadata, as: UTF8.self)) "
                + entry.steps.map { "\($0.type) \(String(decoding: $0.json, as: UTF8.self))" }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    var phases: [ReceiptEntry.Phase] { entries.map(\.phase) }

    /// The last status that was committed.
    var status: String? { metadata("status")?.stringValue }

    func metadata(_ key: String) -> JSONValue? {
        entries.last.flatMap { try? JSONValue(parsing: $0.metadata).objectValue?[key] }
    }

    /// Whether the last trace's receipt commits to a content.
    func commits(_ name: Commitment.Name, to content: some Sequence<UInt8>) -> Bool {
        entries.last.map { entry in
            entry.commitments.contains(entry.salt.commitment(name, to: Array(content)))
        } ?? false
    }

    /// What the last trace's receipt commits to.
    var commitments: [Commitment.Name] { entries.last?.commitments.map(\.name) ?? [] }

    /// The payloads of a kind of step, over all entries.
    func steps(_ type: StepType) -> [JSONObject] {
        entries.flatMap(\.steps).filter { $0.type == type.rawValue }
            .compactMap { try? JSONValue(parsing: $0.json).objectValue }
    }
}
