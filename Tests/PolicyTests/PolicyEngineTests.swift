import OrchCore
import OrchRE2
import Testing

@testable import OrchPolicy

@Suite struct PolicyEngineTests {
    // MARK: Rules

    @Test func `the first rule that matches decides`() throws {
        let engine = try engine(
            PolicyRule(id: "a", match: "calc", action: .allow, reason: "sums"),
            PolicyRule(id: "b", match: ".*", action: .deny, reason: "nothing_else"),
            PolicyRule(id: "c", match: "other", action: .allow))
        let calc = engine.decide(PolicyCall("calc"))
        #expect(calc.isAllowed && calc.reason == "sums" && calc.rule == "a")
        let other = engine.decide(PolicyCall("other"))
        #expect(!other.isAllowed && other.reason == "nothing_else" && other.rule == "b")
    }

    @Test(arguments: ["echoes", "my_echo", "Echo", "echo\n", ""])
    func `an expression must match the whole name`(name: String) throws {
        let engine = try engine(PolicyRule(match: "echo|echo2", action: .allow))
        #expect(engine.decide(PolicyCall("echo2")).isAllowed)
        let verdict = engine.decide(PolicyCall(name))
        #expect(!verdict.isAllowed && verdict.reason == "policy_default_deny" && verdict.rule == nil)
    }

    @Test func `no rule, no run; and a rule without an id or a reason has words all the same`() throws {
        #expect(try engine().decide(PolicyCall("x")).reason == "policy_default_deny")
        let engine = try engine(PolicyRule(match: "x", action: .allow), PolicyRule(match: "y", action: .deny))
        let (x, y) = (engine.decide(PolicyCall("x")), engine.decide(PolicyCall("y")))
        #expect(x.isAllowed && x.reason == "policy_allow" && x.rule == "x")
        #expect(!y.isAllowed && y.reason == "policy_deny" && y.rule == "y")
    }

    @Test func `a rule for safe tools denies those that are not`() throws {
        let engine = try engine(PolicyRule(id: "r", match: ".*", action: .allow, requiresSafe: true))
        #expect(engine.decide(PolicyCall("t")).isAllowed)
        let unsafe = engine.decide(PolicyCall("t", safe: false))
        #expect(!unsafe.isAllowed && unsafe.reason == "policy_requires_safe" && unsafe.rule == "r")
    }

    @Test func `a policy that wants receipts denies where none are made`() throws {
        let engine = try engine(PolicyRule(match: ".*", action: .allow), receipts: true)
        var call = PolicyCall("t")
        #expect(engine.decide(call).isAllowed)
        call.isReceipted = false
        #expect(engine.decide(call).reason == "policy_receipts_required")
    }

    // MARK: Conditions

    private func verdict(_ conditions: PolicyConditions, _ call: PolicyCall) throws -> PolicyVerdict {
        try engine(PolicyRule(id: "r", match: "t", action: .allow, conditions: conditions)).decide(call)
    }

    @Test(arguments: [
        ("ab", true), ("abc", true), ("é🙂x", true), ("a", false), ("abcd", false), ("", false),
    ])
    func `a text's length is counted in Unicode scalars`(text: String, isAllowed: Bool) throws {
        let conditions = PolicyConditions(inputParameter: "q", minimumInputLength: 2, maximumInputLength: 3)
        let verdict = try verdict(conditions, PolicyCall("t", ["q": .string(text)]))
        #expect(verdict.isAllowed == isAllowed)
        guard !isAllowed else { return }
        #expect(verdict.reason == "deny:policy_condition_failed" && verdict.rule == "r")
        #expect(verdict.unmet == (text.count < 2 ? .minimumInputLength : .maximumInputLength))
    }

    @Test(arguments: [[:], ["input": 5], ["input": ["abc"]], ["Input": "abc"]] as [JSONObject])
    func `what is not there or no text has no length that is enough`(arguments: JSONObject) throws {
        let longest = try verdict(PolicyConditions(maximumInputLength: 9), PolicyCall("t", arguments))
        #expect(!longest.isAllowed && longest.unmet == .maximumInputLength)
        let shortest = try verdict(PolicyConditions(minimumInputLength: 0), PolicyCall("t", arguments))
        #expect(!shortest.isAllowed && shortest.unmet == .minimumInputLength)
    }

    @Test func `agents are named in any case, and who has none is none of them`() throws {
        let conditions = PolicyConditions(agents: ["Holly", "Other"])
        #expect(try verdict(conditions, PolicyCall("t", agent: "hOLLY")).isAllowed)
        for agent in ["Ivy", "", nil] {
            #expect(try verdict(conditions, PolicyCall("t", agent: agent)).unmet == .agents)
        }
    }

