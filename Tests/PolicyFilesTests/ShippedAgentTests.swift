import OrchAgents
import OrchCore
import OrchPolicyFiles
import Testing

struct ShippedAgentTests {
    @Test func hollyIsShippedWithoutAProblem() throws {
        let agents = try ShippedFiles.agents()
        #expect(agents.problems.isEmpty)
        let holly = try #require(agents.catalog["HOLLY"])
        #expect(holly.name.text == "Holly")
        #expect(holly.tools == ["echo", "safe_calc"])
        #expect(holly.metadata["version"]?.stringValue != nil)
        #expect(holly.metadata["local_only"] == true)
        #expect(!holly.description.isEmpty)
    }

    @Test(arguments: ["concise", "cloud", "password", "explain why", "local alternative"])
    func hollysPromptSpeaksOf(subject: String) throws {
        let holly = try #require(try ShippedFiles.agents().catalog["holly"])
        #expect(holly.systemPrompt.contains(subject))
    }
}
