import OrchAgents
import OrchCore
import OrchProviders
import OrchReceipts
import OrchTokens
import Testing

@testable import OrchOrchestrator

@Suite struct AgentPromptLimitTests {
    /// Sentences of 16 bytes.
    private static func prompt(_ sentences: Int) -> String {
        String(repeating: "Say what is so. ", count: sentences)
    }

    private func bench(
        _ metadata: JSONObject = JSONObject(), budget: Int = 500, allowsLongPrompts: Bool = false, sentences: Int = 10
    ) throws -> Bench {
        let agent = Agent(name: try AgentName("Long"), systemPrompt: Self.prompt(sentences), metadata: metadata)
        return try Bench {
            $0.budget = TokenBudget(maximumTokens: budget, allowsLongPrompts: allowsLongPrompts)
            $0.agents = [agent]
        }
    }

    private func sentPrompt(_ bench: Bench) throws -> String {
        let body = try #require(bench.model.calls.last?.body)
        let message = try JSONDocument(parsing: body).root["messages"]?.elements.first { _ in true }
        return message?["content"]?.string ?? ""
    }

    @Test func `a prompt over a fifth of the budget ends at its last whole sentence`() async throws {
        let bench = try bench()
        let root = try await bench.whole(Bench.body("hi"), agent: "Long")
        let prompt = try sentPrompt(bench)
        #expect(Self.prompt(10).hasPrefix(prompt) && prompt.utf8.count <= 100)
        #expect(prompt.hasSuffix("so.") || prompt.hasSuffix("so. "))
        let delta = 100 - prompt.utf8.count
        #expect(
            bench.log.steps(.agentPromptGuardrail).first == [
                "action": "cut", "agent": "Long", "boundary": "sentence", "delta_tokens": .integer(delta),
                "limit": 100, "tokens": 160,
            ])
        let deltas = bench.events.all.compactMap { if case .promptCut(let delta) = $0 { delta } else { nil } }
        #expect(deltas == [delta])
        #expect(root["token_usage"]?["input_tokens"]?.int == 5 + 4 + 6 + prompt.utf8.count + 4 + 4 + 2)
    }

    static let exemptions: [(JSONObject, Bool, String)] = [
        (["allow_overbudget_prompt": true], false, "allow_overbudget_prompt"),
        (["prompt_category": "legal"], false, "prompt_category"), (JSONObject(), true, "setting"),
    ]

    @Test(arguments: exemptions)
    func `an exempt prompt is whole, and a step says why`(
        _ metadata: JSONObject, _ allowsAll: Bool, _ reason: String
    ) async throws {
        let bench = try bench(metadata, allowsLongPrompts: allowsAll)
        _ = try await bench.whole(Bench.body("hi"), agent: "Long")
        #expect(try sentPrompt(bench) == Self.prompt(10))
        #expect(
            bench.log.steps(.agentPromptGuardrail).first == [
                "action": "exempt", "agent": "Long", "exemption": .string(reason), "limit": 100, "tokens": 160,
            ])
    }

    @Test func `a prompt within its part, or without a budget, is nobody's business`() async throws {
        for bench in [try bench(sentences: 6), try bench(budget: 0)] {
            _ = try await bench.whole(Bench.body("hi"), agent: "Long")
            #expect(bench.log.steps(.agentPromptGuardrail).isEmpty)
            #expect(try sentPrompt(bench).hasPrefix("Say what"))
        }
    }

    @Test func `a cut inside a token stays within the limit when it is counted anew`() throws {
        let counter = TokenCounter(try TinyVocabulary.tokenizer())
        // A fifth of 50: the tenth token ends before the accent, whose letter then goes, too.
        let text = String(repeating: "hello", count: 9) + " hello\u{301}" + String(repeating: " world", count: 20)
        for budget in stride(from: 5, through: 100, by: 1) {
            let prompts = AgentPrompts(budget: TokenBudget(maximumTokens: budget))
            let fitted = prompts.prompt(
                of: Agent(name: try AgentName("A"), systemPrompt: text), by: counter)
            #expect(fitted.tokens <= max(budget / 5, 0) || fitted.guardrail == nil, "\(budget)")
            #expect(text.unicodeScalars.starts(with: fitted.text.unicodeScalars))
        }
    }

    @Test func `what is over its part and exempt is told of once`() throws {
        let events = Bench.Events()
        let prompts = AgentPrompts(budget: TokenBudget(maximumTokens: 500)) { events.add($0) }
        let counter = TokenCounter(fallback: ByteFallbackCounter(margin: 1))
        let agent = Agent(
            name: try AgentName("Long"), systemPrompt: Self.prompt(10), metadata: ["prompt_category": "legal"])
        for _ in 0..<3 { #expect(prompts.prompt(of: agent, by: counter).text == Self.prompt(10)) }
        #expect(events.all.count == 1)
    }

    @Test func `an agent that was loaded anew is looked at anew`() throws {
        let prompts = AgentPrompts(budget: TokenBudget(maximumTokens: 500))
        let counter = TokenCounter(fallback: ByteFallbackCounter(margin: 1))
        var agent = Agent(name: try AgentName("Long"), systemPrompt: "one")
        #expect(prompts.prompt(of: agent, by: counter).text == "one")
        agent.systemPrompt = "another"
        #expect(prompts.prompt(of: agent, by: counter).text == "another")
        agent.systemPrompt = Self.prompt(10)
        #expect(prompts.prompt(of: agent, by: counter).guardrail != nil)
        agent.metadata = ["prompt_category": "statute"]
        #expect(prompts.prompt(of: agent, by: counter).text == Self.prompt(10))
    }
}
