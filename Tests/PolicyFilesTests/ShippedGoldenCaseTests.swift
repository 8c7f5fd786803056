import OrchCore
import OrchPolicy
import OrchPolicyFiles
import OrchRE2
import OrchRouting
import Testing

/// The golden cases as they are shipped, with their policy.
enum ShippedGolden {
    static let shared = Result { try GoldenCaseFile.load("\(ShippedFiles.config)/golden_intents.yaml").value }

    static func policy() throws -> ToolPolicy {
        let path = "\(ShippedFiles.config)/golden_policy.yaml"
        return try #require(ToolPolicyFile.load(path, isEnforced: true, compiler: RE2Compiler()).value).policy
    }

    static func gate() throws -> GatePatterns {
        func compiled(_ sources: [String]) throws -> [any Pattern] {
            try sources.map { try RE2Compiler().compile($0, caseInsensitive: true) }
        }
        let tier0 = try policy().tier0
        return try GatePatterns(deny: compiled(tier0.deny), allow: compiled(tier0.allow))
    }
}

struct ShippedGoldenCaseTests {
    private let cases: [GoldenCase]

    init() throws {
        cases = try ShippedGolden.shared.get()
    }

    @Test func thereAreCasesOfEveryKind() {
        #expect(cases.count >= 170)
        for outcome in IntentDecision.Outcome.allCases {
            #expect(cases.count { $0.expected.outcome == outcome } >= 15, "\(outcome)")
        }
        let tags = [
            "rule": 30, "near-miss": 40, "deny": 30, "allow": 5, "obfuscation": 15, "semantic": 40, "out-of-scope": 10,
            "ambiguous": 5, "low-confidence": 5, "unicode": 20, "hostile": 10, "long": 5, "empty": 3, "agent": 4,
        ]
        for (tag, least) in tags {
            #expect(cases.count { $0.tags.contains(tag) } >= least, "\(tag)")
        }
        #expect(cases.count(where: \.isShadowed) >= 15)
        #expect(cases.contains { $0.text.string.utf8.count >= 1_000_000 })
        #expect(cases.allSatisfy { !$0.tags.isEmpty })
    }

    @Test func noTextComesTwiceForOneAgent() {
        let asked = cases.map { [$0.text.unit, "\($0.text.count)", $0.agent ?? ""] }
        #expect(Set(asked).count == asked.count)
    }

    @Test func everyIntentOfTheFileIsMetAndNoOther() throws {
        let shipped = Set(try ShippedIntentTests.shared.get().intents.map(\.id))
        let expected = Set(cases.compactMap(\.expected.intent))
        #expect(expected.subtracting(["arithmetic", "echo", "allow_pattern"]) == shipped)
    }

    @Test func toolsAndArgumentsAreThoseOfTheirIntents() throws {
        let catalog = try ShippedIntentTests.shared.get()
        for golden in cases where golden.expected.outcome == .tool {
            guard let intent = golden.expected.intent.flatMap({ catalog[$0] }) else { continue }
            #expect(golden.expected.tool == intent.tool, "\(golden.id)")
            guard let params = golden.expected.params else { continue }
            #expect(catalog.arguments(of: intent.id, for: golden.text.string) == params, "\(golden.id)")
        }
        for golden in cases where golden.expected.outcome == .model {
            #expect(golden.expected.intent.flatMap { catalog[$0]?.tool } == nil, "\(golden.id)")
        }
    }

    @Test func noCaseIsAnExampleOfAnIntent() throws {
        let examples = Set(try ShippedIntentTests.shared.get().intents.flatMap(\.examples).map { $0.lowercased() })
        for golden in cases { #expect(!examples.contains(golden.text.string.lowercased()), "\(golden.id)") }
    }

    @Test func thePolicyKnowsTheIntents() throws {
        let catalog = try ShippedIntentTests.shared.get()
        let intents = try ShippedGolden.policy().intents
        #expect(intents.allSatisfy { catalog[$0.id] != nil })
        #expect(intents.filter(\.needsHuman).map(\.id) == ["run_python"])
        for golden in cases where golden.expected.reason == "tier3_required" {
            #expect(golden.expected.intent == "run_python", "\(golden.id)")
        }
    }

    /// Tier 0 needs no embedder, so that what it decides is known here.
    @Test func whatTierZeroDecidesIsExpected() throws {
        let gate = try ShippedGolden.gate()
        let rules = try ShippedFiles.sharedRouter.get()
        for golden in cases {
            let text = golden.text.string
            let expected = golden.expected
            if gate.denying(text) != nil {
                #expect(expected.outcome == .denied, "\(golden.id)")
                #expect(expected.reason == "tier0_deny" && expected.tier == 0, "\(golden.id)")
                continue
            }
            let rule = rules.decide(text)
            if rule.tool != nil {
                #expect(expected.tool == rule.tool && expected.intent == rule.ruleID, "\(golden.id)")
                #expect(expected.reason == rule.reason && expected.tier == 0, "\(golden.id)")
                #expect(expected.params == nil || expected.params == rule.params, "\(golden.id)")
            } else if gate.allowing(text) != nil {
                #expect(expected.outcome == .model && expected.intent == "allow_pattern", "\(golden.id)")
                #expect(expected.reason == "allow_pattern" && expected.tier == 0, "\(golden.id)")
            } else {
                #expect(expected.outcome != .denied && expected.tier != 0, "\(golden.id)")
            }
        }
    }

    @Test func everyExpressionOfThePolicyIsMet() throws {
        let gate = try ShippedGolden.gate()
        let tier0 = try ShippedGolden.policy().tier0
        let short = cases.map(\.text.string).filter { $0.utf8.count < 10_000 }
        #expect(Set(short.compactMap(gate.denying)) == Set(tier0.deny.indices))
        #expect(Set(short.compactMap(gate.allowing)) == Set(tier0.allow.indices))
    }
}
