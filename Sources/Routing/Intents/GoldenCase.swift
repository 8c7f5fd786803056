package import OrchCore

/// A text with what the router must make of it.
package struct GoldenCase: Sendable, Hashable {
    /// Unique among the cases of a file.
    package var id: String
    package var text: GoldenText
    /// The agent that is asked; nil: none.
    package var agent: String?
    /// What the case is about, in the file's own words; for counts and choices.
    package var tags: [String]
    package var expected: GoldenExpectation
    /// Whether the plain router decides too, and the two are compared.
    package var isShadowed: Bool

    package init(
        id: String, text: GoldenText, agent: String? = nil, tags: [String] = [], expected: GoldenExpectation,
        isShadowed: Bool = false
    ) {
        self.id = id
        self.text = text
        self.agent = agent
        self.tags = tags
        self.expected = expected
        self.isShadowed = isShadowed
    }
}

/// A text that may be a shorter one many times over.
package struct GoldenText: Sendable, Hashable {
    /// UTF-8 bytes of one text.
    package static let maximumBytes = 16 * 1024 * 1024

    package let unit: String
    package let count: Int

    /// - Parameter count: 1 or more, such that the text has at most ``maximumBytes``.
    package init(_ unit: String, count: Int = 1) {
        self.unit = unit
        self.count = count
    }

    /// All of it, made anew each time.
    package var string: String { count == 1 ? unit : String(repeating: unit, count: count) }
}

/// What must come out. Of the optional members only those that are there are compared.
package struct GoldenExpectation: Sendable, Hashable {
    package var outcome: IntentDecision.Outcome
    package var tool: String?
    package var intent: String?
    package var reason: String?
    /// From 0 to 3.
    package var tier: Int?
    /// The tool's arguments, all of them.
    package var params: JSONObject?

    package init(
        outcome: IntentDecision.Outcome, tool: String? = nil, intent: String? = nil, reason: String? = nil,
        tier: Int? = nil, params: JSONObject? = nil
    ) {
        self.outcome = outcome
        self.tool = tool
        self.intent = intent
        self.reason = reason
        self.tier = tier
        self.params = params
    }

    /// A member that came out otherwise, with the two values as they are shown.
    package struct Difference: Sendable, Hashable {
        package let member: String
        package let expected: String
        package let found: String
    }

    /// Where a decision is not what must come out, in the order of the members; empty where it is.
    package func differences(from decision: IntentDecision) -> [Difference] {
        var differences: [Difference] = []
        func compare(_ member: String, _ expected: String?, _ found: String?) {
            guard let expected, expected != found else { return }
            differences.append(Difference(member: member, expected: expected, found: found ?? "none"))
        }
        compare("outcome", outcome.rawValue, decision.outcome.rawValue)
        compare("tool", tool, decision.tool)
        compare("intent", intent, decision.intentID)
        compare("reason", reason, decision.reason)
        compare("tier", tier.map(String.init), String(decision.tier))
        compare("params", params.map(Self.shown), Self.shown(decision.params))
        return differences
    }

    private static func shown(_ params: JSONObject) -> String { String(decoding: params.canonical, as: UTF8.self) }
}
