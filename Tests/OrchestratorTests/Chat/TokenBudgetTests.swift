import OrchAgents
import OrchCore
import OrchProviders
import OrchReceipts
import OrchTokens
import Testing

@testable import OrchOrchestrator

/// By bytes: a message costs 4, its role's bytes and its text's; a conversation 5.
@Suite struct TokenBudgetTests {
    /// Turns of a user's and an assistant's message, 33 tokens each: (4 + 4 + 9) + (4 + 9 + 3).
    private static func turns(_ count: Int, last: String = "") -> String {
        let turns = (1...count).map { number in
            let text = "question\(number % 10)"
            return #"{"role":"user","content":"\#(text)"},{"role":"assistant","content":"yes"}"#
        }
        return "{\"messages\":[\(turns.joined(separator: ",")),\(last)]}"
    }

    private static let ask = #"{"role":"user","content":"and now?!"}"#

    private static func bench(_ budget: Int, _ change: (inout Bench.Options) -> Void = { _ in }) throws -> Bench {
        try Bench { options in
            options.budget = TokenBudget(maximumTokens: budget)
            change(&options)
        }
    }

    private static func sent(_ bench: Bench) throws -> [String] {
        let body = try #require(bench.model.calls.last?.body)
        return try JSONDocument(parsing: body).root["messages"].map { messages in
            messages.elements.map { $0["content"]?.string ?? "" }
        } ?? []
    }

