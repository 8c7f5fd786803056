package import OrchAgents
import OrchCore

/// The file of one agent: `name`, `description`, `system_prompt`, `tools`, `metadata`.
package enum AgentFile {
    /// Reads an agent, or throws the first fault with its line.
    package static func load(_ path: String) throws(PolicyFileError) -> Loaded<Agent> {
        let bytes = try LocalFile.read(path)
        let agent = try parse(bytes, file: LocalFile.name(of: path))
        return Loaded(agent, policyHash: ContentHash.hexadecimal(of: bytes))
    }

    /// The agent that some bytes spell out.
    package static func parse(_ bytes: [UInt8], file: String) throws(PolicyFileError) -> Agent {
        let root = try YAMLReader.read(bytes, file: file)
        let keys = ["name", "description", "system_prompt", "tools", "metadata"]
        let mapping = try YAMLMapping(root, file: file, keys: keys)
        return Agent(
            name: try name(mapping),
            description: try mapping.string("description") ?? "",
            systemPrompt: try mapping.name("system_prompt"),
            tools: try tools(mapping),
            metadata: try mapping.object("metadata") ?? JSONObject())
    }

    private static func name(_ mapping: YAMLMapping) throws(PolicyFileError) -> AgentName {
        let text = try mapping.name("name")
        do throws(AgentError) {
            return try AgentName(text)
        } catch {
            throw PolicyFileError(
                .invalidValue, file: mapping.file, at: mapping.value("name")?.position, error.message)
        }
    }

    private static func tools(_ mapping: YAMLMapping) throws(PolicyFileError) -> [String] {
        var tools: [String] = []
        for node in try mapping.sequence("tools") ?? [] {
            let tool = try node.name(file: mapping.file)
            guard !tools.contains(tool) else {
                throw PolicyFileError(
                    .invalidValue, file: mapping.file, at: node.position, "the tool \(Quoted(tool)) comes twice")
            }
            tools.append(tool)
        }
        return tools
    }
}