    @Test(arguments: [
        ("2026-03-01T07:59:59.999999Z", false), ("2026-03-01T08:00:00.000000Z", true),
        ("2026-03-01T17:59:59.999999Z", true), ("2026-03-01T18:00:00.000000Z", false),
        ("2026-03-01T23:00:00.000000Z", true), ("2026-03-02T00:59:00.000000Z", true),
        ("2026-03-02T01:00:00.000000Z", false),
    ])
    func `hours are of the day in UTC, over midnight too`(text: String, isAllowed: Bool) throws {
        let moment = try #require(Timestamp(text))
        let hours = try [#require(DailyHours("08:00-18:00")), #require(DailyHours("23:00-01:00"))]
        let verdict = try verdict(PolicyConditions(hours: hours), PolicyCall("t", at: moment))
        #expect(verdict.isAllowed == isAllowed && (isAllowed || verdict.unmet == .hours))
    }

    @Test(arguments: [
        "", "8:00-18:00", "08:00", "08:00-08:00", "24:00-08:00", "08:00-25:00", "08:60-09:00", "a8:00-09:00",
    ])
    func `what is no stretch of a day is none`(text: String) {
        #expect(DailyHours(text) == nil)
        #expect(DailyHours("00:00-24:00") != nil)
    }

    @Test func `arguments must fit the rule's schema, too`() throws {
        let conditions = PolicyConditions(arguments: ["needs": "x"])
        #expect(try verdict(conditions, PolicyCall("t", ["x": "1"])).isAllowed)
        #expect(try verdict(conditions, PolicyCall("t", ["x": 1])).unmet == .arguments)
    }

    // MARK: What is not known

    @Test func `a recorded call has lengths and no arguments`() throws {
        var call = PolicyCall("t")
        call.input = .lengths(["input": 4])
        #expect(try verdict(PolicyConditions(maximumInputLength: 4), call).isAllowed)
        #expect(try !verdict(PolicyConditions(maximumInputLength: 3), call).isAllowed)
        let open = try verdict(PolicyConditions(arguments: ["needs": "x"]), call)
        #expect(open.isAllowed && open.open == .arguments)
        call.input = .lengths(["other": 4])
        let unrecorded = try verdict(PolicyConditions(maximumInputLength: 3), call)
        #expect(unrecorded.isAllowed && unrecorded.open == .maximumInputLength)
    }

    @Test func `of a tool alone, what its arguments decide is open`() throws {
        var call = PolicyCall("t")
        call.input = .unknown
        #expect(try verdict(PolicyConditions(minimumInputLength: 1), call).open == .minimumInputLength)
        #expect(try verdict(PolicyConditions(maximumCallsPerHour: 1), call).open == .maximumCallsPerHour)
        #expect(try verdict(PolicyConditions(), call).open == nil)
        let ofAnAgent = try verdict(PolicyConditions(agents: ["Holly"]), call)
        #expect(ofAnAgent.isAllowed && ofAnAgent.open == .agents)
        call.agent = "Kryten"
        #expect(try verdict(PolicyConditions(agents: ["Holly"]), call).unmet == .agents)
    }

    @Test func `an explanation says what became of every rule`() throws {
        let engine = try engine(
            PolicyRule(id: "a", match: "x", action: .allow), PolicyRule(id: "b", match: "t", action: .deny),
            PolicyRule(id: "c", match: ".*", action: .allow))
        let explanation = engine.explain(PolicyCall("t"))
        #expect(explanation.rules.map(\.outcome) == [.notMatched, .decided, .notReached])
        #expect(explanation.verdict.rule == "b")
        #expect(engine.explain(PolicyCall("zz")).rules.map(\.outcome) == [.notMatched, .notMatched, .decided])
    }

    // MARK: Faults

    @Test func `what does not compile is refused with its place`() {
        func fault(_ policy: ToolPolicy) -> PolicyError? {
            do throws(PolicyError) {
                _ = try PolicyEngine(policy: policy, compiler: RE2Compiler(), schemas: schemas)
                return nil
            } catch { return error }
        }
        let fine = PolicyRule(id: "a", match: "x", action: .allow)
        let pattern = fault(ToolPolicy(rules: [fine, PolicyRule(id: "b", match: "(", action: .allow)]))
        #expect(pattern?.code == .invalidPattern && pattern?.place == .rule(1))
        #expect(pattern?.message.contains("rule `b`") == true)
        #expect(fault(ToolPolicy(rules: [PolicyRule(match: "x)|(y", action: .allow)]))?.place == .rule(0))
        #expect(fault(ToolPolicy(rules: [fine, fine]))?.code == .duplicateID)
        let schema = PolicyRule(match: "x", action: .allow, conditions: PolicyConditions(arguments: [:]))
        #expect(fault(ToolPolicy(rules: [schema]))?.code == .invalidSchema)
        let intents = [IntentThresholds(id: "i"), IntentThresholds(id: "i")]
        #expect(fault(ToolPolicy(intents: intents))?.place == .intent(1))
        #expect(fault(ToolPolicy(tier0: Tier0Patterns(deny: ["ok", "["])))?.place == .denyPattern(1))
        #expect(fault(ToolPolicy(tier0: Tier0Patterns(allow: ["["])))?.place == .allowPattern(0))
    }
}
