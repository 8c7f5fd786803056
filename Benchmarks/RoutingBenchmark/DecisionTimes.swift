import OrchCore
import OrchEmbeddings
import OrchOrchestrator
import OrchRouting

/// Whole decisions: of a rule, of the cache, and of meaning beside the embedder alone.
struct DecisionTimes {
    let rules: RuleRouter
    let learned: Learned
    let embedder: Embedder

    func run() async throws {
        let memory = IntentMemory(
            cache: IntentCache(lifetime: .seconds(600)),
            signer: IntentSigner(secret: Redacted(Array(repeating: 7, count: 32))))
        let tiers = TierRouter(
            rules: rules, intents: learned.catalog,
            ambiguity: AmbiguityGuard(
                RoutingThresholds(minimumSimilarity: 0.8, minimumConfidence: 0.85, minimumGap: 0.05)),
            policyHash: Embedder.hash)
        let moment = Timestamp(microseconds: 1_800_000_000_000_000)
        func router(_ memory: IntentMemory?) -> RequestRouter {
            RequestRouter(
                mode: .tiers, tiers: tiers, plainAsksMeaning: true, meaning: learned.meaning(embedder), memory: memory,
                now: { moment })
        }
        let (remembering, forgetful) = (router(memory), router(nil))
        let text = learned.catalog.intents[0].examples[0]
        _ = await remembering.route(text)
        guard await remembering.route(text).cacheOutcome == .hit else { return print("no cache hit") }
        Timing.print("rule_hit", await Timing.median(5001) { _ = await remembering.route("calculate 2 + 2 * 3") })
        Timing.print("cache_hit", await Timing.median(5001) { _ = await remembering.route(text) })
        // In turns, so that what else the machine does falls on both.
        var alone: [Double] = []
        var whole: [Double] = []
        for intent in learned.catalog.intents.prefix(150) {
            for example in intent.examples.prefix(4) {
                let start = ContinuousClock.now
                _ = try await embedder.service.embed([example])
                let middle = ContinuousClock.now
                _ = await forgetful.route(example)
                alone.append(Timing.microseconds(middle - start))
                whole.append(Timing.microseconds(ContinuousClock.now - middle))
            }
        }
        let beside = zip(whole, alone).map { $0 - $1 }.sorted()[whole.count / 2]
        Timing.print("embedder_alone", alone.sorted()[alone.count / 2])
        Timing.print("miss", whole.sorted()[whole.count / 2])
        Timing.print("miss_beside_embedder", beside)
    }
}
