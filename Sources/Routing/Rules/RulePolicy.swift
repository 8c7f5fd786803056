package import OrchCore

/// The rules that choose a tool from a text, as plain data; ``RuleRouter`` compiles them.
package struct RulePolicy: Sendable, Hashable {
    package var version: String
    package var description: String
    package var defaults: RuleDefaults
    /// In order: the first rule that matches wins.
    package var rules: [Rule]
    package var analysis: AnalysisPatterns

    /// A policy without rules, which routes nothing.
    package init(
        version: String = "", description: String = "", defaults: RuleDefaults = RuleDefaults(), rules: [Rule] = [],
        analysis: AnalysisPatterns = AnalysisPatterns()
    ) {
        self.version = version
        self.description = description
        self.defaults = defaults
        self.rules = rules
        self.analysis = analysis
    }
}

/// What a rule has where it says nothing itself.
package struct RuleDefaults: Sendable, Hashable {
    package var confidence: Double
    package var caseInsensitive: Bool
    /// Put under every rule's own parameters.
    package var params: JSONObject

    package init(confidence: Double = 0.7, caseInsensitive: Bool = true, params: JSONObject = JSONObject()) {
        self.confidence = confidence
        self.caseInsensitive = caseInsensitive
        self.params = params
    }
}

/// One rule: some expressions, and the tool that a text matching any of them goes to.
package struct Rule: Sendable, Hashable {
    package var id: String
    package var description: String
    /// A disabled rule is compiled and checked, and never matches.
    package var isEnabled: Bool
    /// Tried in order; the first that matches counts.
    package var patterns: [String]
    /// nil takes the policy's default, as do the other optional members.
    package var caseInsensitive: Bool?
    package var tool: String
    package var params: JSONObject
    /// From 0 to 1.
    package var confidence: Double?
    package var reason: String

    package init(
        id: String, description: String = "", isEnabled: Bool = true, patterns: [String], caseInsensitive: Bool? = nil,
        tool: String, params: JSONObject = JSONObject(), confidence: Double? = nil, reason: String
    ) {
        self.id = id
        self.description = description
        self.isEnabled = isEnabled
        self.patterns = patterns
        self.caseInsensitive = caseInsensitive
        self.tool = tool
        self.params = params
        self.confidence = confidence
        self.reason = reason
    }
}

/// The expressions that say a text asks for analysis, and so for the larger model.
package struct AnalysisPatterns: Sendable, Hashable {
    package var patterns: [String]
    package var caseInsensitive: Bool?

    package init(patterns: [String] = [], caseInsensitive: Bool? = nil) {
        self.patterns = patterns
        self.caseInsensitive = caseInsensitive
    }
}
