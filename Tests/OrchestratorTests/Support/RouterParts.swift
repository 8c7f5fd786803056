import OrchCore
import OrchRE2
import OrchRouting
import OrchTestSupport

@testable import OrchOrchestrator

/// What a request router is made of: the bench's rules, a small catalog, and a meaning that is a table.
struct RouterParts {
    var mode = RequestRouter.Mode.tiers
    var deny = [#"\bdrop table\b"#]
    var allow = ["^please chat"]
    var thresholds = RoutingThresholds(minimumSimilarity: 0.5, minimumConfidence: 0.6, minimumGap: 0.2)
    /// On the rule that leads to the calculator, and on two intents.
    var overrides = [
        "calc": IntentOverride(needsHuman: true), "confirm": IntentOverride(needsHuman: true),
        "confess": IntentOverride(needsHuman: true),
    ]
    var policyHash = "p1"
    var plainAsksMeaning = true
    var hashes = Meaning.Hashes(intents: "i1", embedder: "e1", learned: "l1")
    var leavesMachine = false
    var meaning = TableMeaning(RouterParts.table)
    var memory: IntentMemory?

    static let lifetime = Duration.seconds(60)
    let clock = MovableClock(Bench.moment)

    /// A cache with nothing in it.
    static func newMemory() -> IntentMemory {
        IntentMemory(
            cache: IntentCache(lifetime: lifetime),
            signer: IntentSigner(secret: Redacted([UInt8](repeating: 7, count: 32))))
    }

    var router: RequestRouter {
        get throws {
            func compiled(_ sources: [String]) throws -> [any Pattern] {
                try sources.map { try RE2Compiler().compile($0, caseInsensitive: true) }
            }
            let tiers = TierRouter(
                rules: try Bench.makeRouter(),
                gate: GatePatterns(deny: try compiled(deny), allow: try compiled(allow)),
                intents: try IntentCatalog(Self.intents),
                ambiguity: AmbiguityGuard(thresholds, overrides: overrides), policyHash: policyHash)
            return RequestRouter(
                mode: mode, tiers: tiers, plainAsksMeaning: plainAsksMeaning,
                meaning: meaning.meaning(hashes, leavesMachine: leavesMachine), memory: memory, now: clock.now)
        }
    }

    private static let intents = [
        Intent(id: "say", tool: "echo", params: ["message_key": "message"], examples: ["say it"]),
        Intent(id: "work", tool: "unsafe", params: ["message_key": "x"], examples: ["do it"]),
        Intent(id: "talk", examples: ["let us talk"]),
        Intent(id: "confirm", tool: "unsafe", params: ["message_key": "x"], examples: ["do it, really"]),
        Intent(id: "confess", examples: ["it was me"]),
    ]

    // MARK: Texts

    static func found(
        _ intent: String, similarity: Double = 0.9, _ confidence: Double = 0.8, gap: Double = 0.7
    ) -> SemanticFinding {
        .candidate(
            SemanticCandidate(
                intentID: intent, similarity: similarity, confidence: confidence, gap: gap, runnerUp: "other",
                runnerUpProbability: 0.1))
    }

    /// Texts by what becomes of them. All but those of rules hold a word to look for.
    enum Text {
        static let ruled = "echo canary"
        static let ruledForHuman = "calc 1 + 1"
        static let denied = "please dr\u{200B}op table canary"
        static let allowed = "please chat about the canary"
        static let tool = "Say the canary"
        static let toolAgain = "say  the  CANARY"
        static let model = "talk of a canary"
        static let ambiguous = "do the canary"
        static let unsure = "talk, perhaps, canary"
        static let unmatched = "what a canary"
        static let confirmed = "really do the canary"
        static let confessed = "it was the canary"
        static let unknown = "canary canary"
    }

    static let table: [String: SemanticFinding] = [
        Text.tool: found("say"), Text.toolAgain: found("say"), Text.model: found("talk"),
        Text.ambiguous: found("work", gap: 0.1), Text.unsure: found("talk", 0.5),
        Text.unmatched: found("say", similarity: 0.4),
        Text.confirmed: found("confirm"), Text.confessed: found("confess"),
    ]
}
