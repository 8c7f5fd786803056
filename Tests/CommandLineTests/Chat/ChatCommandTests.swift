import OrchCore
import OrchProviders
import Testing

@testable import OrchCommandLine

struct ChatCommandTests {
    // MARK: One question

    @Test func `a calculation goes to its tool`() async throws {
        let fixture = Fixture()
        let run = await orch("chat", "calculate 2 + 2", in: fixture.environment)
        #expect(run.status == 0)
        #expect(run.out == "4\n")
        #expect(run.err.isEmpty)
        #expect(fixture.receipts?.count == 1)
    }

    @Test func `a model's answer is printed as it comes`() async {
        var fixture = Fixture()
        fixture.chunks = ["Hel", "lo ", "wörld\n", "twice"]
        let run = await orch("chat", "hi", in: fixture.environment)
        #expect(run.status == 0)
        #expect(run.out == "Hello wörld\ntwice\n")
    }

    @Test func `without a model the answer says so`() async {
        let run = await orch("chat", "hi")
        #expect(run.status == 0)
        #expect(run.out.contains("ORCH_LLM_ENABLED=1"))
    }

    @Test func `JSON is the whole answer`() async throws {
        var fixture = Fixture()
        fixture.chunks = ["one ", "two"]
        let value = try await orch("chat", "--json", "hi", in: fixture.environment).json()
        let object = try #require(value.objectValue)
        #expect(object["object"] == "chat.completion")
        let message = object["choices"]?.arrayValue?.first?.objectValue?["message"]?.objectValue
        #expect(message?["content"] == "one two")
        #expect(object["receipt"]?.objectValue?["trace_id"]?.stringValue != nil)
    }

    @Test func `the question may come from standard input`() async {
        #expect(await orch("chat", "-", lines: ["calculate 3 * 3"]).out == "9\n")
    }

    @Test func `an agent answers`() async throws {
        var fixture = Fixture()
        fixture.chunks = ["I am Holly."]
        let value = try await orch("chat", "--json", "--agent", "holly", "hi", in: fixture.environment).json()
        #expect(value.objectValue?["agent"] == "Holly")
        #expect(await orch("chat", "--agent", "nobody", "hi", in: fixture.environment).status == 66)
    }

    @Test func `an answer that breaks off is a failure`() async {
        var fixture = Fixture()
        fixture.chunks = ["half", "!"]
        let run = await orch("chat", "hi", in: fixture.environment)
        #expect(run.status == 1)
        #expect(run.out == "half\n")
        #expect(run.err == "orch: the connection broke\n")
    }

    @Test func `an empty question is the pipeline's to refuse or answer, and does not crash`() async {
        let run = await orch("chat", "")
        #expect([0, 1].contains(run.status))
    }

    @Test func `an answer cannot steer the terminal`() async {
        var fixture = Fixture()
        fixture.chunks = ["a\u{1B}", "[2Jb"]
        let run = await orch("chat", "hi", in: fixture.environment, isTerminal: true)
        #expect(run.out == "a\\u{1b}[2Jb\n")
    }

    // MARK: A conversation

    @Test func `lines are answered until quit`() async {
        let run = await orch("chat", lines: ["calculate 1 + 1", "", "  echo hi  ", "QUIT", "calculate 5"])
        #expect(run.status == 0)
        #expect(run.out == "2\nEcho: hi\n")
        #expect(run.err.isEmpty)
    }

    @Test func `trace shows the last answer's receipt`() async {
        let run = await orch("chat", lines: ["trace", "calculate 1 + 1", "trace"])
        #expect(run.err.contains("no trace yet"))
        #expect(run.out.contains("intent_router"))
        #expect(run.out.contains("tool=safe_calc"))
        #expect(!run.out.contains("1 + 1"))
    }

    @Test func `trace says so when receipts are off`() async {
        var fixture = Fixture()
        fixture.receipts = nil
        let run = await orch("chat", in: fixture.environment, lines: ["calculate 1", "trace"])
        #expect(run.err.contains("ORCH_TRACE_ENABLED"))
    }

    @Test func `memory keeps the last ten messages`() async throws {
        let questions = (1...7).map { "calculate \($0)" }
        let run = await orch("chat", "--json", lines: questions + ["memory"])
        let memory = try #require(try run.jsonLines().last?.objectValue)
        #expect(memory["maximum"] == 10)
        let messages = try #require(memory["messages"]?.arrayValue)
        #expect(messages.count == 10)
        #expect(messages.first == ["role": "user", "content": "calculate 3"])
        #expect(messages.last == ["role": "assistant", "content": "7"])
    }

    @Test func `what failed is not remembered, and the conversation goes on`() async {
        var fixture = Fixture()
        fixture.chunks = ["half", "!"]
        let run = await orch("chat", in: fixture.environment, lines: ["hi", "calculate 1", "memory"])
        #expect(run.status == 1)
        #expect(run.out.contains("2 of at most 10 messages"))
        #expect(!run.out.contains("half\nuser"))
    }

    @Test func `help tells the words, and a terminal gets a prompt`() async {
        let run = await orch("chat", lines: ["help"], isTerminal: true)
        #expect(run.status == 0)
        #expect(run.out == ChatLine.summary + "\n")
        #expect(run.err.contains("orch> "))
    }

    @Test func `a failure at a terminal does not fail the command`() async {
        var fixture = Fixture()
        fixture.chunks = ["!"]
        #expect(await orch("chat", in: fixture.environment, lines: ["hi"], isTerminal: true).status == 0)
        #expect(await orch("chat", in: fixture.environment, lines: ["hi"]).status == 1)
    }
}
