package import OrchCore

/// Routes a text by the rules of a policy: the first rule that matches decides. The same text gives the same decision.
///
/// All of a text is matched, however long it is. The cost is linear: at most the text's length times the size of every
/// compiled expression, and usually one pass over the text per expression. Bound the text before, not here.
package struct RuleRouter: Sendable {
    /// The policy as it was given.
    package let policy: RulePolicy

    private let rules: [CompiledRule]
    private let analysis: [any Pattern]

    /// A router without rules: nothing matches.
    package init() {
        policy = RulePolicy()
        rules = []
        analysis = []
    }

    /// Compiles a policy, disabled rules included, or throws the first fault with the rule's id.
    package init(policy: RulePolicy, compiler: any PatternCompiler) throws(RoutingError) {
        guard (0...1).contains(policy.defaults.confidence) else {
            throw RoutingError(.invalidRule, ruleID: nil, reason: "the confidence is not between 0 and 1")
        }
        var rules: [CompiledRule] = []
        var ids: Set<String> = []
        for (index, rule) in policy.rules.enumerated() {
            guard ids.insert(rule.id).inserted else {
                throw RoutingError(
                    .duplicateRuleID, ruleID: rule.id, ruleIndex: index, reason: "an earlier rule has this id")
            }
            rules.append(try CompiledRule(rule, at: index, defaults: policy.defaults, compiler: compiler))
        }
        self.policy = policy
        self.rules = rules
        analysis = try RuleRouter.compile(policy.analysis, defaults: policy.defaults, compiler: compiler)
    }

    /// The tool for a text, with its arguments; ``RouteDecision/noMatch`` when no rule matches.
    package func decide(_ text: String) -> RouteDecision {
        for rule in rules where rule.isEnabled {
            if let (_, match) = rule.firstMatch(in: text) {
                return RuleRouter.decision(of: rule, on: text, match: match)
            }
        }
        return .noMatch
    }

    /// Whether a text asks for analysis by the policy's words.
    package func asksForAnalysis(_ text: String) -> Bool {
        analysis.contains { $0.matches(text) }
    }

    /// The decision for a text, with what became of every rule.
    package func explain(_ text: String) -> RouteExplanation {
        var decision: RouteDecision?
        var trials: [RuleTrial] = []
        for rule in rules {
            let outcome: RuleTrial.Outcome
            if !rule.isEnabled {
                outcome = .disabled
            } else if decision != nil {
                outcome = .notReached
            } else if let (pattern, match) = rule.firstMatch(in: text) {
                decision = RuleRouter.decision(of: rule, on: text, match: match)
                outcome = .matched(pattern: pattern)
            } else {
                outcome = .notMatched
            }
            trials.append(RuleTrial(ruleID: rule.id, outcome: outcome))
        }
        return RouteExplanation(
            decision: decision ?? .noMatch, trials: trials, asksForAnalysis: asksForAnalysis(text))
    }

    private static func decision(of rule: CompiledRule, on text: String, match: PatternMatch) -> RouteDecision {
        RouteDecision(
            tool: rule.tool, params: rule.params.arguments(for: text, match: match), confidence: rule.confidence,
            reason: rule.reason, ruleID: rule.id)
    }

    private static func compile(
        _ analysis: AnalysisPatterns, defaults: RuleDefaults, compiler: any PatternCompiler
    ) throws(RoutingError) -> [any Pattern] {
        var patterns: [any Pattern] = []
        for (index, source) in analysis.patterns.enumerated() {
            do throws(PatternError) {
                let caseInsensitive = analysis.caseInsensitive ?? defaults.caseInsensitive
                patterns.append(try compiler.compile(source, caseInsensitive: caseInsensitive))
            } catch {
                throw RoutingError(.invalidPattern, ruleID: nil, patternIndex: index, reason: error.message)
            }
        }
        return patterns
    }
}
