import OrchCore
import OrchTestSupport
import OrchTools
import Testing

@testable import OrchServer

@Suite("The tool policy over HTTP")
struct ToolPolicyRouteTests {
    private static let rules = """
        policy: {version: 1}
        rules:
          - {id: sums, match: safe_calc, action: allow, reason: sums, conditions: {input_param: expression, max_input_len: 5}}
          - {id: once, match: echo, action: allow, conditions: {max_calls_per_hour: 1}}
          - {id: safe, match: wipe, action: allow, require_safe: true}
          - {match: 'f.*', action: deny, reason: not_today}
          - {match: 'g.*', action: deny}
        """

    private static func denied(_ tool: String, _ reason: String, _ rule: String?) -> String {
        let rule = rule.map { "\"\($0)\"" } ?? "null"
        return #"{"status":"error","tool":"\#(tool)","error":"policy_denied:\#(reason)","policy_rule":\#(rule)}"#
    }

    private static func simple(_ name: String) -> Tool {
        Tool(name: name, description: "", parameters: ["type": "object"], safe: true) { _ in ToolOutput("done") }
    }

    @Test("every reason has exactly this body")
    func reasons() async throws {
        let governance = try Governance()
        let options = try governance.options {
            $0.toolPolicy = try Governance.policy(Self.rules)
            $0.tools += ["format", "grow", "nothing"].map(Self.simple)
        }
        @Sendable func call(_ name: String, _ args: String = "{}") -> RawRequest {
            .post("/v1/tools/execute", #"{"name":"\#(name)","args":\#(args)}"#)
        }
        try await TestServer.run(options) { server in
            try await server.expect(
                #"{"status":"ok","tool":"safe_calc","result":"2"}"#, of: call("safe_calc", #"{"expression":"1 + 1"}"#))
            try await server.expect(
                Self.denied("safe_calc", "deny:policy_condition_failed", "sums"),
                of: call("safe_calc", #"{"expression":"1 + 11"}"#))
            let text = try await server.result(call("echo", #"{"message":"x"}"#))
            #expect(text.contains(#""status":"ok""#))
            try await server.expect(
                Self.denied("echo", "deny:policy_condition_failed", "once"), of: call("echo", #"{"message":"x"}"#))
            let other = try await server.result(call("echo", #"{"message":"x"}"#).by(TestServer.otherToken))
            #expect(other.contains(#""status":"ok""#), "limits are each caller's own")
            try await server.expect(Self.denied("wipe", "policy_requires_safe", "safe"), of: .wipe())
            try await server.expect(Self.denied("format", "not_today", "f.*"), of: call("format"))
            try await server.expect(Self.denied("grow", "policy_deny", "g.*"), of: call("grow"))
            try await server.expect(Self.denied("nothing", "policy_default_deny", nil), of: call("nothing"))
            #expect(governance.ran.isEmpty)
        }
    }

    @Test("a call that waits for an approval does not count against its limit")
    func waiting() async throws {
        let governance = try Governance()
        let options = try governance.options {
            $0.toolPolicy = try Governance.policy(
                """
                policy: {version: 1}
                rules: [{id: w, match: wipe, action: allow, conditions: {max_calls_per_hour: 1}}]
                """)
        }
        try await TestServer.run(options) { server in
            for _ in 0..<3 {
                let text = try await server.result(.wipe())
                #expect(text.contains("missing_approval"))
            }
            let id = try await server.approved()
            let text = try await server.result(.wipe(approval: id))
            #expect(text.contains(#""status":"ok""#))
            let second = try await server.approved("two")
            try await server.expect(
                Self.denied("wipe", "deny:policy_condition_failed", "w"), of: .wipe("two", approval: second))
        }
    }

    static let schemas: [(String, String, String)] = [
        ("{}", "args.disk", "args.disk is missing"),
        (#"{"disk":5}"#, "args.disk", "args.disk must be of type string"),
        (
            #"{"disk":"abcdefghijklmnopqrstu"}"#, "args.disk", "args.disk must have at most 20 characters"
        ),
        (#"{"disk":"x","y":1}"#, "args", "args has a member that is not known; known are disk"),
    ]

    @Test("arguments that do not fit are told with their place, before policy and approval", arguments: schemas)
    func schema(_ args: String, _ place: String, _ message: String) async throws {
        let governance = try Governance()
        let options = try governance.options {
            $0.toolPolicy = try Governance.policy("policy: {version: 1}\nrules: []")
        }
        try await TestServer.run(options) { server in
            try await server.expect(
                #"{"status":"error","tool":"wipe","error":"invalid_args","where":"\#(place)","message":"\#(message)"}"#,
                of: .post("/v1/tools/execute", #"{"name":"wipe","args":\#(args)}"#))
        }
    }
}
