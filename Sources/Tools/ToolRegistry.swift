package import OrchCore

/// The tools of a server, fixed once it is built, in the order in which they were given.
package struct ToolRegistry: Sendable {
    package let tools: [Tool]
    private let entries: [[UInt8]: Entry]

    /// A tool with its schema compiled.
    struct Entry: Sendable {
        let tool: Tool
        let schema: ArgumentSchema
    }

    /// Refuses invalid names, names that come twice, and schemas that cannot be enforced.
    package init(_ tools: [Tool], patterns: any PatternCompiler) throws(ToolError) {
        var entries: [[UInt8]: Entry] = [:]
        for tool in tools {
            guard Tool.isValidName(tool.name) else {
                throw ToolError(.invalidToolName, "'\(printable(tool.name) ?? "?")' is not a valid tool name")
            }
            let key = Array(tool.name.utf8)
            guard entries[key] == nil else {
                throw ToolError(.duplicateTool, "a tool named \(tool.name) is registered already")
            }
            do {
                entries[key] = Entry(tool: tool, schema: try ArgumentSchema(tool.parameters, patterns: patterns))
            } catch {
                throw ToolError(.invalidSchema, "tool \(tool.name): \(error.message)")
            }
        }
        self.tools = tools
        self.entries = entries
    }

    /// The tool of exactly this name.
    package func tool(named name: String) -> Tool? {
        entry(named: name)?.tool
    }

    /// What does not fit the schema of a tool's arguments; nil where all does, or there is no such tool.
    package func violation(of name: String, _ arguments: JSONValue) -> ArgumentViolation? {
        entry(named: name)?.schema.violation(in: arguments)
    }

    func entry(named name: String) -> Entry? {
        entries[Array(name.utf8)]
    }
}
