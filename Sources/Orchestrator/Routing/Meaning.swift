package import OrchEgress
package import OrchRouting

/// What the meaning of texts says of the intents that were learned, at one moment.
package struct Meaning: Sendable {
    /// What one look has brought.
    package struct Reading: Sendable {
        package var finding: SemanticFinding
        /// What was connected to for it.
        package var connections: [ConnectionRecord]

        package init(_ finding: SemanticFinding, connections: [ConnectionRecord] = []) {
            self.finding = finding
            self.connections = connections
        }
    }

    /// What a finding rests on, beside the text.
    package struct Hashes: Sendable, Hashable {
        /// Of the intents' file.
        package var intents: String
        package var embedder: String
        /// Of what was learned: the intents, those of the tools among them, and the embedder.
        package var learned: String

        package init(intents: String, embedder: String, learned: String) {
            self.intents = intents
            self.embedder = embedder
            self.learned = learned
        }
    }

    package let hashes: Hashes
    /// Whether a text leaves this machine to be embedded.
    package let leavesMachine: Bool
    let read: @Sendable (String) async -> Reading

    /// - Parameter read: Always answers: where the embedder is missing, down or slow, with the reason.
    package init(hashes: Hashes, leavesMachine: Bool, read: @escaping @Sendable (String) async -> Reading) {
        self.hashes = hashes
        self.leavesMachine = leavesMachine
        self.read = read
    }

    /// Where there is nothing to be asked.
    package static func absent(_ absence: SemanticAbsence, intents: String = "") -> Meaning {
        Meaning(hashes: Hashes(intents: intents, embedder: "", learned: ""), leavesMachine: false) { _ in
            Reading(.none(absence))
        }
    }
}
