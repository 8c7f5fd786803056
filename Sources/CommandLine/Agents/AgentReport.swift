import OrchAgents
import OrchCore

/// What `orch agents list` says.
struct AgentListReport {
    let agents: [Agent]

    func text(_ palette: Palette) -> String {
        guard !agents.isEmpty else { return "There are no agents.\n" }
        let rows = agents.map { agent -> [Table.Cell] in
            [
                Table.Cell(agent.name.text),
                Table.Cell(agent.tools.isEmpty ? "-" : agent.tools.joined(separator: ", ")),
                Table.Cell(Visible.line(agent.description, maximum: 80)),
            ]
        }
        return Table(["NAME", "TOOLS", "DESCRIPTION"], rows).text(palette)
    }

    /// The same as GET /v1/agents.
    var json: String {
        let value: JSONValue = [
            "count": .integer(agents.count),
            "agents": .array(agents.map { .object(AgentReport(agent: $0).members) }),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}

/// What `orch agents show` says.
struct AgentReport {
    let agent: Agent

    func text(_ palette: Palette) -> String {
        let tools = agent.tools.isEmpty ? "none" : agent.tools.joined(separator: ", ")
        var rows: [[Table.Cell]] = [
            [Table.Cell("name", .bold), Table.Cell(agent.name.text)],
            [Table.Cell("description", .bold), Table.Cell(agent.description)],
            [Table.Cell("tools", .bold), Table.Cell(tools)],
        ]
        for member in agent.metadata.members {
            rows.append([Table.Cell(member.key, .bold), Table.Cell(member.value.plainText)])
        }
        let prompt = Visible.text(agent.systemPrompt)
        return Table([], rows).text(palette) + "\n" + prompt + (prompt.hasSuffix("\n") ? "" : "\n")
    }

    /// The same as GET /v1/agents/{name}.
    var json: String {
        var object = members
        object["system_prompt"] = .string(agent.systemPrompt)
        return String(decoding: JSONValue.object(object).serialized, as: UTF8.self)
    }

    /// Everything but the prompt.
    var members: JSONObject {
        [
            "name": .string(agent.name.text), "description": .string(agent.description),
            "tools": .array(agent.tools.map(JSONValue.string)), "metadata": .object(agent.metadata),
        ]
    }
}

extension JSONValue {
    /// The text of a string, the JSON of anything else.
    var plainText: String {
        stringValue ?? String(decoding: serialized, as: UTF8.self)
    }
}
