import OrchCore

/// A rule ready to be matched: expressions compiled, defaults filled in.
struct CompiledRule: Sendable {
    let id: String
    let isEnabled: Bool
    let patterns: [any Pattern]
    let tool: String
    let params: RuleParameters
    let confidence: Double
    let reason: String

    init(_ rule: Rule, at index: Int, defaults: RuleDefaults, compiler: any PatternCompiler) throws(RoutingError) {
        func fault(_ reason: String) -> RoutingError {
            RoutingError(.invalidRule, ruleID: rule.id, ruleIndex: index, reason: reason)
        }
        guard !rule.id.isEmpty else { throw fault("the id is empty") }
        guard !rule.tool.isEmpty else { throw fault("the tool is empty") }
        guard !rule.reason.isEmpty else { throw fault("the reason is empty") }
        guard !rule.patterns.isEmpty else { throw fault("there is no pattern") }
        let confidence = rule.confidence ?? defaults.confidence
        guard (0...1).contains(confidence) else { throw fault("the confidence is not between 0 and 1") }

        id = rule.id
        isEnabled = rule.isEnabled
        tool = rule.tool
        reason = rule.reason
        self.confidence = Score.rounded(confidence)
        do throws(RuleParameters.Fault) {
            params = try RuleParameters(tool: rule.tool, defaults: defaults.params, rule: rule.params)
        } catch {
            throw fault(error.reason)
        }
        var patterns: [any Pattern] = []
        for (patternIndex, source) in rule.patterns.enumerated() {
            do throws(PatternError) {
                let caseInsensitive = rule.caseInsensitive ?? defaults.caseInsensitive
                patterns.append(try compiler.compile(source, caseInsensitive: caseInsensitive))
            } catch {
                throw RoutingError(
                    .invalidPattern, ruleID: rule.id, ruleIndex: index, patternIndex: patternIndex,
                    reason: error.message)
            }
        }
        self.patterns = patterns
    }

    /// The first expression that matches, with its match.
    func firstMatch(in text: String) -> (pattern: Int, match: PatternMatch)? {
        for (index, pattern) in patterns.enumerated() {
            if let match = pattern.firstMatch(in: text) { return (index, match) }
        }
        return nil
    }
}

/// Rounding that gives the same bits everywhere.
enum Score {
    /// To 4 places, halves away from zero. One multiplication, one rounding and one division, each exact or correctly
    /// rounded by IEEE 754.
    static func rounded(_ value: Double) -> Double {
        (value * 10_000).rounded(.toNearestOrAwayFromZero) / 10_000
    }
}
