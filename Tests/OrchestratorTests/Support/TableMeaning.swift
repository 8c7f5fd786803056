import OrchEgress
import OrchRouting
import Synchronization

@testable import OrchOrchestrator

/// Says of texts what a table says, and keeps which it was asked about.
final class TableMeaning: Sendable {
    private let table: [String: SemanticFinding]
    private let connections: [ConnectionRecord]
    private let asked = Mutex<[String]>([])

    init(_ table: [String: SemanticFinding], connections: [ConnectionRecord] = []) {
        self.table = table
        self.connections = connections
    }

    var reads: [String] { asked.withLock { $0 } }

    func meaning(
        _ hashes: Meaning.Hashes = Meaning.Hashes(intents: "i1", embedder: "e1", learned: "l1"),
        leavesMachine: Bool = false
    ) -> Meaning {
        Meaning(hashes: hashes, leavesMachine: leavesMachine) { text in
            self.asked.withLock { $0.append(text) }
            return Meaning.Reading(self.table[text] ?? .none(.emptyText), connections: self.connections)
        }
    }
}
