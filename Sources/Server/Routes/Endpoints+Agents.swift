import NIOHTTP1
import OrchAgents
import OrchCore

extension Endpoints {
    var agentList: Route {
        let agents = self.agents
        return Route(
            method: .GET, template: "/v1/agents",
            operation: Operation(
                summary: "The agents.", tag: "agents",
                response: Self.objectSchema(
                    [
                        "count": ["type": "integer"],
                        "agents": ["type": "array", "items": Self.agentSchema(withPrompt: false)],
                    ],
                    required: ["count", "agents"])),
            handle: { _ in
                let all = agents().agents
                return .json([
                    "count": .integer(all.count), "agents": .array(all.map { Self.json(of: $0, withPrompt: false) }),
                ])
            })
    }

    var agent: Route {
        let agents = self.agents
        return Route(
            method: .GET, template: "/v1/agents/{name}",
            operation: Operation(
                summary: "One agent, with its prompt; names match in any case.", tag: "agents",
                response: Self.agentSchema(withPrompt: true)),
            handle: { incoming in
                guard let agent = agents()[incoming.parameter] else {
                    throw ErrorBody(
                        status: 404, type: "invalid_request_error", code: "not_found",
                        message: "no such agent: GET /v1/agents lists those there are")
                }
                return .json(Self.json(of: agent, withPrompt: true))
            })
    }

    private static func agentSchema(withPrompt: Bool) -> JSONValue {
        var properties: JSONObject = [
            "name": ["type": "string"], "description": ["type": "string"],
            "tools": ["type": "array", "items": ["type": "string"]], "metadata": ["type": "object"],
        ]
        var required = ["name", "description", "tools", "metadata"]
        if withPrompt {
            properties["system_prompt"] = ["type": "string"]
            required.append("system_prompt")
        }
        return objectSchema(properties, required: required)
    }

    private static func json(of agent: Agent, withPrompt: Bool) -> JSONValue {
        var object: JSONObject = [
            "name": .string(agent.name.text), "description": .string(agent.description),
            "tools": .array(agent.tools.map(JSONValue.string)), "metadata": .object(agent.metadata),
        ]
        if withPrompt { object["system_prompt"] = .string(agent.systemPrompt) }
        return .object(object)
    }
}
