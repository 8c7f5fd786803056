import OrchCore
import OrchRE2
import OrchRouting
import Testing

struct RuleRouterTests {
    private func router(_ rules: [Rule], defaults: RuleDefaults = RuleDefaults()) throws -> RuleRouter {
        try RuleRouter(policy: RulePolicy(defaults: defaults, rules: rules), compiler: RE2Compiler())
    }

    @Test func theFirstRuleThatMatchesWins() throws {
        let router = try router([
            Rule(id: "one", patterns: ["zzz", "b"], tool: "first", reason: "r1"),
            Rule(id: "two", patterns: ["a"], tool: "second", reason: "r2"),
        ])
        #expect(router.decide("ab").tool == "first")
        #expect(router.decide("ab").ruleID == "one")
        #expect(router.decide("a").reason == "r2")
    }

    @Test func noMatchIsSaidSo() throws {
        let decision = try router([Rule(id: "one", patterns: ["b"], tool: "t", reason: "r")]).decide("a")
        #expect(decision == .noMatch)
        #expect(decision.tool == nil)
        #expect(decision.reason == "no_match")
        #expect(decision.confidence == 0)
        #expect(decision.params.isEmpty)
        #expect(RuleRouter().decide("anything") == .noMatch)
    }

    @Test func aDisabledRuleNeverMatchesButIsChecked() throws {
        let rule = Rule(id: "off", isEnabled: false, patterns: ["a"], tool: "t", reason: "r")
        #expect(try router([rule]).decide("a") == .noMatch)
        var broken = rule
        broken.patterns = ["("]
        #expect(throws: RoutingError.self) { try router([broken]) }
    }

    @Test func defaultsFillWhatARuleLeavesOpen() throws {
        let defaults = RuleDefaults(confidence: 0.5, caseInsensitive: false, params: ["style": "plain", "n": 1])
        let router = try router(
            [
                Rule(
                    id: "own", patterns: ["A"], caseInsensitive: true, tool: "t", params: ["n": 2], confidence: 0.9,
                    reason: "r"),
                Rule(id: "default", patterns: ["B"], tool: "t", reason: "r"),
            ], defaults: defaults)
        #expect(router.decide("a").confidence == 0.9)
        #expect(router.decide("a").params == ["input": "a", "style": "plain", "n": 2])
        #expect(router.decide("B").confidence == 0.5)
        #expect(router.decide("B").params == ["input": "B", "style": "plain", "n": 1])
        #expect(router.decide("b") == .noMatch)
    }

    @Test(arguments: [(0.123456, 0.1235), (0.00004, 0), (0.99995, 1), (1, 1), (0, 0), (0.1 + 0.2, 0.3)])
    func confidenceIsRoundedToFourPlaces(given: Double, rounded: Double) throws {
        let rule = Rule(id: "one", patterns: ["a"], tool: "t", confidence: given, reason: "r")
        #expect(try router([rule]).decide("a").confidence.bitPattern == rounded.bitPattern)
    }

    @Test func anExplanationNamesEveryRule() throws {
        let router = try router([
            Rule(id: "miss", patterns: ["zzz"], tool: "t", reason: "r"),
            Rule(id: "off", isEnabled: false, patterns: ["a"], tool: "t", reason: "r"),
            Rule(id: "hit", patterns: ["zzz", "a"], tool: "t", reason: "r"),
            Rule(id: "late", patterns: ["a"], tool: "t", reason: "r"),
        ])
        let explanation = router.explain("abc")
        #expect(explanation.decision == router.decide("abc"))
        #expect(explanation.trials.map(\.ruleID) == ["miss", "off", "hit", "late"])
        #expect(explanation.trials.map(\.outcome) == [.notMatched, .disabled, .matched(pattern: 1), .notReached])
        #expect(router.explain("b").decision == .noMatch)
        #expect(router.explain("b").trials.map(\.outcome) == [.notMatched, .disabled, .notMatched, .notMatched])
    }

