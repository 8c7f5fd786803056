package import OrchAgents
package import OrchReceipts
package import OrchRouting
package import OrchTools

/// What decides at one moment; taken once for a request, so that a reload in between changes nothing for it, and its
/// receipt pins what decided.
package final class Policies: Sendable {
    package let routing: RequestRouter
    package var router: RuleRouter { routing.tiers.rules }
    package let agents: AgentCatalog
    package let tools: ToolPolicyCheck
    /// Hashes of all that decides, for the receipt.
    package let pins: Pins

    package init(routing: RequestRouter, agents: AgentCatalog, tools: ToolPolicyCheck, pins: Pins) {
        self.routing = routing
        self.agents = agents
        self.tools = tools
        self.pins = pins
    }

    /// With the rules alone to route by.
    package convenience init(router: RuleRouter, agents: AgentCatalog, tools: ToolPolicyCheck, pins: Pins) {
        self.init(routing: RequestRouter(rules: router), agents: agents, tools: tools, pins: pins)
    }
}
