import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchCommandLine

@Suite("orch policy")
struct PolicyCommandTests {
    private let folder: TemporaryFolder
    private var fixture = Fixture()

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            "policy.yaml",
            Array(
                """
                policy: {version: 3}
                rules:
                  - {id: sums, match: safe_calc, action: allow, conditions: {input_param: expression, max_input_len: 10}}
                  - {id: named, match: echo, action: allow, conditions: {args: {type: object, required: [message]}}}
                  - {id: rest, match: '.*', action: deny, reason: closed}
                """.utf8))
        try folder.write("broken.yaml", Array("policy: {version: 1}\nrule: []\n".utf8))
        fixture.toolPolicyPath = folder.path("policy.yaml")
    }

    @Test("check says that a policy loads, and what is in it")
    func check() async throws {
        let run = await orch("policy", "check", in: fixture.environment)
        #expect(run.status == 0 && run.out.hasPrefix("The policy loads.\n") && run.out.contains("3: 2 allow, 1 deny"))
        #expect(run.out.contains("feed") && run.out.contains("no: what it would deny is recorded, and passes"))
        let json = try (await orch("policy", "check", "--json", in: fixture.environment)).json().objectValue
        #expect(json?["valid"] == true && json?["rules"] == 3 && json?["policy_hash"] == "feed")
    }

    @Test("check tells a fault with its file and line")
    func broken() async {
        let run = await orch("policy", "check", folder.path("broken.yaml"), in: fixture.environment)
        #expect(run.status == 65 && run.err.contains("broken.yaml:2:1: unknown key `rule`; did you mean `rules`?"))
        let missing = await orch("policy", "check", folder.path("none.yaml"), in: fixture.environment)
        #expect(missing.status == 66 && missing.err.contains("none.yaml: there is no such file"))
    }

    @Test("explain says rule by rule what becomes of a call")
    func explain() async throws {
        let run = await orch(
            "policy", "explain", "safe_calc", #"{"expression":"1 + 1"}"#, in: fixture.environment)
        #expect(run.status == 0, "\(run.err)")
        #expect(
            run.out.contains("1     sums   allow   decides") && run.out.contains("3     rest   deny    not reached"))
        #expect(run.out.contains("verdict   allowed") && run.out.contains("rule      sums"))
        let denied = await orch(
            "policy", "explain", "safe_calc", #"{"expression":"1 + 1111111"}"#, "--json", in: fixture.environment)
        #expect(denied.status == 1)
        let json = try denied.json().objectValue
        #expect(json?["allowed"] == false && json?["reason"] == "deny:policy_condition_failed")
        #expect(json?["unmet_condition"] == "max_input_len" && json?["enforced"] == false)
        #expect(json?["steps"]?.arrayValue?.first == ["rule": "sums", "action": "allow", "outcome": "decided"])
    }

    @Test("explain takes tools that are not there, and says so")
    func unknown() async {
        let run = await orch("policy", "explain", "nothing", in: fixture.environment)
        #expect(run.status == 1 && run.out.contains("closed"))
        #expect(run.err.contains("there is no tool of this name"))
        let wrong = await orch("policy", "explain", "echo", "[]", in: fixture.environment)
        #expect(wrong.status == 64 && wrong.err.contains("the arguments must be a JSON object"))
        let malformed = await orch("policy", "explain", "echo", "{", in: fixture.environment)
        #expect(malformed.status == 64 && malformed.err.contains("the arguments are not valid JSON"))
    }

    private func step(_ tool: String, _ payload: JSONObject) -> Step {
        var all: JSONObject = ["tool": .string(tool), "safe": true, "error": nil]
        for member in payload.members { all[member.key] = member.value }
        return Step(.toolExecution, at: Fixture.moment, all)
    }

    private func recorded() -> Fixture {
        var fixture = fixture
        let steps = [
            step("safe_calc", ["policy_reason": "sums", "input_characters": ["expression": 9]]),
            step("safe_calc", ["policy_reason": "sums", "input_characters": ["expression": 11]]),
            step("echo", ["policy_reason": "fine", "input_characters": ["message": 1]]),
            step(
                "wipe", ["policy_reason": "closed", "error": "policy_denied", "input_characters": [:], "safe": false]),
            step(
                "wipe",
                [
                    "policy_reason": "policy_disabled", "policy_would_deny": "closed", "input_characters": [:],
                    "safe": false,
                ]),
            step("nope", ["policy_reason": nil, "error": "unknown_tool"]),
        ]
        fixture.receipts = MemoryReceipts(
            steps.enumerated().map { number, step in
                let moment = Fixture.moment.advanced(by: .seconds(number))
                return Trace(
                    id: TraceID(at: moment, random: (0, UInt64(number))), createdAt: moment,
                    metadata: ["caller": "ann"], steps: [step])
            })
        return fixture
    }

    @Test("diff asks another policy about what was decided")
    func diff() async throws {
        let environment = recorded().environment
        let run = await orch("policy", "diff", folder.path("policy.yaml"), in: environment)
        #expect(run.status == 1, "\(run.err)")
        #expect(run.out.contains("5 decisions: 3 the same, 1 otherwise, 1 unknown"))
        #expect(run.out.contains("allowed: sums") && run.out.contains("denied: deny:policy_condition_failed"))
        let json = try (await orch("policy", "diff", folder.path("policy.yaml"), "--json", in: environment)).json()
            .objectValue
        #expect(json?["decisions"] == 5 && json?["same"] == 3 && json?["changed"] == 1 && json?["unknown"] == 1)
        let since = Fixture.moment.advanced(by: .seconds(3)).description
        let later = await orch("policy", "diff", folder.path("policy.yaml"), "--since", since, in: environment)
        #expect(later.status == 0 && later.out.contains("2 decisions: 2 the same, 0 otherwise, 0 unknown"))
    }

    @Test("diff says where there is nothing to compare, or nothing to compare with")
    func nothing() async {
        let empty = await orch("policy", "diff", folder.path("policy.yaml"), in: fixture.environment)
        #expect(empty.status == 0 && empty.out == "No decision of a tool policy is recorded.\n")
        let broken = await orch("policy", "diff", folder.path("broken.yaml"), in: fixture.environment)
        #expect(broken.status == 65)
        var off = fixture
        off.receipts = nil
        #expect(await orch("policy", "diff", folder.path("policy.yaml"), in: off.environment).status == 69)
        let wrong = await orch(
            "policy", "diff", folder.path("policy.yaml"), "--since", "today", in: fixture.environment)
        #expect(wrong.status == 64 && wrong.err.contains("--since must look like"))
    }
}