    @Test func analysisFollowsItsOwnExpressions() throws {
        let analysis = AnalysisPatterns(patterns: ["\\bcompare\\b", "WHY"], caseInsensitive: false)
        let router = try RuleRouter(policy: RulePolicy(analysis: analysis), compiler: RE2Compiler())
        #expect(router.asksForAnalysis("please compare them"))
        #expect(router.asksForAnalysis("WHY"))
        #expect(!router.asksForAnalysis("why"))
        #expect(!router.asksForAnalysis(""))
        #expect(router.explain("compare").asksForAnalysis)
        #expect(!RuleRouter().asksForAnalysis("compare"))
    }

    @Test func aHugeTextIsMatchedToItsEnd() throws {
        let router = try router([Rule(id: "end", patterns: ["needle$"], tool: "t", reason: "r")])
        let hay = String(repeating: "hay ", count: 500_000)
        #expect(router.decide(hay + "needle").tool == "t")
        #expect(router.decide(hay).tool == nil)
    }
}

struct RuleRouterRefusalTests {
    private static let good = Rule(id: "good", patterns: ["a"], tool: "t", reason: "r")

    private func refusal(of policy: RulePolicy) throws -> RoutingError {
        try #require(throws: RoutingError.self) { try RuleRouter(policy: policy, compiler: RE2Compiler()) }
    }

    @Test func aPatternThatDoesNotCompileNamesItsRule() throws {
        let bad = Rule(id: "bad", patterns: ["ok", "(oops"], tool: "t", reason: "r")
        let error = try refusal(of: RulePolicy(rules: [Self.good, bad]))
        #expect(error.code == .invalidPattern)
        #expect(error.ruleID == "bad")
        #expect(error.ruleIndex == 1)
        #expect(error.patternIndex == 1)
        #expect(error.message.contains("rule `bad`, pattern 2"))
    }

    @Test func twoRulesOfOneIDAreRefused() throws {
        let error = try refusal(of: RulePolicy(rules: [Self.good, Self.good]))
        #expect(error.codeName == "duplicate_rule_id")
        #expect(error.ruleIndex == 1)
    }

    @Test(arguments: [
        Rule(id: "", patterns: ["a"], tool: "t", reason: "r"),
        Rule(id: "x", patterns: [], tool: "t", reason: "r"),
        Rule(id: "x", patterns: ["a"], tool: "", reason: "r"),
        Rule(id: "x", patterns: ["a"], tool: "t", reason: ""),
        Rule(id: "x", patterns: ["a"], tool: "t", confidence: 1.0001, reason: "r"),
        Rule(id: "x", patterns: ["a"], tool: "t", confidence: -0.1, reason: "r"),
        Rule(id: "x", patterns: ["a"], tool: "t", confidence: .nan, reason: "r"),
        Rule(id: "x", patterns: ["a"], tool: "t", params: ["expression_key": 1], reason: "r"),
        Rule(id: "x", patterns: ["a"], tool: "t", params: ["message_key": ""], reason: "r"),
        Rule(id: "x", patterns: ["a"], tool: "t", params: ["message_key": "a", "expression_key": "b"], reason: "r"),
        Rule(id: "x", patterns: ["a"], tool: "t", params: ["input": "fixed"], reason: "r"),
        Rule(id: "x", patterns: ["a"], tool: "t", params: ["message_key": "m", "m": "fixed"], reason: "r"),
    ])
    func aRuleWithAFaultIsRefused(rule: Rule) throws {
        let error = try refusal(of: RulePolicy(rules: [Self.good, rule]))
        #expect(error.code == .invalidRule)
        #expect(error.ruleIndex == 1)
    }

    @Test func faultsOutsideTheRulesAreRefused() throws {
        let defaults = try refusal(of: RulePolicy(defaults: RuleDefaults(confidence: 7)))
        #expect(defaults.ruleID == nil)
        #expect(defaults.message.contains("defaults"))
        let analysis = try refusal(of: RulePolicy(analysis: AnalysisPatterns(patterns: ["a", "["])))
        #expect(analysis.patternIndex == 1)
        #expect(analysis.message.contains("analysis_request, pattern 2"))
    }
}
