import OrchAgents
import OrchProviders
import Testing

@testable import OrchOrchestrator

@Suite("Names of models")
struct ModelDirectoryTests {
    private func directory(_ model: FakeModel?, aliases: [String: String] = [:]) throws -> ModelDirectory {
        let agents = try AgentCatalog([Agent(name: try AgentName("One"), systemPrompt: "p")])
        return ModelDirectory(provider: model, configured: ["set"], aliases: aliases, agents: { agents })
    }

    private func model(_ names: String...) -> FakeModel {
        var script = FakeModel.Script()
        script.models = names
        return FakeModel(script)
    }

    @Test("Absent, configured, aliased, agents' and listed names stand for what they should")
    func resolves() async throws {
        let directory = try directory(
            model("listed"),
            aliases: ["a": "b", "free": "auto", "who": "agent/one", "listed": "other", "lost": "agent/none"])
        #expect(try await directory.resolve(nil) == .automatic)
        #expect(try await directory.resolve("set") == .model("set", isAlias: false))
        #expect(try await directory.resolve("a") == .model("b", isAlias: true))
        #expect(try await directory.resolve("free") == .automatic)
        #expect(try await directory.resolve("who").agent?.name.text == "One")
        #expect(try await directory.resolve("agent/ONE").agent?.name.text == "One")
        #expect(try await directory.resolve("listed") == .model("other", isAlias: true))
        await #expect(throws: PipelineError.self) { _ = try await directory.resolve("lost") }
        await #expect(throws: PipelineError.self) { _ = try await directory.resolve("b") }
        #expect(directory.agentNames() == ["agent/One"])
    }

    @Test("The listing is asked for once while it is fresh, and not at all for names that need none")
    func caching() async throws {
        let model = model("x", "y")
        let directory = try directory(model, aliases: ["a": "b"])
        for name in ["set", "a", "agent/one", nil] { _ = try await directory.resolve(name) }
        #expect(model.listings == 0)
        for _ in 0..<10 { #expect(try await directory.resolve("x") == .model("x", isAlias: false)) }
        #expect(await directory.models().map(\.id) == ["x", "y"])
        #expect(model.listings == 1)
        for _ in 0..<10 { await #expect(throws: PipelineError.self) { _ = try await directory.resolve("unknown") } }
        #expect(model.listings == 1, "unknown names do not make a server list again and again")
    }

    @Test("A model that was just installed is found after two seconds")
    func refreshes() async throws {
        let model = model("x")
        let directory = try directory(model)
        _ = try await directory.resolve("x")
        model.change { $0.models = ["x", "new"] }
        await #expect(throws: PipelineError.self) { _ = try await directory.resolve("new") }
        try await Task.sleep(for: .milliseconds(2100))
        #expect(try await directory.resolve("new") == .model("new", isAlias: false))
        #expect(model.listings == 2)
    }

    @Test("A server that is down keeps the names it had")
    func outage() async throws {
        let model = model("x")
        let directory = try directory(model)
        _ = try await directory.resolve("x")
        model.change { $0.modelsFailure = ProviderError(.unreachable, "gone") }
        try await Task.sleep(for: .milliseconds(2100))
        await #expect(throws: PipelineError.self) { _ = try await directory.resolve("unknown") }
        #expect(model.listings == 2)
        #expect(try await directory.resolve("x") == .model("x", isAlias: false))
    }

    @Test("Without a server any name stands for our choice, but an agent's must exist")
    func noServer() async throws {
        let directory = try directory(nil)
        #expect(try await directory.resolve("gpt-anything") == .automatic)
        #expect(await directory.models().isEmpty)
        await #expect(throws: PipelineError.self) { _ = try await directory.resolve("agent/none") }
    }
}
