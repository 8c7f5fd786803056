import OrchCore
import Testing

@testable import OrchTools

@Suite struct ToolRegistryTests {
    private func tool(_ name: String, parameters: JSONValue = ["type": "object"]) -> Tool {
        Tool(name: name, description: "", parameters: parameters, safe: true) { _ in ToolOutput("") }
    }

    @Test(arguments: ["a", "Z9", "server.tool", "a-b_c", String(repeating: "x", count: 64)])
    func `a good name is accepted`(name: String) throws {
        let registry = try ToolRegistry([tool(name)], patterns: SubstringPatterns())
        #expect(registry.tool(named: name)?.name == name)
    }

    @Test(arguments: ["", "a b", "é", "a/b", "a\n", "a\0", "ａ", String(repeating: "x", count: 65)])
    func `a bad name is refused`(name: String) {
        let error = #expect(throws: ToolError.self) { try ToolRegistry([tool(name)], patterns: SubstringPatterns()) }
        #expect(error?.code == .invalidToolName)
    }

    @Test func `a name twice is refused`() {
        let error = #expect(throws: ToolError.self) {
            try ToolRegistry([tool("a"), tool("b"), tool("a")], patterns: SubstringPatterns())
        }
        #expect(error?.codeName == "duplicate_tool")
    }

    @Test func `names differ by case`() throws {
        let registry = try ToolRegistry([tool("a"), tool("A")], patterns: SubstringPatterns())
        #expect(registry.tools.count == 2)
        #expect(registry.tool(named: "b") == nil)
    }

    @Test func `a schema that cannot be enforced is refused with tool and place`() {
        let parameters: JSONValue = ["type": "object", "properties": ["a": ["if": true]]]
        let error = #expect(throws: ToolError.self) {
            try ToolRegistry([tool("t", parameters: parameters)], patterns: SubstringPatterns())
        }
        #expect(error?.code == .invalidSchema)
        #expect(error?.message == "tool t: parameters.properties.a.if: this keyword is not supported here")
    }

    @Test func `tools are listed in the order given`() throws {
        let registry = try ToolRegistry([tool("c"), tool("a"), tool("b")], patterns: SubstringPatterns())
        #expect(registry.tools.map(\.name) == ["c", "a", "b"])
    }
}
