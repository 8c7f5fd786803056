import OrchClassification
import OrchCore
import OrchOrchestrator
import OrchRouting
import OrchTools

/// Intents, and what was learned of them: together, so that one is never used with the other of another file.
struct LearnedIntents: Sendable {
    let catalog: IntentCatalog
    let meaning: Meaning
    let classifier: Classifier?

    /// Nothing was learned.
    static func nothing(_ absence: SemanticAbsence, _ catalog: IntentCatalog, fileHash: String) -> LearnedIntents {
        LearnedIntents(catalog: catalog, meaning: .absent(absence, intents: fileHash), classifier: nil)
    }

    /// Learns intents, or takes over what was learned of the same ones.
    ///
    /// - Parameters:
    ///   - previous: What was learned before: of it stays what is the same.
    ///   - threads: How many heads are learned at once.
    /// - Throws: Where there are no vectors.
    static func learn(
        _ catalog: IntentCatalog, fileHash: String, embedder: RouterEmbedder, previous: Classifier?, threads: Int,
        progress: @escaping @Sendable (TrainingProgress) -> Void
    ) async throws -> LearnedIntents {
        guard !catalog.intents.isEmpty else { return .nothing(.noIntents, catalog, fileHash: fileHash) }
        let identity = try await embedder.identity()
        guard ClassifierLimits.dimensions.contains(identity.dimensions) else { throw VectorsTooLarge() }
        let labels = catalog.intents.map {
            LabelledTexts(id: $0.id, description: $0.description, examples: $0.examples)
        }
        let classifier: Classifier
        if let previous, previous.key == Classifier.key(of: labels, embedder: identity.hash) {
            classifier = previous
        } else {
            let trainer = ClassifierTrainer(
                embedder: identity.hash, dimensions: identity.dimensions, threads: threads)
            classifier = try await trainer.train(
                labels, reusing: previous, vectors: embedder.embedAll, progress: progress)
        }
        let hashes = Meaning.Hashes(intents: fileHash, embedder: identity.hash, learned: classifier.key)
        let meaning = Meaning(hashes: hashes, leavesMachine: embedder.leavesMachine) { text in
            do throws(RouterEmbedder.Absent) {
                let (vector, connections) = try await embedder.embed(text)
                return Meaning.Reading(Self.finding(classifier, vector), connections: connections)
            } catch {
                return Meaning.Reading(.none(error.reason), connections: error.connections)
            }
        }
        return LearnedIntents(catalog: catalog, meaning: meaning, classifier: classifier)
    }

    private static func finding(_ classifier: Classifier, _ vector: [Float]) -> SemanticFinding {
        // An Ollama server may have another model under the same name by now.
        guard vector.count == classifier.dimensions else { return .none(.embedderDown) }
        guard vector.contains(where: { $0 != 0 }) else { return .none(.emptyText) }
        let found = classifier.classify(vector)
        guard let first = found.candidates.first else { return .none(.noIntents) }
        let second = found.candidates.count > 1 ? found.candidates[1] : nil
        return .candidate(
            SemanticCandidate(
                intentID: classifier.labels[first.label], similarity: found.belonging, confidence: found.confidence,
                gap: found.gap, runnerUp: second.map { classifier.labels[$0.label] },
                runnerUpProbability: second?.probability))
    }
}

/// The embedder's vectors have more dimensions than can be learned from.
private struct VectorsTooLarge: CodedError {
    let codeName = "vectors_too_large"
    let message = "the embedder's vectors have more than \(ClassifierLimits.dimensions.upperBound) dimensions"
}

extension IntentCatalog {
    /// The same with an intent for each tool that none of them is for, known by its description.
    func adding(_ tools: [Tool]) -> IntentCatalog {
        let served = Set(intents.compactMap(\.tool) + intents.map(\.id))
        let added = tools.filter { !served.contains($0.name) && !$0.description.isEmpty }.map { tool in
            var params = JSONObject()
            if let argument = tool.onlyTextArgument { params["message_key"] = .string(argument) }
            return Intent(id: tool.name, description: tool.description, tool: tool.name, params: params)
        }
        return (try? IntentCatalog(intents + added)) ?? self
    }
}

extension Tool {
    /// The one argument that a call needs, where it is a text.
    fileprivate var onlyTextArgument: String? {
        guard let schema = parameters.objectValue, let required = schema["required"]?.arrayValue, required.count == 1,
            let name = required[0].stringValue,
            schema["properties"]?.objectValue?[name]?.objectValue?["type"]?.stringValue == "string"
        else { return nil }
        return name
    }
}
