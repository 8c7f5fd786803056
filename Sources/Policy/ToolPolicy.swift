package import OrchCore

/// Which tools may run, for whom and with what, as plain data; ``PolicyEngine`` compiles it.
package struct ToolPolicy: Sendable, Hashable {
    package var version: String
    package var description: String
    /// In order: the first rule whose expression matches a tool's whole name decides.
    package var rules: [PolicyRule]
    package var intents: [IntentThresholds]
    /// `policy.intent_router.tier0`.
    package var tier0: Tier0Patterns
    /// `policy.memory.enabled`: false forbids memory, whatever the settings say.
    package var isMemoryAllowed: Bool
    /// `policy.audit.receipts_required`: tools run only where receipts are made.
    package var needsReceipts: Bool

    /// A policy without rules, which denies everything.
    package init(
        version: String = "", description: String = "", rules: [PolicyRule] = [], intents: [IntentThresholds] = [],
        tier0: Tier0Patterns = Tier0Patterns(), isMemoryAllowed: Bool = true, needsReceipts: Bool = false
    ) {
        self.version = version
        self.description = description
        self.rules = rules
        self.intents = intents
        self.tier0 = tier0
        self.isMemoryAllowed = isMemoryAllowed
        self.needsReceipts = needsReceipts
    }
}

/// One rule: an expression over tools' names, and what becomes of those that it matches.
package struct PolicyRule: Sendable, Hashable {
    package enum Action: String, Sendable, CaseIterable { case allow, deny }

    /// nil: the rule is called by its expression.
    package var id: String?
    /// Must match the whole name.
    package var match: String
    package var action: Action
    /// nil: ``PolicyReason/allow`` or ``PolicyReason/deny``.
    package var reason: String?
    /// Whether unsafe tools are denied.
    package var requiresSafe: Bool
    package var conditions: PolicyConditions

    package init(
        id: String? = nil, match: String, action: Action, reason: String? = nil, requiresSafe: Bool = false,
        conditions: PolicyConditions = PolicyConditions()
    ) {
        self.id = id
        self.match = match
        self.action = action
        self.reason = reason
        self.requiresSafe = requiresSafe
        self.conditions = conditions
    }

    /// What decisions call the rule.
    package var name: String { id ?? match }
}

/// What must hold for a rule to allow. All of them; one that fails denies.
package struct PolicyConditions: Sendable, Hashable {
    /// The argument whose length counts.
    package var inputParameter: String
    /// Unicode scalars.
    package var minimumInputLength: Int?
    package var maximumInputLength: Int?
    /// Of each caller, in any stretch of an hour.
    package var maximumCallsPerHour: Int?
    /// Names of agents, in any case; empty: everybody. Who calls without an agent is none of them.
    package var agents: [String]
    /// Empty: always.
    package var hours: [DailyHours]
    /// A JSON Schema that the arguments must fit, besides the tool's own.
    package var arguments: JSONValue?

    package init(
        inputParameter: String = "input", minimumInputLength: Int? = nil, maximumInputLength: Int? = nil,
        maximumCallsPerHour: Int? = nil, agents: [String] = [], hours: [DailyHours] = [], arguments: JSONValue? = nil
    ) {
        self.inputParameter = inputParameter
        self.minimumInputLength = minimumInputLength
        self.maximumInputLength = maximumInputLength
        self.maximumCallsPerHour = maximumCallsPerHour
        self.agents = agents
        self.hours = hours
        self.arguments = arguments
    }
}

/// Where an intent differs from the settings of the intent router.
package struct IntentThresholds: Sendable, Hashable {
    package var id: String
    package var minimumConfidence: Double?
    package var minimumGap: Double?
    /// Whether a human decides, however clear the case is.
    package var needsHuman: Bool

    package init(id: String, minimumConfidence: Double? = nil, minimumGap: Double? = nil, needsHuman: Bool = false) {
        self.id = id
        self.minimumConfidence = minimumConfidence
        self.minimumGap = minimumGap
        self.needsHuman = needsHuman
    }
}

/// Expressions that are looked for in a request's text before anything else.
package struct Tier0Patterns: Sendable, Hashable {
    package var deny: [String]
    package var allow: [String]

    package init(deny: [String] = [], allow: [String] = []) {
        self.deny = deny
        self.allow = allow
    }
}
