import OrchCore
import Testing

@testable import OrchCommandLine

struct AgentsCommandTests {
    @Test func `list prints a table`() async {
        let run = await orch("agents", "list")
        #expect(run.status == 0)
        #expect(
            run.out == """
                NAME   TOOLS      DESCRIPTION
                bare   -
                Holly  safe_calc  A guide.

                """)
    }

    @Test func `list prints JSON without prompts`() async throws {
        let run = await orch("agents", "list", "--json")
        let object = try #require(try run.json().objectValue)
        #expect(object["count"] == 2)
        #expect(
            object["agents"]?.arrayValue?[1] == [
                "name": "Holly", "description": "A guide.", "tools": ["safe_calc"], "metadata": ["version": 2],
            ])
        #expect(!run.out.contains("You are"))
    }

    @Test func `broken files are told on standard error`() async throws {
        var fixture = Fixture()
        fixture.agentProblems = ["bad.yaml, line 3: no prompt"]
        let run = await orch("agents", "list", "--json", in: fixture.environment)
        #expect(run.status == 0)
        #expect(run.err == "warning: bad.yaml, line 3: no prompt\n")
        #expect(try run.json().objectValue?["count"] == 2)
    }

    @Test func `show prints the prompt; names match in any case`() async throws {
        let run = await orch("agents", "show", "hOLLY")
        #expect(run.status == 0)
        #expect(
            run.out == """
                name         Holly
                description  A guide.
                tools        safe_calc
                version      2

                You are Holly.
                Be brief.

                """)
        let value = try await orch("agents", "show", "holly", "--json").json()
        #expect(value.objectValue?["system_prompt"] == "You are Holly.\nBe brief.")
    }

    @Test(arguments: ["nobody", "no/body", ""]) func `an unknown agent exits with 66`(name: String) async {
        let run = await orch("agents", "show", name)
        #expect(run.status == 66)
        #expect(run.err.contains("bare, Holly"))
    }
}
