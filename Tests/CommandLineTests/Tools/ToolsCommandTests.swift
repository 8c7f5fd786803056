import OrchCore
import OrchTools
import Testing

@testable import OrchCommandLine

struct ToolsCommandTests {
    @Test func `list prints a table`() async {
        let run = await orch("tools", "list")
        #expect(run.status == 0)
        let lines = run.out.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("NAME       NEEDS APPROVAL  SANDBOXED  POLICY   DESCRIPTION"))
        #expect(lines[2].hasPrefix("echo       no              no         allowed  Repeats a message."))
        #expect(lines[3].hasPrefix("wipe       yes"))
    }

    @Test func `list prints what the server lists`() async throws {
        let object = try #require(try await orch("tools", "list", "--json").json().objectValue)
        #expect(object["count"] == 3)
        let echo = try #require(object["tools"]?.arrayValue?[1].objectValue)
        #expect(echo["name"] == "echo")
        #expect(echo["parameters"] == Tool.echo.parameters)
        #expect(echo["policy"] == ["allowed": true, "reason": "allowed_by_rule", "rule": "echo"])
    }

    @Test func `run prints the result`() async {
        let run = await orch("tools", "run", "safe_calc", "2 ** 100")
        #expect(run.status == 0)
        #expect(run.out == "1267650600228229401496703205376\n")
        #expect(await orch("tools", "run", "safe_calc", "--", "-5 + 3").out == "-2\n")
    }

    @Test func `run takes all arguments as JSON`() async throws {
        let run = await orch("tools", "run", "echo", "--args", #"{"message":"hi"}"#, "--json")
        #expect(run.status == 0)
        #expect(try run.json() == ["result": ["status": "ok", "tool": "echo", "result": "Echo: hi"]])
    }

    @Test(arguments: [
        (["safe_calc", "1 / 0"], "safe_calc"), (["safe_calc", "--args", "{}"], "args.expression"),
        (["safe_calc", "--args", "[]"], "args"), (["nothing", "x"], "unknown_tool:nothing"), (["safe_calc"], "args"),
        (["wipe"], "approval_required"),
    ]) func `a result that is an error exits with 1`(arguments: [String], words: String) async throws {
        let run = await orch(["tools", "run"] + arguments)
        #expect(run.status == 1)
        #expect(run.out.isEmpty)
        #expect(run.err.contains(words))

        let json = await orch(["tools", "run", "--json"] + arguments)
        #expect(json.status == 1)
        #expect(json.err.isEmpty)
        #expect(try json.json().objectValue?["result"]?.objectValue?["status"] == "error")
    }

    @Test func `a text is refused where no argument takes it`() async {
        let run = await orch("tools", "run", "wipe", "everything")
        #expect(run.status == 64)
        #expect(run.err.contains("--args"))
    }

    @Test func `what is wrong with the arguments is said without repeating them`() async {
        let run = await orch("tools", "run", "echo", "--args", "{\"message\": \(Fixture.secret)}")
        #expect(run.status == 64)
        #expect(run.err.contains("--args is not valid JSON"))
        #expect(!run.err.contains(Fixture.secret))
    }

    @Test func `a result cannot steer the terminal, and goes into a file as it is`() async {
        let text = "a\u{1B}[2Jb"
        #expect(await orch("tools", "run", "echo", text, isTerminal: true).out == "Echo: a\\u{1b}[2Jb\n")
        #expect(await orch("tools", "run", "echo", text).out == "Echo: \(text)\n")
    }
}
