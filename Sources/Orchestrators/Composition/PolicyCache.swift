import OrchAgents
import OrchCore
import OrchOrchestrator
import OrchPolicyFiles
import OrchReceipts
import OrchRouting
import Synchronization

/// What decides now, put together anew only when a file of it was loaded anew.
final class PolicyCache: Sendable {
    private struct Made {
        let rulesGeneration: Int
        let agentsGeneration: Int
        let toolPolicyGeneration: Int
        let policies: Policies
    }

    private let rules: Watched<RuleRouter>
    private let agents: Watched<AgentDirectory>
    private let toolPolicies: ToolPolicies
    /// Pins of what does not change while the program runs.
    private let fixedPins: JSONObject
    private let made = Mutex<Made?>(nil)

    init(
        rules: Watched<RuleRouter>, agents: Watched<AgentDirectory>, toolPolicies: ToolPolicies, fixedPins: JSONObject
    ) {
        self.rules = rules
        self.agents = agents
        self.toolPolicies = toolPolicies
        self.fixedPins = fixedPins
    }

    var current: Policies {
        // Read before the values: what is loaded in between is then found to be newer at the next look.
        let generations = (rules.generation, agents.generation, toolPolicies.file.generation)
        return made.withLock { made in
            if let made, (made.rulesGeneration, made.agentsGeneration, made.toolPolicyGeneration) == generations {
                return made.policies
            }
            let (rules, agents, tools) = (rules.current, agents.current, toolPolicies.current)
            var pins = fixedPins
            pins["router_policy"] = .string(rules.policyHash)
            pins[TraceVerdict.policyPin] = tools.hash.map(JSONValue.string)
            pins["agents"] = .string(agents.policyHash)
            let policies = Policies(
                router: rules.value, agents: agents.value.catalog, tools: toolPolicies.check(tools.engine),
                pins: Pins(pins))
            made = Made(
                rulesGeneration: generations.0, agentsGeneration: generations.1,
                toolPolicyGeneration: generations.2, policies: policies)
            return policies
        }
    }
}
