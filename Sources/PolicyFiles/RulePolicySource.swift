import OrchCore
import OrchRouting

/// A policy as it stands in its file, with the places of its parts.
struct RulePolicySource {
    private struct RulePlace {
        let rule: SourcePosition
        let patterns: [SourcePosition]
    }

    private(set) var policy: RulePolicy
    private var places: [RulePlace] = []
    private var analysisPlaces: [SourcePosition] = []
    private var defaultsPlace: SourcePosition?

    init(_ root: YAMLNode, file: String) throws(PolicyFileError) {
        let keys = ["version", "description", "defaults", "fragments", "rules", "analysis_request"]
        let top = try YAMLMapping(root, file: file, keys: keys)
        policy = RulePolicy(
            version: try top.required("version", top.spelling("version")),
            description: try top.string("description") ?? "")
        if let node = top.value("defaults") {
            defaultsPlace = node.position
            policy.defaults = try RulePolicySource.defaults(node, file: file)
        }
        var fragments = PatternFragments(file: file)
        if let node = top.value("fragments") { fragments = try PatternFragments(node, file: file) }
        for node in try top.required("rules", top.sequence("rules")) {
            let (rule, patterns) = try RulePolicySource.rule(node, file: file, fragments: fragments)
            policy.rules.append(rule)
            places.append(RulePlace(rule: node.position, patterns: patterns))
        }
        if let node = top.value("analysis_request") {
            let known = ["description", "match", "match_any", "case_insensitive"]
            let mapping = try YAMLMapping(node, file: file, keys: known)
            _ = try mapping.string("description")
            let patterns = try RulePolicySource.patterns(mapping, fragments: fragments)
            policy.analysis = AnalysisPatterns(
                patterns: patterns.map(\.text), caseInsensitive: try mapping.bool("case_insensitive"))
            analysisPlaces = patterns.map(\.position)
        }
    }

    /// Where the fault is that the router found.
    func position(of error: RoutingError) -> SourcePosition? {
        guard let index = error.ruleIndex, places.indices.contains(index) else {
            guard let pattern = error.patternIndex else { return defaultsPlace }
            return analysisPlaces.indices.contains(pattern) ? analysisPlaces[pattern] : nil
        }
        guard let pattern = error.patternIndex, places[index].patterns.indices.contains(pattern) else {
            return places[index].rule
        }
        return places[index].patterns[pattern]
    }

    private static func defaults(_ node: YAMLNode, file: String) throws(PolicyFileError) -> RuleDefaults {
        let mapping = try YAMLMapping(node, file: file, keys: ["confidence", "case_insensitive", "params"])
        var defaults = RuleDefaults()
        if let confidence = try mapping.ratio("confidence") { defaults.confidence = confidence }
        if let caseInsensitive = try mapping.bool("case_insensitive") { defaults.caseInsensitive = caseInsensitive }
        if let params = try mapping.object("params") { defaults.params = params }
        return defaults
    }

    private static func rule(
        _ node: YAMLNode, file: String, fragments: PatternFragments
    ) throws(PolicyFileError) -> (rule: Rule, patterns: [SourcePosition]) {
        let keys = [
            "id", "description", "enabled", "match", "match_any", "case_insensitive", "tool", "params", "confidence",
            "reason",
        ]
        let mapping = try YAMLMapping(node, file: file, keys: keys)
        let id = try mapping.name("id")
        let patterns = try patterns(mapping, fragments: fragments)
        let rule = Rule(
            id: id,
            description: try mapping.string("description") ?? "",
            isEnabled: try mapping.bool("enabled") ?? true,
            patterns: patterns.map(\.text),
            caseInsensitive: try mapping.bool("case_insensitive"),
            tool: try mapping.name("tool"),
            params: try mapping.object("params") ?? JSONObject(),
            confidence: try mapping.ratio("confidence"),
            reason: mapping.value("reason") == nil ? id : try mapping.name("reason"))
        return (rule, patterns.map(\.position))
    }

    /// The expressions of `match` or of `match_any`, of which exactly one has to be there.
    private static func patterns(
        _ mapping: YAMLMapping, fragments: PatternFragments
    ) throws(PolicyFileError) -> [(text: String, position: SourcePosition)] {
        let file = mapping.file
        let one = mapping.value("match")
        let several = try mapping.sequence("match_any")
        switch (one, several) {
        case (let one?, nil):
            return [(try fragments.expand(one.name(file: file), at: one.position), one.position)]
        case (nil, let several?):
            guard !several.isEmpty else {
                throw PolicyFileError(.invalidValue, file: file, at: mapping.position, "`match_any` is empty")
            }
            var patterns: [(text: String, position: SourcePosition)] = []
            for node in several {
                patterns.append((try fragments.expand(node.name(file: file), at: node.position), node.position))
            }
            return patterns
        case (nil, nil):
            throw PolicyFileError(
                .missingKey, file: file, at: mapping.position, "the key `match` or `match_any` is missing")
        case (_?, _?):
            throw PolicyFileError(
                .invalidValue, file: file, at: mapping.position, "there are both `match` and `match_any`")
        }
    }
}