    @Test func `what fits goes out as it came`() async throws {
        let total = 5 + 3 * 33 + 17
        let bench = try Self.bench(total)
        let body = Self.turns(3, last: Self.ask)
        let root = try await bench.whole(body)
        #expect(try Self.sent(bench).count == 7)
        #expect(bench.log.steps(.tokenBudgetPrune).isEmpty)
        #expect(
            root["token_usage"]?.value == [
                "input_tokens": .integer(total), "output_tokens": 2, "tokenizer": "bytes", "fallback": true,
                "budget": .integer(total), "utilization": 1,
            ])
        let used = bench.events.all.compactMap { if case .budgetUsed(let part) = $0 { part } else { nil } }
        #expect(used == [1])
    }

    @Test func `one token too many, and the oldest turn behind the goal goes`() async throws {
        let total = 5 + 4 * 33 + 17
        let bench = try Self.bench(total - 1)
        let root = try await bench.whole(Self.turns(4, last: Self.ask))
        #expect(try Self.sent(bench) == ["question1", "yes", "question3", "yes", "question4", "yes", "and now?!"])
        #expect(root["token_usage"]?["input_tokens"]?.int == total - 33)
        #expect(bench.model.calls.first?.inputTokens == total - 33)
        let step = try #require(bench.log.steps(.tokenBudgetPrune).first)
        #expect(
            step == [
                "budget": .integer(total - 1),
                "dropped_turns": [["priority": 32, "tokens": 33, "turn": 1]], "strategy": "recency",
                "summary_added": false, "tokens_after": .integer(total - 33), "tokens_before": .integer(total),
                "turns": 5,
            ])
        #expect(bench.events.all.contains { if case .pruned = $0 { true } else { false } })
    }

    @Test func `the tier is chosen by what there was before pruning`() async throws {
        let bench = try Self.bench(100)
        let root = try await bench.whole(Self.turns(9, last: Self.ask))
        #expect(root["model_decision"]?["reason"]?.string == "tier3_summary_required")
        #expect(root["token_usage"]?["input_tokens"]?.int == 5 + 33 + 33 + 17)
    }

    @Test func `what must be kept and does not fit is refused with both numbers, and nothing is sent`() async throws {
        let bench = try Self.bench(54)
        let failure = await bench.failure(Self.turns(4, last: Self.ask))
        let traced = try #require(failure as? TracedFailure)
        let error = try #require(traced.error as? PipelineError)
        #expect(error.codeName == "context_length_exceeded" && error.parameter == "messages")
        #expect(error.message.contains("55") && error.message.contains("54"))
        #expect(bench.model.calls.isEmpty)
        #expect(bench.log.steps(.tokenUsage).first?["input_tokens"] == .integer(5 + 4 * 33 + 17))
        #expect(bench.log.steps(.error).first?["code"] == "context_length_exceeded")
    }

    @Test func `marks of a caller keep a turn or give it up`() async throws {
        func message(_ text: String, _ more: String) -> String {
            // A turn is worth what its least message is, so that both are marked.
            #"{"role":"user","content":"\#(text)"\#(more)},{"role":"assistant","content":"yes"\#(more)}"#
        }
        let body =
            "{\"messages\":["
            + [
                message("goal", ""), message("pinned", #","pinned":true"#),
                message("metagoal", #","metadata":{"goal":"why"}"#),
                message("metapin", #","metadata":{"pinned":true}"#),
                message("high", #","metadata":{"priority":"high"}"#), message("plain", ""),
                message("low", #","metadata":{"priority":"low"}"#),
                message("number", #","metadata":{"priority":99.5}"#),
                #"{"role":"user","content":"last"}"#,
            ].joined(separator: ",") + "]}"
        let all = try await Self.countOf(body)
        // The low one first, then the plain one, then the one of 99.5, then the high one.
        let order = ["low", "plain", "number", "high"]
        var left = all
        for (index, name) in order.enumerated() {
            let bench = try Self.bench(left - 1)
            _ = try await bench.whole(body)
            let texts = try Self.sent(bench)
            for gone in order[...index] { #expect(!texts.contains(gone), "\(name)") }
            for kept in order[(index + 1)...] { #expect(texts.contains(kept), "\(name)") }
            for kept in ["goal", "pinned", "metagoal", "metapin", "last"] { #expect(texts.contains(kept), "\(name)") }
            left = try #require(bench.model.calls.first?.inputTokens)
        }
        let tooSmall = try Self.bench(left - 1)
        #expect(await tooSmall.failure(body) != nil)
    }

    private static func countOf(_ body: String) async throws -> Int {
        let bench = try Self.bench(0)
        _ = try await bench.whole(body)
        return try #require(bench.model.calls.first?.inputTokens)
    }

    @Test func `a tool's answer goes with its call or stays with it`() async throws {
        let call = #"{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function"}]}"#
        let body =
            #"{"messages":[{"role":"user","content":"goal"},{"role":"user","content":"call"},"# + call
            + #",{"role":"tool","tool_call_id":"c1","content":"r"},{"role":"user","content":"last"}]}"#
        let all = try await Self.countOf(body)
        let bench = try Self.bench(all - 1)
        _ = try await bench.whole(body)
        #expect(try Self.sent(bench) == ["goal", "last"])
    }

    @Test func `a function's answer of the older form goes with its call, too, and a call without an id is one`()
        async throws
    {
        let forms = [
            (#""function_call":{"name":"f","arguments":"{}"}"#, #""role":"function","name":"f""#),
            (#""tool_calls":[{"type":"function"}]"#, #""role":"tool""#),
        ]
        for (call, answer) in forms {
            let body =
                #"{"messages":[{"role":"user","content":"goal"},{"role":"user","content":"ask"},"#
                + #"{"role":"assistant","content":null,\#(call)},{"role":"user","content":"between"},"#
                + #"{\#(answer),"content":"r"},{"role":"user","content":"last"}]}"#
            let bench = try Self.bench(try await Self.countOf(body) - 1)
            _ = try await bench.whole(body)
            #expect(try Self.sent(bench) == ["goal", "last"], "\(call)")
        }
    }

    @Test func `numbers of callers are held to what receipts may hold`() async throws {
        let body =
            #"{"messages":[{"role":"user","content":"goal"},"#
            + #"{"role":"user","content":"b","metadata":{"priority":4111111111111111}},{"role":"user","content":"c"}]}"#
        let bench = try Self.bench(try await Self.countOf(body) - 1)
        _ = try await bench.whole(body)
        let dropped = bench.log.steps(.tokenBudgetPrune).first?["dropped_turns"]
        #expect(dropped == [["priority": 1000, "tokens": 9, "turn": 1]])
    }

    @Test func `streams are pruned, too, and their opening says so`() async throws {
        let bench = try Self.bench(5 + 3 * 33 + 17 - 1)
        let body = Self.turns(3, last: Self.ask).dropLast() + #","stream":true}"#
        let record = try await bench.stream(String(body))
        #expect(record.isDone)
        #expect(try Self.sent(bench).count == 5)
        #expect(
            bench.log.entries[0].steps.map(\.type) == [
                "policy_snapshot", "intent_router", "token_budget_prune", "token_usage",
            ])
    }

    // MARK: Summaries

    private static func summing(_ budget: Int, above: Int = 1 << 30, always: Bool = false) throws -> Bench {
        try bench(budget) {
            $0.budget.summaries = TokenBudget.Summaries(
                ExtractiveSummarizer(), forcedAbove: above, always: always)
        }
    }

    /// Six turns of two sentences, behind a system message.
    private static let meeting: String = {
        let turns = (1...6).map { number in
            #"{"role":"user","content":"The remote control number \#(number) shall be yellow. So it is."},"#
                + #"{"role":"assistant","content":"Noted the yellow control."}"#
        }
        return #"{"messages":[{"role":"system","content":"Be brief."},"# + turns.joined(separator: ",")
            + #",{"role":"user","content":"What now?"}]}"#
    }()

    @Test func `what is left out is summed up in a message behind the system's, within the budget`() async throws {
        let bench = try Self.summing(500, always: true)
        let root = try await bench.whole(Self.meeting)
        let sent = try Self.sent(bench)
        #expect(sent[0] == "Be brief." && sent[1].hasPrefix(PrunedRequest.Summary.heading))
        #expect(sent[1].contains("yellow") && sent.last == "What now?")
        let used = try #require(root["token_usage"]?["input_tokens"]?.int)
        // By bytes the body's size is the count, but for what it says of form.
        #expect(
            used <= 500
                && used == 5
                    + sent.enumerated().reduce(0) { sum, message in
                        sum + 4 + message.element.utf8.count
                            + (message.offset < 2 ? 6 : message.offset % 2 == 0 ? 4 : 9)
                    }
        )
        let step = try #require(bench.log.steps(.tokenBudgetPrune).first)
        #expect(step["summary_added"] == true && step["summary"]?.objectValue?["forced"] == false)
        let event = bench.events.all.compactMap { event -> Bool? in
            if case .pruned(let summary) = event { summary.map { !$0.isForced } ?? false } else { nil }
        }
        #expect(event == [true])
    }

    @Test func `over tier 3 a summary is made without being asked for, and under it not`() async throws {
        let forced = try Self.summing(500, above: 600)
        _ = try await forced.whole(Self.meeting)
        #expect(forced.log.steps(.tokenBudgetPrune).first?["summary"]?.objectValue?["forced"] == true)
        let other = try Self.summing(500, above: 100_000)
        _ = try await other.whole(Self.meeting)
        #expect(other.log.steps(.tokenBudgetPrune).first?["summary_added"] == false)
    }

    @Test func `where there is no room for a summary the request goes without one`() async throws {
        let plain = try Self.bench(1000)
        _ = try await plain.whole(Self.meeting)
        // What must stay: system, goal, last.
        let least = 5 + (4 + 6 + 9) + (4 + 4 + 54) + (4 + 9 + 25) + (4 + 4 + 9)
        let bench = try Self.summing(least + 3, always: true)
        let root = try await bench.whole(Self.meeting)
        #expect(bench.log.steps(.tokenBudgetPrune).first?["summary_added"] == false)
        #expect(try #require(root["token_usage"]?["input_tokens"]?.int) <= least + 3)
    }

    @Test func `by relevance what the question is about stays`() async throws {
        let body = """
            {"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hi"},
            {"role":"user","content":"the remote control is yellow"},{"role":"assistant","content":"ok"},
            {"role":"user","content":"lunch is at noon in the hall"},{"role":"assistant","content":"ok"},
            {"role":"user","content":"which colour has the remote control?"}]}
            """
        let total = try await Self.countOf(body)
        for (ranking, gone) in [
            (TokenBudget.Ranking.recency, "the remote control is yellow"),
            (.relevance(RelevanceRanking()), "lunch is at noon in the hall"),
        ] {
            let bench = try Self.bench(total - 1) { $0.budget.ranking = ranking }
            _ = try await bench.whole(body)
            #expect(try !Self.sent(bench).contains(gone))
        }
    }

    @Test func `an embedder that fails leaves the ranking to recency, and the step says so`() async throws {
        struct Gone: Error {}
        let bench = try Self.bench(5 + 4 * 33 + 16) {
            $0.budget.ranking = .relevance(RelevanceRanking(embed: { _ in throw Gone() }))
        }
        _ = try await bench.whole(Self.turns(4, last: Self.ask))
        #expect(bench.log.steps(.tokenBudgetPrune).first?["strategy"] == "recency")
    }

    @Test func `where too many wait for the embedder the request is refused, as it is to be pruned alike each time`()
        async throws
    {
        let bench = try Self.bench(5 + 4 * 33 + 16) {
            $0.budget.ranking = .relevance(
                RelevanceRanking(embed: { _ in throw EmbeddingError(.queueFull, "too many texts wait") }))
        }
        let failure = await bench.failure(Self.turns(4, last: Self.ask))
        #expect(((failure as? TracedFailure)?.error as? EmbeddingError)?.code == .queueFull)
        #expect(bench.model.calls.isEmpty)
    }

    @Test func `a summary by a broken embedder goes by words alone`() async throws {
        struct Gone: Error {}
        let bench = try Self.bench(500) {
            $0.budget.summaries = TokenBudget.Summaries(
                ExtractiveSummarizer(embed: { _ in throw Gone() }), forcedAbove: 0, always: true)
        }
        _ = try await bench.whole(Self.meeting)
        let plain = try Self.summing(500, always: true)
        _ = try await plain.whole(Self.meeting)
        #expect(try Self.sent(bench) == Self.sent(plain))
    }

    @Test func `without a budget everything goes and nothing is said of one`() async throws {
        let bench = try Self.bench(0)
        let root = try await bench.whole(Self.turns(9, last: Self.ask))
        #expect(root["token_usage"]?["budget"] == nil && root["token_usage"]?["utilization"] == nil)
        #expect(bench.log.steps(.tokenUsage).first?["budget"] == nil)
        #expect(!bench.events.all.contains { if case .budgetUsed = $0 { true } else { false } })
    }

    @Test func `a tool that answers needs no budget`() async throws {
        let bench = try Self.bench(1)
        let root = try await bench.whole(Bench.body("calc 1+1"))
        #expect(root["tool_result"]?.isNull == false)
        #expect(root["token_usage"]?["output_tokens"]?.int == 1)
    }

    // MARK: Vocabularies

    @Test func `an installed vocabulary counts exactly, and the answer says which`() async throws {
        let catalog = try TinyVocabulary.catalog()
        let bench = try Self.bench(0) { $0.catalog = catalog }
        let root = try await bench.whole(Bench.body("hello world"))
        // 3 for the message, 1 for `user`, `hello` and ` world`, 3 for the answer.
        #expect(root["token_usage"]?["input_tokens"]?.int == 3 + 1 + 2 + 3)
        #expect(root["token_usage"]?["tokenizer"]?.string == "o200k_base")
        #expect(root["token_usage"]?["fallback"]?.bool == false)
        let step = try #require(bench.log.steps(.tokenUsage).first)
        #expect(step["tokenizer"] == "o200k_base" && step["fallback"] == false && step["output_tokens"] == 2)
    }

    @Test func `the model that is asked counts, not the one that was thought of first`() async throws {
        let catalog = try TinyVocabulary.catalog()
        let bench = try Self.bench(0) {
            $0.catalog = catalog
            $0.aliases = ["mine": "bytes-model"]
        }
        let root = try await bench.whole(Bench.body("hello", #""model":"mine""#))
        #expect(root["token_usage"]?["tokenizer"]?.string == "bytes")
        #expect(root["token_usage"]?["input_tokens"]?.int == 4 + 4 + 5 + 5)
    }

    @Test func `where a model is not known, those who make room for the request get its bytes`() async throws {
        let catalog = try TinyVocabulary.catalog()
        let bench = try Self.bench(0) {
            $0.catalog = catalog
            $0.script.models = ["unknown"]
        }
        let root = try await bench.whole(Bench.body("hello world", #""model":"unknown""#))
        #expect(root["token_usage"]?["input_tokens"]?.int == 9)
        // With the quotes.
        #expect(bench.model.calls.first?.inputTokens == 4 + 4 + 13 + 5)
    }

    @Test func `an agent may name what counts for it`() async throws {
        let catalog = try TinyVocabulary.catalog()
        let agent = Agent(
            name: try AgentName("Bytes"), systemPrompt: "hello", metadata: ["tokenizer_model": "bytes-like"])
        let bench = try Self.bench(0) {
            $0.catalog = catalog
            $0.agents = [agent]
        }
        let root = try await bench.whole(Bench.body("hello"), agent: "Bytes")
        #expect(root["token_usage"]?["tokenizer"]?.string == "bytes")
    }
}
