import OrchAgents
import OrchCore
import Testing

struct AgentNameTests {
    @Test(arguments: ["a", "Holly", "code-review_2", "0", String(repeating: "x", count: 64)])
    func lettersDigitsHyphensAndUnderscoresMakeAName(text: String) throws {
        #expect(try AgentName(text).text == text)
    }

    @Test(arguments: [
        "", " ", "two words", "a/b", "a.b", "é", "ａ", "a\u{0}", "a\n", "..", "agent:x", "İ",
        String(repeating: "x", count: 65),
    ])
    func anyOtherTextIsRefused(text: String) throws {
        let error = try #require(throws: AgentError.self) { try AgentName(text) }
        #expect(error.codeName == "invalid_agent_name")
    }
}

struct AgentCatalogTests {
    private func agent(_ name: String) throws -> Agent {
        Agent(name: try AgentName(name), systemPrompt: "You are \(name).")
    }

    @Test func namesMatchInAnyCase() throws {
        let catalog = try AgentCatalog([agent("Holly")])
        for name in ["Holly", "holly", "HOLLY", "hOLLY"] {
            #expect(catalog[name]?.name.text == "Holly")
        }
    }

    @Test(arguments: [
        "", "Hol", "Hollyy", "holly ", "ho\u{301}lly", "\u{212A}ate", String(repeating: "h", count: 1_000_000),
    ])
    func anUnknownNameIsNoAgent(name: String) throws {
        #expect(try AgentCatalog([agent("Holly"), agent("Kate")])[name] == nil)
    }

    @Test func agentsAreListedByNameWhateverTheCase() throws {
        let catalog = try AgentCatalog([agent("beta"), agent("Alpha"), agent("Gamma"), agent("delta")])
        #expect(catalog.agents.map(\.name.text) == ["Alpha", "beta", "delta", "Gamma"])
        #expect(catalog.count == 4)
    }

    @Test func namesThatDifferInCaseOnlyAreRefused() throws {
        let agents = try [agent("Holly"), agent("other"), agent("hoLLy")]
        let error = try #require(throws: AgentError.self) { try AgentCatalog(agents) }
        #expect(error.code == .duplicateName)
        #expect(error.message.lowercased().contains("holly"))
    }

    @Test func anEmptyCatalogHasNoAgents() {
        #expect(AgentCatalog().isEmpty)
        #expect(AgentCatalog()["holly"] == nil)
    }
}
