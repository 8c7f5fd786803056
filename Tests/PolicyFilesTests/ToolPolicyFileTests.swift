import OrchCore
import OrchPolicy
import OrchRE2
import Testing

@testable import OrchPolicyFiles

@Suite struct ToolPolicyFileTests {
    private func parse(_ text: String) throws(PolicyFileError) -> ToolPolicy {
        try ToolPolicyFile.parse(Array(text.utf8), file: "tool_policy.yaml", compiler: RE2Compiler()).policy
    }

    @Test func `every key is read`() throws {
        let policy = try parse(
            """
            policy:
              version: 1.2
              description: A policy.
              intent_router: {tier0: {deny_patterns: ['drop table'], allow_patterns: ['^hello$']}}
              memory: {enabled: false}
              audit: {receipts_required: true}
            rules:
              - id: search
                match: web_.*
                action: allow
                reason: searches
                require_safe: true
                conditions:
                  input_param: query
                  min_input_len: 1
                  max_input_len: 500
                  max_calls_per_hour: 20
                  agents: [Holly]
                  hours: ['08:00-18:00', '22:00-23:00']
                  args: {type: object, required: [query]}
              - {match: '.*', action: deny}
            intents:
              - {id: sums, min_confidence_tier2: 0.9, min_gap_tier2: 0.1, tier3_required: true}
            """)
        #expect(policy.version == "1.2" && policy.description == "A policy.")
        #expect(policy.tier0 == Tier0Patterns(deny: ["drop table"], allow: ["^hello$"]))
        #expect(!policy.isMemoryAllowed && policy.needsReceipts)
        let hours = try [#require(DailyHours("08:00-18:00")), #require(DailyHours("22:00-23:00"))]
        #expect(
            policy.rules == [
                PolicyRule(
                    id: "search", match: "web_.*", action: .allow, reason: "searches", requiresSafe: true,
                    conditions: PolicyConditions(
                        inputParameter: "query", minimumInputLength: 1, maximumInputLength: 500,
                        maximumCallsPerHour: 20, agents: ["Holly"], hours: hours,
                        arguments: ["type": "object", "required": ["query"]])),
                PolicyRule(match: ".*", action: .deny),
            ])
        #expect(
            policy.intents == [
                IntentThresholds(id: "sums", minimumConfidence: 0.9, minimumGap: 0.1, needsHuman: true)
            ])
    }

    static let faults: [(String, String)] = [
        ("rules: []", "tool_policy.yaml:1:1: the key `policy` is missing"),
        ("policy: {version: 1}", "tool_policy.yaml:1:1: the key `rules` is missing"),
        ("policy: {}\nrules: []", "tool_policy.yaml:1:9: the key `version` is missing"),
        (
            "policy: {version: 1}\nrule: []",
            "tool_policy.yaml:2:1: unknown key `rule`; did you mean `rules`?"
        ),
        (
            "policy: {version: 1, intent_router: {tier0: {deny: []}}}\nrules: []",
            "tool_policy.yaml:1:46: unknown key `deny`; known keys: deny_patterns, allow_patterns"
        ),
        (
            "policy: {version: 1}\nrules:\n  - {match: x, action: permit}",
            "tool_policy.yaml:3:24: `action` must be allow or deny"
        ),
        ("policy: {version: 1}\nrules:\n  - {action: allow}", "tool_policy.yaml:3:5: the key `match` is missing"),
        (
            "policy: {version: 1}\nrules:\n  - {id: a, match: '(', action: allow}",
            "tool_policy.yaml:3:5: the expression of rule `a`: missing ): ("
        ),
        (
            "policy: {version: 1}\nrules:\n  - {id: a, match: x, action: allow}\n  - {id: a, match: y, action: allow}",
            "tool_policy.yaml:4:5: an earlier rule has the id `a`"
        ),
        (
            "policy: {version: 1}\nrules:\n  - {match: x, action: allow, conditions: {max_len: 5}}",
            "tool_policy.yaml:3:44: unknown key `max_len`; known keys: input_param, min_input_len, max_input_len, "
                + "max_calls_per_hour, agents, hours, args"
        ),
        (
            "policy: {version: 1}\nrules:\n  - {match: x, action: allow, conditions: {max_input_len: -1}}",
            "tool_policy.yaml:3:59: `max_input_len` is less than 0"
        ),
        (
            "policy: {version: 1}\nrules:\n  - {match: x, action: allow, conditions: {max_input_len: 1.5}}",
            "tool_policy.yaml:3:59: expected a whole number, found a number"
        ),
        (
            "policy: {version: 1}\nrules:\n  - {match: x, action: allow, conditions: {min_input_len: 5, max_input_len: 4}}",
            "tool_policy.yaml:3:43: `min_input_len` is more than `max_input_len`"
        ),
        (
            "policy: {version: 1}\nrules:\n  - {match: x, action: allow, conditions: {hours: 8-18}}",
            "tool_policy.yaml:3:51: not a stretch of the day in UTC, such as 08:00-18:00"
        ),
        (
            "policy: {version: 1}\nrules:\n  - {match: x, action: allow, conditions: {args: {type: string}}}",
            "tool_policy.yaml:3:5: `args` of rule `x`: parameters: must be a schema of type object"
        ),
        (
            "policy: {version: 1}\nrules: []\nintents:\n  - {id: i}\n  - {id: i}",
            "tool_policy.yaml:5:5: an earlier intent has the id `i`"
        ),
        (
            "policy: {version: 1, intent_router: {tier0: {deny_patterns: ['[']}}}\nrules: []",
            "tool_policy.yaml:1:62: missing ]: ["
        ),
    ]

    @Test(arguments: faults)
    func `a fault is told with its line`(text: String, message: String) {
        let error = #expect(throws: PolicyFileError.self) { try parse(text) }
        #expect(error?.message == message)
    }

    @Test func `the shipped policy allows safe tools and short searches, and denies the rest`() throws {
        let engine = try #require(
            try ToolPolicyFile.load(
                "\(ShippedFiles.config)/tool_policy.yaml", isEnforced: true, compiler: RE2Compiler()
            )
            .value)
        func reason(_ tool: String, _ arguments: JSONObject = [:], safe: Bool = true) -> (Bool, String) {
            let call = PolicyCall(
                tool: tool, isSafe: safe, caller: "c", input: .arguments(arguments), at: Timestamp(microseconds: 0))
            let verdict = engine.decide(call)
            return (verdict.isAllowed, verdict.reason)
        }
        for tool in ["echo", "safe_calc", "orch_tokenizer", "summarize_text"] {
            #expect(reason(tool) == (true, "safe_tool"))
            #expect(reason(tool, safe: false) == (false, "policy_requires_safe"))
        }
        #expect(reason("web_search", ["query": .string(String(repeating: "q", count: 500))], safe: false).0)
        #expect(
            reason("web_search", ["query": .string(String(repeating: "q", count: 501))], safe: false)
                == (false, "deny:policy_condition_failed"))
        for tool in ["python_eval", "python_exec"] { #expect(reason(tool, safe: false) == (false, "code_execution")) }
        #expect(reason("anything") == (false, "policy_default_deny"))
    }

    @Test func `the hash is that of the bytes and of whether they are enforced`() {
        let bytes = Array("policy: {}\n".utf8)
        #expect(
            ToolPolicyFile.hash(of: bytes, isEnforced: true)
                == ContentHash.hexadecimal(of: Array("policy: {}\n|enforce=1".utf8)))
        #expect(
            ToolPolicyFile.hash(of: bytes, isEnforced: false)
                == ContentHash.hexadecimal(of: Array("policy: {}\n|enforce=0".utf8)))
    }
}
