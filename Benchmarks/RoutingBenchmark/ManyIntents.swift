import OrchClassification
import OrchCore
import OrchEmbeddings
import OrchOrchestrator
import OrchRouting
import Synchronization

/// What decisions cost with a thousand intents of a hundred examples, beside the given ones': vectors of the given
/// examples with noise, so that nothing is embedded while time is taken.
struct ManyIntents {
    private static let count = 1000
    private let learned: Learned
    private let embedder: Embedder
    private let rules: RuleRouter

    init(_ learned: Learned, _ embedder: Embedder, rules: RuleRouter) {
        self.learned = learned
        self.embedder = embedder
        self.rules = rules
    }

    func compare() async throws {
        var vectors: [String: [Float]] = [:]
        var generator = Noise()
        var intents: [Intent] = []
        for copy in 0..<(Self.count / learned.catalog.intents.count + 1) {
            for intent in learned.catalog.intents where intents.count < Self.count {
                let texts = intent.examples.map { "\(copy): \($0)" }
                for (text, vector) in zip(texts, try await embedder.service.embed(intent.examples)) {
                    vectors[text] = copy == 0 ? vector : generator.near(vector)
                }
                vectors["\(intent.id) \(copy)"] = generator.near(vectors[texts[0]] ?? [])
                intents.append(Intent(id: "\(intent.id) \(copy)", description: "\(intent.id) \(copy)", examples: texts))
            }
        }
        let known = vectors
        let few = try await router(Array(intents.prefix(learned.catalog.intents.count)), known)
        let many = try await router(intents, known)
        let texts = learned.catalog.intents.prefix(150).map { "0: \($0.examples[0])" }
        var times: (few: [Double], many: [Double]) = ([], [])
        for _ in 0..<21 {
            for text in texts {
                let start = ContinuousClock.now
                _ = await few.route(text)
                let middle = ContinuousClock.now
                _ = await many.route(text)
                times.few.append(Timing.microseconds(middle - start))
                times.many.append(Timing.microseconds(ContinuousClock.now - middle))
            }
        }
        let medians = (times.few.sorted()[times.few.count / 2], times.many.sorted()[times.many.count / 2])
        Timing.print("decision_\(learned.catalog.intents.count)", medians.0)
        Timing.print("decision_\(intents.count)", medians.1)
        Timing.print("many_ratio", medians.1 / medians.0)
    }

    /// A router that looks vectors up.
    private func router(_ intents: [Intent], _ vectors: [String: [Float]]) async throws -> RequestRouter {
        let labels = intents.map { LabelledTexts(id: $0.id, description: $0.description, examples: $0.examples) }
        let classifier = try await ClassifierTrainer(embedder: Embedder.hash, dimensions: 384, threads: 2)
            .train(labels) { texts in texts.map { vectors[$0] ?? [] } }
        let meaning = Meaning(
            hashes: Meaning.Hashes(intents: "", embedder: "", learned: classifier.key), leavesMachine: false
        ) { Meaning.Reading(Learned.finding(classifier, vectors[$0] ?? [])) }
        return RequestRouter(
            mode: .tiers,
            tiers: TierRouter(
                rules: rules, intents: try IntentCatalog(intents),
                ambiguity: AmbiguityGuard(
                    RoutingThresholds(minimumSimilarity: 0.8, minimumConfidence: 0.85, minimumGap: 0.05))),
            plainAsksMeaning: true, meaning: meaning,
            // Every text is new to it.
            memory: IntentMemory(
                cache: IntentCache(lifetime: .microseconds(1)),
                signer: IntentSigner(secret: Redacted(Array(repeating: 7, count: 32)))),
            now: Clock().next)
    }
}

/// A clock that moves on with every look, so that nothing is remembered.
private final class Clock: Sendable {
    private let moment = Mutex<Int64>(1_800_000_000_000_000)

    @Sendable func next() -> Timestamp {
        moment.withLock { moment in
            moment += 10
            return Timestamp(microseconds: moment)
        }
    }
}

/// Vectors near others, the same in every run.
private struct Noise {
    private var state: UInt64 = 1

    mutating func near(_ vector: [Float]) -> [Float] {
        var noisy = vector
        for place in noisy.indices {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            noisy[place] += (Float(state >> 40) / Float(1 << 24) - 0.5) * 0.08
        }
        let length = Similarity.dot(noisy, noisy).squareRoot()
        return length > 0 ? noisy.map { $0 / length } : noisy
    }
}
