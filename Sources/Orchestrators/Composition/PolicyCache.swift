import OrchAgents
import OrchConfiguration
import OrchCore
import OrchObservability
import OrchOrchestrator
import OrchPolicy
import OrchPolicyFiles
import OrchReceipts
import OrchRouting
import Synchronization

/// What decides now, put together anew only when a file of it was loaded anew.
final class PolicyCache: Sendable {
    private struct Generations: Equatable {
        let rules, agents, toolPolicy, intents: Int
    }

    private let rules: Watched<RuleRouter>
    private let agents: Watched<AgentDirectory>
    private let toolPolicies: ToolPolicies
    private let intents: IntentRouting?
    private let memory: IntentMemory?
    private let settings: Configuration.Routing
    /// Pins of what does not change while the program runs.
    private let fixedPins: JSONObject
    private let made = Mutex<(generations: Generations, policies: Policies)?>(nil)

    /// - Parameters:
    ///   - intents: nil where neither the semantic router nor the intent router is on.
    ///   - memory: The intent router's cache; nil where it has none.
    init(
        rules: Watched<RuleRouter>, agents: Watched<AgentDirectory>, toolPolicies: ToolPolicies,
        intents: IntentRouting?, memory: IntentMemory?, settings: Configuration.Routing, fixedPins: JSONObject
    ) {
        self.rules = rules
        self.agents = agents
        self.toolPolicies = toolPolicies
        self.intents = intents
        self.memory = memory
        self.settings = settings
        self.fixedPins = fixedPins
    }

    var current: Policies {
        // Read before the values: what is loaded in between is then found to be newer at the next look.
        let generations = Generations(
            rules: rules.generation, agents: agents.generation, toolPolicy: toolPolicies.file.generation,
            intents: intents?.generation ?? 0)
        return made.withLock { made in
            if let made, made.generations == generations { return made.policies }
            let policies = policies()
            made = (generations, policies)
            return policies
        }
    }

    private func policies() -> Policies {
        let (rules, agents, tools) = (rules.current, agents.current, toolPolicies.current)
        let learned = intents?.current
        var pins = fixedPins
        pins["router_policy"] = .string(rules.policyHash)
        pins[TraceVerdict.policyPin] = tools.hash.map(JSONValue.string)
        pins["agents"] = .string(agents.policyHash)
        if let learned { pins["intents"] = .string(learned.meaning.hashes.intents) }
        let tiers = TierRouter(
            rules: rules.value,
            gate: GatePatterns(tools.engine),
            intents: learned?.catalog ?? IntentCatalog(),
            ambiguity: AmbiguityGuard(
                RoutingThresholds(settings), overrides: IntentOverride.byIntent(tools.engine?.policy.intents ?? [])),
            policyHash: tools.hash ?? "")
        let routing = RequestRouter(
            mode: RequestRouter.Mode(settings), tiers: tiers, plainAsksMeaning: settings.semantic.isEnabled,
            meaning: learned?.meaning ?? .absent(.disabled), memory: memory, now: wallClock)
        return Policies(
            routing: routing, agents: agents.value.catalog, tools: toolPolicies.check(tools.engine), pins: Pins(pins))
    }
}
