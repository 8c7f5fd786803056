import OrchCore
import OrchRouting
import Testing

@testable import OrchCommandLine

struct RouteCommandTests {
    @Test func `explain tells each step`() async {
        let run = await orch("route", "explain", "calculate 2 + 2", "--set", "ORCH_ORCHESTRATOR_MODE=advanced")
        #expect(run.status == 0)
        #expect(
            run.out == """
                STEP  RULE  OUTCOME
                1     off   disabled
                2     sums  matched by its expression 2
                3     echo  not reached

                mode        advanced: a request that a rule matches goes to its tool, any other to the model
                policy      version 7, 3 rules, SHA-256 abc123
                tool        safe_calc
                arguments   {"expression":"2 + 2"}
                rule        sums
                confidence  0.9
                reason      arithmetic
                analysis    not asked for

                """)
    }

    @Test func `explain prints JSON`() async throws {
        let value = try await orch("route", "explain", "--json", "analyse this").json()
        let object = try #require(value.objectValue)
        #expect(
            object["decision"] == [
                "tool": nil, "params": [:], "confidence": 0, "reason": "no_match", "rule": nil,
            ])
        #expect(object["asks_for_analysis"] == true)
        #expect(object["mode"]?.stringValue != nil)
        #expect(object["policy"] == ["version": "7", "sha256": "abc123", "problem": nil])
        #expect(
            object["steps"] == [
                ["rule": "off", "outcome": "disabled"], ["rule": "sums", "outcome": "not_matched"],
                ["rule": "echo", "outcome": "not_matched"],
            ])
        let matched = try await orch("route", "explain", "--json", "calculate 1").json()
        #expect(
            matched.objectValue?["steps"]?.arrayValue?[1] == ["rule": "sums", "outcome": "matched", "pattern": 1])
    }

    @Test func `a dash reads the text from standard input`() async throws {
        let value = try await orch("route", "explain", "-", "--json", lines: ["echo one", "two"]).json()
        let params = value.objectValue?["decision"]?.objectValue?["params"]
        #expect(params == ["message": "one\ntwo"])
    }

    @Test func `more than the limit is refused from standard input`() async {
        let line = String(repeating: "x", count: TextArgument.maximumBytes)
        #expect(await orch("route", "explain", "-", lines: [line]).status == 0)
        #expect(await orch("route", "explain", "-", lines: [line, ""]).status == 65)
    }

    @Test func `a text that begins with a dash goes behind two dashes`() async {
        #expect(await orch("route", "explain", "--", "-5 + 3").status == 0)
    }

    @Test func `a broken policy is told on standard error`() async throws {
        var fixture = Fixture()
        fixture.routerProblem = "line 3: no"
        let run = await orch("route", "explain", "--json", "echo", in: fixture.environment)
        #expect(run.status == 0)
        #expect(run.err == "warning: line 3: no\n")
        #expect(try run.json().objectValue?["policy"]?.objectValue?["problem"] == "line 3: no")
    }

    @Test func `the mode is the configuration's`() async throws {
        for mode in ["basic", "advanced"] {
            let run = await orch("route", "explain", "--json", "x", "--set", "ORCH_ORCHESTRATOR_MODE=\(mode)")
            #expect(try run.json().objectValue?["mode"]?.stringValue == mode)
        }
    }

    @Test func `a text cannot steer the terminal`() async {
        let run = await orch("route", "explain", "echo \u{1B}[2J\u{9B}31m", isTerminal: true)
        let rest = run.out.replacing("\u{1B}[0m", with: "").replacing("\u{1B}[1m", with: "")
            .replacing("\u{1B}[32m", with: "")
        #expect(!rest.contains("\u{1B}"))
        #expect(!rest.contains("\u{9B}"))
    }
}
