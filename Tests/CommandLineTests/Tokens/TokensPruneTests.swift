import OrchCore
import OrchOrchestrator
import OrchTokens
import Testing

@testable import OrchCommandLine

struct TokensPruneTests {
    /// Each message counts its role, its text and 4, by bytes; 5 are beside them.
    private static let request = """
        {"model": "bytes", "messages": [
          {"role": "system", "content": "be brief"},
          {"role": "user", "content": "first question"},
          {"role": "assistant", "content": "first answer"},
          {"role": "user", "content": "second question, which is longer than the others"},
          {"role": "assistant", "content": "second answer"},
          {"role": "user", "content": "third question", "pinned": true},
          {"role": "assistant", "content": "third answer"},
          {"role": "user", "content": "last question"}
        ]}
        """

    private func prune(_ arguments: String..., body: String = request, budget: Int = 0) async throws -> Run {
        await orch(
            ["tokens", "prune"] + arguments, in: try TinyVocabulary.environment(budget: budget),
            pieces: [Array(body.utf8)])
    }

    @Test func `JSON says what is kept and what is dropped`() async throws {
        let run = try await prune("--budget", "200", "--json")
        #expect(run.status == 0)
        let value = try #require(try run.json().objectValue)
        #expect(value["kept"] == [0, 1, 2, 5, 6, 7])
        #expect(value["dropped"] == [3, 4])
        #expect(value["summarised"] == [])
        #expect(value["tokens_before"] == 220)
        #expect(value["tokens_after"] == 138)
        #expect(value["budget"] == 200 && value["strategy"] == "recency")
        #expect(value["tokenizer"] == "bytes" && value["fallback"] == true)
        #expect(value["summary"] == .null && value.keys.count == 10)
        #expect(run.err == "warning: \(TokensOptions.fallbackWarning)\n")
    }

    @Test func `people get a table of turns`() async throws {
        let run = try await prune("--budget", "200")
        #expect(run.status == 0)
        #expect(
            run.out == """
                MESSAGES  ROLES            TOKENS  PRIORITY  FATE
                1-2       user, assistant  47      27.5      kept: the first question, or a goal
                3-4       user, assistant  82      35        dropped
                5-6       user, assistant  47      42.5      kept: pinned
                7         user             21      50        kept: the last turn

                before      220 tokens
                after       138 tokens
                budget      200
                beside      5 of what stands beside the messages: tools, template
                counted by  bytes: no vocabulary is installed
                ranked by   recency
                summary     none

                """)
    }

    @Test func `the budget is the server's unless it is given`() async throws {
        #expect(try await prune("--json", budget: 200).json().objectValue?["dropped"] == [3, 4])
        #expect(try await prune("--json", "--budget", "220", budget: 1).json().objectValue?["dropped"] == [])
        let unlimited = try await prune("--budget", "0", budget: 1)
        #expect(unlimited.status == 0)
        #expect(unlimited.out.contains("budget      no limit\n"))
        #expect(!unlimited.out.contains("dropped"))
    }

    @Test func `a model that is given counts in the place of the request's`() async throws {
        let run = try await prune("--json", "--model", "o200k_base", "--budget", "0")
        let value = try run.json().objectValue
        #expect(value?["tokenizer"] == "o200k_base" && value?["fallback"] == false)
        #expect(run.err.isEmpty)
    }

    @Test func `where what must be kept does not fit, both numbers are told`() async throws {
        let run = try await prune("--budget", "100")
        #expect(run.status == 65)
        #expect(run.out.isEmpty)
        #expect(run.err.hasPrefix("orch: context_length_exceeded: "))
        #expect(run.err.contains("takes 138 tokens, and the budget is 100"))
    }

    @Test(arguments: [
        ("{", "the body is not valid JSON"), ("[]", "body must be an object"), ("{}", "messages is required"),
        (#"{"messages": [{"role": "judge", "content": ""}]}"#, "messages[0].role must be one of"),
    ])
    func `a body that is no chat request is refused as the server refuses it`(body: String, message: String)
        async throws
    {
        let run = try await prune(body: body)
        #expect(run.status == 65)
        #expect(run.out.isEmpty)
        #expect(run.err.hasPrefix("orch: \(message)"), "\(run.err)")
    }

    @Test func `relevance needs the embedder, and recency does not`() async throws {
        let run = try await prune("--strategy", "relevance")
        #expect(run.status == 69)
        #expect(
            run.err == """
                orch: the strategy relevance needs the embedder: run ./scripts/assets install, or say --strategy recency

                """)
        #expect(try await prune("--strategy", "recency", "--json").status == 0)
    }

    /// Two turns between the goal and the question, of which the older one has what is asked for.
    private static let meeting = """
        {"messages":[
        {"role":"user","content":"Good morning."},{"role":"assistant","content":"Good morning."},
        {"role":"user","content":"The remote control shall be yellow."},{"role":"assistant","content":"Noted."},
        {"role":"user","content":"Lunch is at noon in the hall below."},{"role":"assistant","content":"Noted."},
        {"role":"user","content":"Which colour has the remote control?"}]}
        """

    @Test func `by relevance the turn stays that has what is asked for`() async throws {
        var fixture = Fixture()
        fixture.tokens = try TinyVocabulary.bench()
        fixture.tokens.relevance = RelevanceRanking()
        func dropped(_ strategy: String) async throws -> JSONValue? {
            let run = await orch(
                ["tokens", "prune", "--budget", "180", "--strategy", strategy, "--json"], in: fixture.environment,
                pieces: [Array(Self.meeting.utf8)])
            let value = try run.json().objectValue
            #expect(value?["strategy"] == .string(strategy), "\(run.err)")
            return value?["dropped"]
        }
        #expect(try await dropped("recency") == [2, 3])
        #expect(try await dropped("relevance") == [4, 5])
    }

    @Test func `what is left out is summed up where that is wanted and fits`() async throws {
        var fixture = Fixture()
        fixture.tokens = try TinyVocabulary.bench(budget: 1000)
        fixture.tokens.budget.summaries = TokenBudget.Summaries(
            ExtractiveSummarizer(), forcedAbove: 100_000, always: true)
        let turns = (1...30).map { number in
            #"{"role":"user","content":"The remote control number \#(number) shall be yellow. So it is."}"#
        }
        let body = #"{"messages":[\#(turns.joined(separator: ","))]}"#
        let run = await orch(["tokens", "prune", "--json"], in: fixture.environment, pieces: [Array(body.utf8)])
        let value = try #require(try run.json().objectValue)
        let summary = try #require(value["summary"]?.stringValue)
        #expect(value["summarised"] == value["dropped"] && value["dropped"] != [])
        #expect(summary.hasPrefix("Summary of earlier turns"))
        #expect(try #require(value["tokens_after"]?.intValue) <= 1000)
    }

    @Test func `a request is a file too`() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("request.json", Array(Self.request.utf8))
        let run = await orch("tokens", "prune", path, "--json", in: try TinyVocabulary.environment(budget: 200))
        #expect(try run.json().objectValue?["dropped"] == [3, 4])
    }

    @Test(arguments: [("1", "1"), ("-12.345", "-12.35"), ("0.05", "0.05"), ("1e300", "1000")])
    func `priorities are shown as they were given, held to a thousand`(priority: String, shown: String) async throws {
        let body = """
            {"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b", "metadata": {"priority": \
            \(priority)}}, {"role": "user", "content": "c"}]}
            """
        let run = try await prune(body: body)
        #expect(run.out.contains(" \(shown) "), "\(run.out)")
    }
}
