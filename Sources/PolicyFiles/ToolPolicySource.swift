import OrchCore
import OrchPolicy

/// A tool policy as it stands in its file, with the places of its parts.
struct ToolPolicySource {
    private(set) var policy = ToolPolicy()
    private var rules: [SourcePosition] = []
    private var intents: [SourcePosition] = []
    private var denyPatterns: [SourcePosition] = []
    private var allowPatterns: [SourcePosition] = []

    init(_ root: YAMLNode, file: String) throws(PolicyFileError) {
        let top = try YAMLMapping(root, file: file, keys: ["policy", "rules", "intents"])
        try readHead(YAMLMapping(top.required("policy", top.value("policy")), file: file, keys: Self.headKeys))
        for node in try top.required("rules", top.sequence("rules")) {
            policy.rules.append(try Self.rule(node, file: file))
            rules.append(node.position)
        }
        for node in try top.sequence("intents") ?? [] {
            policy.intents.append(try Self.intent(node, file: file))
            intents.append(node.position)
        }
    }

    /// Where the fault is that the engine found.
    func position(of place: PolicyError.Place) -> SourcePosition? {
        let (places, index) =
            switch place {
            case .rule(let index): (rules, index)
            case .intent(let index): (intents, index)
            case .denyPattern(let index): (denyPatterns, index)
            case .allowPattern(let index): (allowPatterns, index)
            }
        return places.indices.contains(index) ? places[index] : nil
    }

    // MARK: The head

    private static let headKeys = ["version", "description", "intent_router", "memory", "audit"]

    private mutating func readHead(_ head: YAMLMapping) throws(PolicyFileError) {
        let file = head.file
        policy.version = try head.required("version", head.spelling("version"))
        policy.description = try head.string("description") ?? ""
        if let node = head.value("intent_router") {
            let router = try YAMLMapping(node, file: file, keys: ["tier0"])
            if let node = router.value("tier0") {
                let tier0 = try YAMLMapping(node, file: file, keys: ["deny_patterns", "allow_patterns"])
                (policy.tier0.deny, denyPatterns) = try Self.names(tier0, "deny_patterns")
                (policy.tier0.allow, allowPatterns) = try Self.names(tier0, "allow_patterns")
            }
        }
        if let node = head.value("memory") {
            policy.isMemoryAllowed = try YAMLMapping(node, file: file, keys: ["enabled"]).bool("enabled") ?? true
        }
        if let node = head.value("audit") {
            let audit = try YAMLMapping(node, file: file, keys: ["receipts_required"])
            policy.needsReceipts = try audit.bool("receipts_required") ?? false
        }
    }

    // MARK: Rules and intents

    private static func rule(_ node: YAMLNode, file: String) throws(PolicyFileError) -> PolicyRule {
        let keys = ["id", "match", "action", "reason", "require_safe", "conditions"]
        let mapping = try YAMLMapping(node, file: file, keys: keys)
        let action = try mapping.name("action")
        guard let action = PolicyRule.Action(rawValue: action) else {
            throw PolicyFileError(
                .invalidValue, file: file, at: mapping.value("action")?.position, "`action` must be allow or deny")
        }
        return PolicyRule(
            id: mapping.value("id") == nil ? nil : try mapping.name("id"), match: try mapping.name("match"),
            action: action, reason: mapping.value("reason") == nil ? nil : try mapping.name("reason"),
            requiresSafe: try mapping.bool("require_safe") ?? false,
            conditions: try mapping.value("conditions").map { node throws(PolicyFileError) in
                try conditions(node, file: file)
            } ?? PolicyConditions())
    }

    private static func conditions(_ node: YAMLNode, file: String) throws(PolicyFileError) -> PolicyConditions {
        let keys = ["input_param", "min_input_len", "max_input_len", "max_calls_per_hour", "agents", "hours", "args"]
        let mapping = try YAMLMapping(node, file: file, keys: keys)
        var conditions = PolicyConditions()
        if mapping.value("input_param") != nil { conditions.inputParameter = try mapping.name("input_param") }
        conditions.minimumInputLength = try mapping.count("min_input_len")
        conditions.maximumInputLength = try mapping.count("max_input_len")
        conditions.maximumCallsPerHour = try mapping.count("max_calls_per_hour")
        if let minimum = conditions.minimumInputLength, let maximum = conditions.maximumInputLength, minimum > maximum {
            throw PolicyFileError(
                .invalidValue, file: file, at: node.position, "`min_input_len` is more than `max_input_len`")
        }
        (conditions.agents, _) = try names(mapping, "agents")
        conditions.hours = try hours(mapping)
        conditions.arguments = try mapping.object("args").map(JSONValue.object)
        return conditions
    }

    /// One stretch, or a list of them.
    private static func hours(_ mapping: YAMLMapping) throws(PolicyFileError) -> [DailyHours] {
        guard let node = mapping.value("hours") else { return [] }
        let nodes: [YAMLNode] = if case .sequence(let nodes) = node.content { nodes } else { [node] }
        var hours: [DailyHours] = []
        for node in nodes {
            guard let stretch = DailyHours(try node.name(file: mapping.file)) else {
                throw PolicyFileError(
                    .invalidValue, file: mapping.file, at: node.position,
                    "not a stretch of the day in UTC, such as 08:00-18:00")
            }
            hours.append(stretch)
        }
        return hours
    }

    private static func intent(_ node: YAMLNode, file: String) throws(PolicyFileError) -> IntentThresholds {
        let keys = ["id", "min_confidence_tier2", "min_gap_tier2", "tier3_required"]
        let mapping = try YAMLMapping(node, file: file, keys: keys)
        return IntentThresholds(
            id: try mapping.name("id"), minimumConfidence: try mapping.ratio("min_confidence_tier2"),
            minimumGap: try mapping.ratio("min_gap_tier2"), needsHuman: try mapping.bool("tier3_required") ?? false)
    }

    private static func names(
        _ mapping: YAMLMapping, _ key: String
    ) throws(PolicyFileError) -> ([String], [SourcePosition]) {
        var names: [String] = []
        var places: [SourcePosition] = []
        for node in try mapping.sequence(key) ?? [] {
            names.append(try node.name(file: mapping.file))
            places.append(node.position)
        }
        return (names, places)
    }
}
