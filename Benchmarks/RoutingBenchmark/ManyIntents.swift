import OrchClassification
import OrchEmbeddings
import OrchRouting

/// What a classification costs with a thousand intents, made of the given ones' examples with words put before them.
struct ManyIntents {
    private static let count = 1000
    private let catalog: IntentCatalog
    private let embedder: Embedder

    init(_ catalog: IntentCatalog, _ embedder: Embedder) {
        self.catalog = catalog
        self.embedder = embedder
    }

    func compare(with small: Learned) async throws {
        let places = ["at home", "at work", "on the road", "by the sea", "in town", "abroad", "in space"]
        var intents: [Intent] = []
        for place in places {
            for intent in catalog.intents where intents.count < Self.count {
                intents.append(
                    Intent(
                        id: "\(intent.id) \(place)",
                        examples: intent.examples.prefix(10).map { "\(place): \($0)" }))
            }
        }
        let few = try await Learned(
            try IntentCatalog(Array(intents.prefix(small.catalog.intents.count))), embedder)
        let many = try await Learned(try IntentCatalog(intents), embedder)
        var times: (few: [Double], many: [Double]) = ([], [])
        let vectors = try await embedder.service.embed(catalog.intents.prefix(150).map { $0.examples[0] })
        for _ in 0..<9 {
            for vector in vectors {
                let start = ContinuousClock.now
                _ = few.classifier.classify(vector)
                let middle = ContinuousClock.now
                _ = many.classifier.classify(vector)
                times.few.append(Timing.microseconds(middle - start))
                times.many.append(Timing.microseconds(ContinuousClock.now - middle))
            }
        }
        let medians = (times.few.sorted()[times.few.count / 2], times.many.sorted()[times.many.count / 2])
        Timing.print("classify_\(few.catalog.intents.count)", medians.0)
        Timing.print("classify_\(many.catalog.intents.count)", medians.1)
        Timing.print("many_ratio", medians.1 / medians.0)
    }
}
