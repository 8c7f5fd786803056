import OrchCore
import OrchRE2
import OrchRouting
import Testing

/// Which argument a tool gets from a text.
struct RuleParametersTests {
    private func params(_ text: String, pattern: String, tool: String = "tool", params: JSONObject) throws -> JSONObject
    {
        let rule = Rule(id: "r", patterns: [pattern], tool: tool, params: params, reason: "r")
        let router = try RuleRouter(policy: RulePolicy(rules: [rule]), compiler: RE2Compiler())
        let decision = router.decide(text)
        #expect(decision.tool == tool)
        return decision.params
    }

    @Test(arguments: [
        ("calc 2 + 2", "2 + 2"), ("  CALC:  2 + 2", "2 + 2"), ("Calc : Pi * R", "Pi * R"), ("calc\n\t1", "1"),
        ("calc::1", ":1"), ("calc 2 + 2  ", "2 + 2  "), ("calcé", "é"),
    ])
    func aMatchAtTheStartIsTheTrigger(text: String, argument: String) throws {
        let params = try params(text, pattern: "^\\s*calc", params: ["expression_key": "expression"])
        #expect(params == ["expression": .string(argument)])
    }

    @Test func aMatchThatTookTheColonTakesNoOther() throws {
        let params = try params("calc:: x", pattern: "^calc:", params: ["expression_key": "e"])
        #expect(params == ["e": ": x"])
    }

    @Test(arguments: ["2 + 2", "say calc 2", "calc", "  calc \n"])
    func aMatchElsewhereOrOfTheWholeTextLeavesItWhole(text: String) throws {
        let params = try params(text, pattern: "calc|\\d \\+ \\d", params: ["expression_key": "e"])
        #expect(params == ["e": .string(text)])
    }

    @Test(arguments: [
        ("calc 2", "2"), ("please calc: 2", "please 2"), ("2 calc", "2"), ("calc", ""),
        ("a CALC\u{2028}b", "a \u{2028}b"),
    ])
    func aTriggerGroupGoesWhereverItStands(text: String, argument: String) throws {
        let params = try params(text, pattern: ".*(?P<trigger>calc)", params: ["message_key": "m"])
        #expect(params == ["m": .string(argument)])
    }

    @Test func anArgumentGroupIsTheArgument() throws {
        let pattern = "^(?P<trigger>add) (?P<argument>\\S+)?"
        #expect(try params("add Ünï now", pattern: pattern, params: ["message_key": "m"]) == ["m": "Ünï"])
        #expect(try params("add  now", pattern: pattern, params: ["message_key": "m"]) == ["m": "now"])
    }

    @Test func otherToolsGetTheWholeText() throws {
        #expect(try params("run x", pattern: "^run", params: [:]) == ["input": "run x"])
        #expect(try params("run x", pattern: "^run", tool: "python_eval", params: [:]) == ["expression": "run x"])
        #expect(try params("run x", pattern: "^run", tool: "python_exec", params: [:]) == ["code": "run x"])
    }

    @Test func otherToolsGetWhatNamedGroupsMark() throws {
        #expect(try params("run x", pattern: "^(?P<trigger>run)", params: [:]) == ["input": "x"])
        #expect(
            try params("run x y", pattern: "^run (?P<argument>\\w)", tool: "python_exec", params: [:]) == ["code": "x"])
    }

    @Test func fixedParametersFollowTheArgument() throws {
        let fixed: JSONObject = ["lang": "en", "message_key": "m", "deep": ["a": [1, nil, true]]]
        let params = try params("echo hi", pattern: "^echo", params: fixed)
        #expect(params.keys == ["m", "lang", "deep"])
        #expect(params["deep"] == ["a": [1, nil, true]])
    }

    @Test func aRulesOwnNameReplacesTheDefaults() throws {
        let policy = RulePolicy(
            defaults: RuleDefaults(params: ["expression_key": "e"]),
            rules: [
                Rule(id: "own", patterns: ["^echo"], tool: "t", params: ["message_key": "m"], reason: "r"),
                Rule(id: "default", patterns: ["^calc"], tool: "t", reason: "r"),
            ])
        let router = try RuleRouter(policy: policy, compiler: RE2Compiler())
        #expect(router.decide("echo hi").params == ["m": "hi"])
        #expect(router.decide("calc 1").params == ["e": "1"])
    }
}
