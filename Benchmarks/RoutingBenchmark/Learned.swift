import OrchClassification
import OrchEmbeddings
import OrchOrchestrator
import OrchRouting

/// Intents and what was learned of them.
struct Learned: Sendable {
    let catalog: IntentCatalog
    let classifier: Classifier

    init(_ catalog: IntentCatalog, _ embedder: Embedder) async throws {
        self.catalog = catalog
        let labels = catalog.intents.map {
            LabelledTexts(id: $0.id, description: $0.description, examples: $0.examples)
        }
        classifier = try await ClassifierTrainer(embedder: Embedder.hash, dimensions: 384, threads: 2)
            .train(labels) { try await embedder.service.embed($0) }
    }

    /// As the server looks at a text's meaning.
    func meaning(_ embedder: Embedder) -> Meaning {
        let classifier = classifier
        return Meaning(
            hashes: Meaning.Hashes(intents: Embedder.hash, embedder: Embedder.hash, learned: classifier.key),
            leavesMachine: false
        ) { text in
            guard let vector = try? await embedder.service.embed([text])[0] else {
                return Meaning.Reading(.none(.embedderDown))
            }
            return Meaning.Reading(Self.finding(classifier, vector))
        }
    }

    /// The candidate that a vector speaks for.
    static func finding(_ classifier: Classifier, _ vector: [Float]) -> SemanticFinding {
        let found = classifier.classify(vector)
        return .candidate(
            SemanticCandidate(
                intentID: classifier.labels[found.candidates[0].label], similarity: found.belonging,
                confidence: found.confidence, gap: found.gap))
    }
}
