import OrchCore
import OrchPolicyFiles
import OrchRouting
import Testing

struct GoldenCaseFileTests {
    private func parse(_ text: String) throws(PolicyFileError) -> [GoldenCase] {
        try GoldenCaseFile.parse(Array(text.utf8), file: "g.yaml")
    }

    @Test func everyKeyIsRead() throws {
        let cases = try parse(
            """
            version: 1
            description: All of it
            cases:
              - id: full
                text: calc 2 + 2
                agent: Holly
                tags: [rule, arithmetic]
                shadow: true
                expect:
                  outcome: tool
                  tool: safe_calc
                  intent: arithmetic
                  reason: math_expression
                  tier: 0
                  params: {expression: 2 + 2, n: 1}
              - {id: long, repeat: {text: "a ", count: 3}, expect: {outcome: model}}
              - {id: empty, text: '', expect: {outcome: human, tool: echo, tier: 3}, tags: [], shadow: false}
              - {id: number, text: "42", expect: {outcome: denied, reason: tier0_deny}}
            """)
        #expect(
            cases == [
                GoldenCase(
                    id: "full", text: GoldenText("calc 2 + 2"), agent: "Holly", tags: ["rule", "arithmetic"],
                    expected: GoldenExpectation(
                        outcome: .tool, tool: "safe_calc", intent: "arithmetic", reason: "math_expression", tier: 0,
                        params: ["expression": "2 + 2", "n": 1]),
                    isShadowed: true),
                GoldenCase(
                    id: "long", text: GoldenText("a ", count: 3), expected: GoldenExpectation(outcome: .model)),
                GoldenCase(
                    id: "empty", text: GoldenText(""),
                    expected: GoldenExpectation(outcome: .human, tool: "echo", tier: 3)),
                GoldenCase(
                    id: "number", text: GoldenText("42"),
                    expected: GoldenExpectation(outcome: .denied, reason: "tier0_deny")),
            ])
        #expect(cases[1].text.string == "a a a ")
    }

    private static let head = "version: 1\ncases:\n  - id: one\n"
    private static let text = head + "    text: x\n"

    @Test(arguments: [
        ("[]", PolicyFileError.Code.wrongType, "g.yaml:1:1: expected a mapping, found a list"),
        ("cases: []", .missingKey, "g.yaml:1:1: the key `version` is missing"),
        ("version: 1.0\ncases: []", .invalidValue, "g.yaml:1:10: `version` is not 1"),
        ("version: 1", .missingKey, "g.yaml:1:1: the key `cases` is missing"),
        ("version: 1\ncase: []", .unknownKey, "g.yaml:2:1: unknown key `case`; did you mean `cases`?"),
        ("version: 1\ncases: {}", .wrongType, "g.yaml:2:8: expected a list, found a mapping"),
        ("version: 1\ncases: [{text: x}]", .missingKey, "g.yaml:2:9: the key `id` is missing"),
        (head, .missingKey, "g.yaml:3:5: the key `text` or `repeat` is missing"),
        (head + "    texts: x", .unknownKey, "g.yaml:4:5: unknown key `texts`; did you mean `text`?"),
        (head + "    text: 42", .wrongType, "g.yaml:4:11: expected text, found a number; put it in quotes"),
        (
            text + "    repeat: {text: a, count: 2}", .invalidValue,
            "g.yaml:3:5: there are both `text` and `repeat`"
        ),
        (head + "    repeat: a", .wrongType, "g.yaml:4:13: expected a mapping, found text"),
        (head + "    repeat: {text: a}", .missingKey, "g.yaml:4:13: the key `count` is missing"),
        (head + "    repeat: {count: 1}", .missingKey, "g.yaml:4:13: the key `text` is missing"),
        (
            head + "    repeat: {text: a, times: 1}", .unknownKey,
            "g.yaml:4:23: unknown key `times`; known keys: text, count"
        ),
        (
            head + "    repeat: {text: a, count: 1.5}", .wrongType,
            "g.yaml:4:30: expected a whole number, found a number"
        ),
        (head + "    repeat: {text: a, count: -1}", .invalidValue, "g.yaml:4:30: `count` is less than 0"),
        (
            head + "    repeat: {text: a, count: 0}", .invalidValue,
            "g.yaml:4:13: `repeat` does not give a text of 1 to 16777216 bytes"
        ),
        (
            head + "    repeat: {text: '', count: 1}", .invalidValue,
            "g.yaml:4:13: `repeat` does not give a text of 1 to 16777216 bytes"
        ),
        (
            head + "    repeat: {text: ééé, count: 2796203}", .invalidValue,
            "g.yaml:4:13: `repeat` does not give a text of 1 to 16777216 bytes"
        ),
        (
            head + "    repeat: {text: a, count: 9223372036854775807}", .invalidValue,
            "g.yaml:4:13: `repeat` does not give a text of 1 to 16777216 bytes"
        ),
        (text + "    agent: ''", .invalidValue, "g.yaml:5:12: the text is empty"),
        (text + "    tags: rule", .wrongType, "g.yaml:5:11: expected a list, found text"),
        (text + "    tags: [a, '']", .invalidValue, "g.yaml:5:15: the text is empty"),
        (text + "    tags: [a, b, a]", .invalidValue, "g.yaml:5:18: the tag `a` comes twice"),
        (text, .missingKey, "g.yaml:3:5: the key `expect` is missing"),
        (text + "    expect: model", .wrongType, "g.yaml:5:13: expected a mapping, found text"),
        (text + "    expect: {}", .missingKey, "g.yaml:5:13: the key `outcome` is missing"),
        (
            text + "    expect: {outcome: deny}", .invalidValue,
            "g.yaml:5:23: `outcome` must be one of tool, model, human, denied"
        ),
        (
            text + "    expect: {outcome: tool, tol: x}", .unknownKey,
            "g.yaml:5:29: unknown key `tol`; did you mean `tool`?"
        ),
        (
            text + "    expect: {outcome: tool, tool: 3}", .wrongType,
            "g.yaml:5:35: expected text, found a number; put it in quotes"
        ),
        (text + "    expect: {outcome: tool, intent: ''}", .invalidValue, "g.yaml:5:37: the text is empty"),
        (text + "    expect: {outcome: tool, tier: 4}", .invalidValue, "g.yaml:5:35: `tier` must be 0 to 3"),
        (text + "    expect: {outcome: tool, tier: -1}", .invalidValue, "g.yaml:5:35: `tier` is less than 0"),
        (text + "    expect: {outcome: tool, params: x}", .wrongType, "g.yaml:5:37: expected a mapping, found text"),
        (
            text + "    expect: {outcome: model, tool: x}", .invalidValue,
            "g.yaml:5:36: where the outcome is model there is no `tool`"
        ),
        (
            text + "    expect: {outcome: denied, params: {a: 1}}", .invalidValue,
            "g.yaml:5:39: where the outcome is denied there is no `params`"
        ),
        (
            text + "    expect: {outcome: model}\n    shadow: yes", .wrongType,
            "g.yaml:6:13: expected true or false, found text"
        ),
        (
            text + "    expect: {outcome: model}\n  - {id: one, text: y, expect: {outcome: model}}", .invalidValue,
            "g.yaml:6:5: an earlier case has the id `one`"
        ),
    ])
    func aFaultIsNamedWithItsPlace(text: String, code: PolicyFileError.Code, message: String) throws {
        let error = try #require(throws: PolicyFileError.self) { try parse(text) }
        #expect(error.code == code)
        #expect(error.message == message)
    }

    @Test func theLongestRepetitionIsTaken() throws {
        let text = Self.head + "    repeat: {text: éé, count: 4194304}\n    expect: {outcome: model}"
        #expect(try parse(text)[0].text.count == 4_194_304)
    }

    @Test func aFileIsLoadedWithTheHashOfItsBytes() throws {
        let directory = try TemporaryDirectory()
        let loaded = try GoldenCaseFile.load(directory.write("g.yaml", "version: 1\ncases: []\n"))
        #expect(loaded.value.isEmpty)
        #expect(loaded.policyHash == "3cff846d54e8cb9bda2f9e1840ce2f92df20a40ec64947f26167f5f6534a9b87")
        let error = try #require(throws: PolicyFileError.self) { try GoldenCaseFile.load(directory.path("none.yaml")) }
        #expect(error.message == "none.yaml: there is no such file")
    }
}
