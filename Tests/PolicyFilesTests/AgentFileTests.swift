import OrchAgents
import OrchCore
import OrchPolicyFiles
import Testing

struct AgentFileTests {
    private func parse(_ text: String) throws(PolicyFileError) -> Agent {
        try AgentFile.parse(Array(text.utf8), file: "a.yaml")
    }

    @Test func everyKeyIsRead() throws {
        let agent = try parse(
            """
            name: Code-Review_1
            description: Reviews
            system_prompt: |
              First line.

              - a list
            tools: [echo, safe_calc]
            metadata: {version: "1", local_only: true, nested: {n: 2}}
            """)
        #expect(agent.name.text == "Code-Review_1")
        #expect(agent.systemPrompt == "First line.\n\n- a list\n")
        #expect(agent.tools == ["echo", "safe_calc"])
        #expect(agent.metadata == ["version": "1", "local_only": true, "nested": ["n": 2]])
    }

    @Test func aNameAndAPromptAreEnough() throws {
        let agent = try parse("{name: x, system_prompt: y}")
        #expect(agent.tools.isEmpty)
        #expect(agent.metadata.isEmpty)
        #expect(agent.description.isEmpty)
    }

    @Test(arguments: [
        ("name: x", PolicyFileError.Code.missingKey, 1, "`system_prompt`"),
        ("system_prompt: x", .missingKey, 1, "`name`"),
        ("name: x\nsystem_prompt: '  '", .invalidValue, 2, "empty"),
        ("name: x y\nsystem_prompt: p", .invalidValue, 1, "other characters"),
        ("name: 12\nsystem_prompt: p", .wrongType, 1, "put it in quotes"),
        ("name: x\nsystem_promt: p", .unknownKey, 2, "did you mean `system_prompt`?"),
        ("name: x\nsystem_prompt: p\ntools: echo", .wrongType, 3, "a list"),
        ("name: x\nsystem_prompt: p\ntools: [1]", .wrongType, 3, "expected text"),
        ("name: x\nsystem_prompt: p\ntools: [a, b, a]", .invalidValue, 3, "`a` comes twice"),
        ("name: x\nsystem_prompt: p\nmetadata: 3", .wrongType, 3, "a mapping"),
        ("name: x\nsystem_prompt: p\nmetadata: {a: .nan}", .invalidValue, 3, "not finite"),
    ])
    func aFaultIsNamedWithItsLine(text: String, code: PolicyFileError.Code, line: Int, reason: String) throws {
        let error = try #require(throws: PolicyFileError.self) { try parse(text) }
        #expect(error.code == code)
        #expect(error.line == line)
        #expect(error.message.contains(reason), "\(error)")
    }
}

struct AgentDirectoryTests {
    private func agent(_ name: String) -> String { "name: \(name)\nsystem_prompt: You are \(name).\n" }

    @Test func aBrokenFileIsReportedAndTheRestWork() throws {
        let directory = try TemporaryDirectory()
        try directory.write("a.yaml", agent("alpha"))
        try directory.write("b.yaml", "name: beta\nsystem_prompt: [\n")
        try directory.write("c.yml", agent("Gamma"))
        try directory.write("d.yaml", bytes: [0xFF])
        let loaded = try AgentDirectory.load(directory.path).value
        #expect(loaded.catalog.agents.map(\.name.text) == ["alpha", "Gamma"])
        #expect(loaded.problems.map(\.file) == ["b.yaml", "d.yaml"])
        #expect(loaded.problems.map(\.line) == [3, 1])
    }

    @Test func theFirstFileOfANameKeepsIt() throws {
        let directory = try TemporaryDirectory()
        try directory.write("1.yaml", agent("holly"))
        try directory.write("2.yaml", agent("HOLLY"))
        try directory.write("3.yaml", agent("Holly"))
        let loaded = try AgentDirectory.load(directory.path).value
        #expect(loaded.catalog.agents.map(\.name.text) == ["holly"])
        #expect(loaded.problems.map(\.file) == ["2.yaml", "3.yaml"])
        #expect(loaded.problems.allSatisfy { $0.message.contains("1.yaml") })
    }

    @Test func otherFilesAreLeftAlone() throws {
        let directory = try TemporaryDirectory()
        try directory.write("a.yaml", agent("alpha"))
        try directory.write(".hidden.yaml", "broken: [")
        try directory.write("README.md", "# no agent")
        try directory.write("a.yaml~", "broken: [")
        let loaded = try AgentDirectory.load(directory.path).value
        #expect(loaded.catalog.count == 1)
        #expect(loaded.problems.isEmpty)
    }

    @Test func whatIsNoFileIsAProblem() throws {
        let directory = try TemporaryDirectory()
        directory.makeDirectory("d.yaml")
        directory.makePipe("p.yaml")
        let loaded = try AgentDirectory.load(directory.path).value
        #expect(loaded.problems.map(\.code) == [.unreadableFile, .unreadableFile])
    }

    @Test func aMissingDirectoryIsAProblem() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: PolicyFileError.self) { try AgentDirectory.load(directory.path("none")) }
        let loaded = AgentDirectory.loadOrEmpty(directory.path("none"))
        #expect(loaded.value.catalog.isEmpty)
        #expect(loaded.value.problems.map(\.code) == [.missingFile])
    }

    @Test func filesOverTheLimitAreReported() throws {
        let directory = try TemporaryDirectory()
        for index in 0...PolicyFileLimits.maximumFiles {
            try directory.write("agent\(1000 + index).yaml", agent("agent\(index)"))
        }
        let loaded = try AgentDirectory.load(directory.path).value
        #expect(loaded.catalog.count == PolicyFileLimits.maximumFiles)
        #expect(loaded.problems.map(\.code) == [.tooComplex])
    }

    @Test func theHashFollowsTheContentsAndTheNames() throws {
        let directory = try TemporaryDirectory()
        func hash() throws -> String { try AgentDirectory.load(directory.path).policyHash }
        try directory.write("a.yaml", agent("alpha"))
        let first = try hash()
        #expect(try hash() == first)
        try directory.write("b.yaml", "broken: [")
        let second = try hash()
        #expect(second != first)
        try directory.write("b.yaml", "broken: {")
        #expect(try hash() != second)
        directory.remove("b.yaml")
        #expect(try hash() == first)
    }
}
