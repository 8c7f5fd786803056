import OrchAgents
import OrchCore
import OrchRouting
import OrchTestSupport
import Testing

@testable import OrchOrchestrator

private typealias Text = RouterParts.Text

/// Tier 1.
@Suite struct RoutingMemoryTests {
    private static func agent(_ name: String) throws -> Agent {
        Agent(name: try AgentName(name), systemPrompt: "Help.", tools: ["echo", "unsafe"])
    }

    static let kept: [(String, isKept: Bool)] = [
        (Text.tool, true), (Text.model, true), (Text.ambiguous, false), (Text.unsure, false), (Text.unmatched, false),
        (Text.confirmed, false), (Text.confessed, false), (Text.unknown, false), (Text.denied, false),
        (Text.allowed, false), (Text.ruled, false), (Text.ruledForHuman, false),
    ]

    @Test(arguments: kept)
    func `only what is confident and needs no human is remembered`(_ text: String, _ isKept: Bool) async throws {
        let parts = RouterParts(memory: RouterParts.newMemory())
        let first = try await parts.router.route(text)
        #expect(parts.memory?.cache.count == (isKept ? 1 : 0))
        let reads = parts.meaning.reads.count
        let second = try await parts.router.route(text)
        #expect(parts.meaning.reads.count == (isKept ? reads : 2 * reads))
        #expect((second.cacheOutcome == .hit) == isKept && first.cacheOutcome != .hit)
        #expect(second.decision.outcome == first.decision.outcome && second.decision.tool == first.decision.tool)
    }

    @Test func `what is remembered gives the same decision at tier 1, with the arguments of the text at hand`()
        async throws
    {
        let parts = RouterParts(memory: RouterParts.newMemory())
        let first = try await parts.router.route(Text.tool)
        #expect(first.decision.tier == 2 && !first.decision.evidence.isCacheHit && first.cacheOutcome == .miss)
        let second = try await parts.router.route(Text.toolAgain)
        #expect(parts.meaning.reads == [Text.tool])
        #expect(second.cacheOutcome == .hit && second.reading == nil && second.hashes == parts.hashes)
        #expect(first.decision.params == ["message": .string(Text.tool)])
        #expect(second.decision.params == ["message": .string(Text.toolAgain)])
        var expected = first.decision
        (expected.tier, expected.evidence.isCacheHit) = (1, true)
        expected.params = second.decision.params
        #expect(second.decision == expected)
    }

    @Test func `two users of one text each get their own arguments`() async throws {
        let parts = RouterParts(memory: RouterParts.newMemory())
        let router = try parts.router
        async let one = router.route(Text.tool)
        async let other = router.route(Text.toolAgain)
        let found = await (one.decision.params, other.decision.params)
        #expect(found.0 == ["message": .string(Text.tool)] && found.1 == ["message": .string(Text.toolAgain)])
    }

    @Test func `agents never share what was decided`() async throws {
        let agents: [Agent?] = [nil, try Self.agent("One"), try Self.agent("Other")]
        let parts = RouterParts(memory: RouterParts.newMemory())
        let router = try parts.router
        for agent in agents { #expect(await router.route(Text.tool, agent: agent).cacheOutcome == .miss) }
        #expect(parts.meaning.reads.count == 3 && parts.memory?.cache.count == 3)
        for agent in agents { #expect(await router.route(Text.tool, agent: agent).cacheOutcome == .hit) }
        #expect(parts.meaning.reads.count == 3)
    }

    enum Change: CaseIterable {
        case policy, noPolicy, intents, learned, embedder, similarity, confidence, gap, text

        func apply(to parts: inout RouterParts) {
            switch self {
            case .policy: parts.policyHash = "p2"
            case .noPolicy: parts.policyHash = ""
            case .intents: parts.hashes.intents = "i2"
            case .learned: parts.hashes.learned = "l2"
            case .embedder: parts.hashes.embedder = "e2"
            case .similarity: parts.thresholds.minimumSimilarity = 0.51
            case .confidence: parts.thresholds.minimumConfidence = 0.61
            case .gap: parts.thresholds.minimumGap = 0.21
            case .text: break
            }
        }
    }

    @Test(arguments: Change.allCases)
    func `where anything that decides has changed, nothing is remembered`(_ change: Change) async throws {
        var parts = RouterParts(memory: RouterParts.newMemory())
        _ = try await parts.router.route(Text.tool)
        #expect(try await parts.router.route(Text.tool).cacheOutcome == .hit)
        change.apply(to: &parts)
        let text = change == .text ? Text.model : Text.tool
        #expect(try await parts.router.route(text).cacheOutcome == .miss)
        #expect(parts.meaning.reads.count == 2)
        #expect(try await parts.router.route(text).cacheOutcome == .hit, "under what holds now it is")
    }

    @Test func `hashes that are one text when joined are not the same`() async throws {
        var parts = RouterParts(memory: RouterParts.newMemory())
        parts.hashes = Meaning.Hashes(intents: "a", embedder: "b", learned: "")
        _ = try await parts.router.route(Text.tool)
        parts.hashes = Meaning.Hashes(intents: "", embedder: "ab", learned: "")
        #expect(try await parts.router.route(Text.tool).cacheOutcome == .miss)
    }

    @Test func `nothing is remembered longer than its time`() async throws {
        let parts = RouterParts(memory: RouterParts.newMemory())
        let router = try parts.router
        _ = await router.route(Text.tool)
        parts.clock.advance(by: RouterParts.lifetime - .microseconds(1))
        #expect(await router.route(Text.tool).cacheOutcome == .hit)
        parts.clock.advance(by: .microseconds(1))
        #expect(await router.route(Text.tool).cacheOutcome == .miss)
    }

    @Test(arguments: [(65_536, true), (65_537, false)])
    func `a text that is too long is read each time`(_ bytes: Int, _ isKept: Bool) async throws {
        let text = String(repeating: "é", count: bytes / 2) + String(repeating: "x", count: bytes % 2)
        let meaning = TableMeaning([text: RouterParts.found("talk")])
        let parts = RouterParts(meaning: meaning, memory: RouterParts.newMemory())
        for _ in 0..<2 { #expect(try await parts.router.route(text).decision.reason == "intent_confident") }
        #expect(meaning.reads.count == (isKept ? 1 : 2) && parts.memory?.cache.count == (isKept ? 1 : 0))
    }

    @Test func `a requirement that came later holds for what was remembered before`() async throws {
        var parts = RouterParts(memory: RouterParts.newMemory())
        _ = try await parts.router.route(Text.tool)
        // The same policy hash, which a policy with another requirement never has.
        parts.overrides["say"] = IntentOverride(needsHuman: true)
        let decision = try await parts.router.route(Text.tool).decision
        #expect(decision.outcome == .human && decision.tier == 3 && decision.evidence.isCacheHit)
    }

    @Test func `what is denied is denied though it was remembered`() async throws {
        var parts = RouterParts(memory: RouterParts.newMemory())
        _ = try await parts.router.route(Text.tool)
        parts.deny = ["canary"]
        #expect(try await parts.router.route(Text.tool).decision.outcome == .denied)
    }

    @Test func `without a memory each text is read anew`() async throws {
        let parts = RouterParts()
        for _ in 0..<2 { #expect(try await parts.router.route(Text.tool).cacheOutcome == nil) }
        #expect(parts.meaning.reads.count == 2)
    }
}
