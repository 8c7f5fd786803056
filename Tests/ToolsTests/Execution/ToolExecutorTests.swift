import OrchCore
import Testing

@testable import OrchTools

@Suite struct ToolExecutorTests {
    private static let allowed = ToolPolicyCheck.always(
        ToolPolicyDecision(allowed: true, reason: "allow", rule: "r1"))

    private func tool(
        _ name: String = "t", safe: Bool = true, requiresSandbox: Bool = false, timeout: Duration? = .seconds(60),
        handler: @escaping Tool.Handler = { _ in ToolOutput("done") }
    ) -> Tool {
        let parameters: JSONValue = [
            "type": "object", "properties": ["x": ["type": "string"]], "additionalProperties": false,
        ]
        return Tool(
            name: name, description: "", parameters: parameters, safe: safe, requiresSandbox: requiresSandbox,
            timeout: timeout, handler: handler)
    }

    private func executor(
        _ tools: Tool..., policy: ToolPolicyCheck = allowed,
        sandbox: ToolSandbox = .none, redact: @escaping @Sendable (String) -> String = { $0 },
        options: ToolExecutor.Options = .init(), clock: any Clock<Duration> = ContinuousClock()
    ) throws -> JudgedExecutor {
        let executor = ToolExecutor(
            registry: try ToolRegistry(tools, patterns: SubstringPatterns()), sandbox: sandbox, redact: redact,
            options: options, clock: clock)
        return JudgedExecutor(executor: executor, policy: policy)
    }

    // MARK: Success

    @Test func `a safe tool runs and answers`() async throws {
        let executor = try executor(tool { ToolOutput("x is \($0["x"]?.stringValue ?? "-")") })
        let (result, execution) = await executor.execute("t", arguments: ["x": "1"])
        #expect(result.json == #"{"status":"ok","tool":"t","result":"x is 1"}"#)
        #expect(execution.tool == "t")
        #expect(execution.status == .ok)
        #expect(execution.error == nil)
        #expect(execution.policy?.reason == "allow")
        #expect(execution.policy?.rule == "r1")
        #expect(execution.isSafe == true && execution.inputLengths == ["x": 1])
        #expect(execution.outputCharacters == 6)
        #expect(!execution.truncated)
    }

    @Test func `the duration is the injected clock's`() async throws {
        let instant = SteppingClock()
        // The time limit's sleeper ends at once in this clock, so only calls that do not get to run are certain.
        let executor = try executor(tool(), policy: .always(.init(allowed: false, reason: "no")), clock: instant)
        let (_, execution) = await executor.execute("t", arguments: [:])
        #expect(execution.duration == .milliseconds(1))
    }

    @Test func `output is scrubbed first, then cut and marked`() async throws {
        let redact: @Sendable (String) -> String = { $0.replacing("secret", with: "*") }
        let options = ToolExecutor.Options(maximumOutputCharacters: 4)
        let executor = try executor(tool { _ in ToolOutput("absecretcd") }, redact: redact, options: options)
        let (result, execution) = await executor.execute("t", arguments: [:])
        #expect(result.json == #"{"status":"ok","tool":"t","result":"ab*c","truncated":true}"#)
        #expect(execution.truncated)
        #expect(execution.outputCharacters == 5)
    }

    @Test func `a number that was calculated is left as it is, since it may have any form`() async throws {
        let redact: @Sendable (String) -> String = { $0.replacing("4111111111111111", with: "*") }
        for (output, expected) in [
            (ToolOutput("4111111111111111", isCalculated: true), "4111111111111111"),
            (ToolOutput("4111111111111111"), "*"),
        ] {
            let (result, _) = await (try executor(tool { _ in output }, redact: redact)).execute("t", arguments: [:])
            #expect(result.json == #"{"status":"ok","tool":"t","result":"\#(expected)"}"#)
        }
        #expect(try await Tool.safeCalc.handler(["expression": "1 + 1"]).isCalculated)
        #expect(try await !Tool.echo.handler(["message": "1"]).isCalculated)
    }

    @Test func `the policy's decision is shown where that is wanted`() async throws {
        let executor = try executor(tool(), options: .init(showsPolicyDecision: true))
        let (result, _) = await executor.execute("t", arguments: [:])
        let decision = #""policy_decision":{"allowed":true,"reason":"allow","rule":"r1"}"#
        #expect(result.json == #"{"status":"ok","tool":"t","result":"done",\#(decision)}"#)
    }

    // MARK: Refusals, in the order in which they are decided

    @Test(
        arguments: [
            ("nope", #"{"status":"error","tool":"nope","error":"unknown_tool:nope"}"#, "nope"),
            ("what ever", #"{"status":"error","tool":"what ever","error":"unknown_tool:what ever"}"#, nil),
            ("a\u{202E}b", #"{"status":"error","tool":null,"error":"unknown_tool:?"}"#, nil),
            ("a\nb", #"{"status":"error","tool":null,"error":"unknown_tool:?"}"#, nil),
            ("", #"{"status":"error","tool":null,"error":"unknown_tool:?"}"#, nil),
            ("T", #"{"status":"error","tool":"T","error":"unknown_tool:T"}"#, "T"),
            ("secret", #"{"status":"error","tool":"*","error":"unknown_tool:*"}"#, nil),
        ] as [(String, String, String?)])
    func `an unknown tool is named only as far as it can be shown`(name: String, json: String, recorded: String?)
        async throws
    {
        let executor = try executor(tool(), redact: { $0.replacing("secret", with: "*") })
        let (result, execution) = await executor.execute(name, arguments: [:])
        #expect(result.json == json)
        #expect(execution.tool == recorded)
        #expect(execution.error == "unknown_tool")
        #expect(execution.policy == nil)
    }

    @Test func `an unknown name is cut at 64`() async throws {
        let (result, _) = await (try executor()).execute(String(repeating: "n", count: 65), arguments: [:])
        #expect(result.tool == String(repeating: "n", count: 64))
    }

    @Test func `an unknown name is scrubbed before it is cut`() async throws {
        let executor = try executor(redact: { $0.replacing("secret", with: "*") })
        let (result, _) = await executor.execute(String(repeating: "n", count: 60) + "secret", arguments: [:])
        #expect(result.tool == String(repeating: "n", count: 60) + "*")
    }

    @Test(arguments: [
        (#"{"x":1}"#, "args.x", "args.x must be of type string"),
        (#"{"secret key":1}"#, "args", "args has a member that is not known; known are x"),
        ("[]", "args", "args must be of type object"),
        ("null", "args", "args must be of type object"),
        (#""{}""#, "args", "args must be of type object"),
    ])
    func `arguments that do not fit never reach policy or tool`(arguments: String, place: String, message: String)
        async throws
    {
        let asked = Counter()
        let executor = try executor(
            tool(safe: false) { _ in
                asked.increment()
                return ToolOutput("")
            },
            policy: ToolPolicyCheck {
                asked.increment()
                return .init(allowed: true, reason: "")
            })
        let (result, execution) = await executor.execute("t", arguments: try JSONValue(text: arguments))
        #expect(
            result.json
                == #"{"status":"error","tool":"t","error":"invalid_args","where":"\#(place)","message":"\#(message)"}"#)
        #expect(execution.error == "invalid_args")
        #expect(asked.count == 0)
    }

    @Test func `what the policy denies never reaches the tool`() async throws {
        let asked = Counter()
        let executor = try executor(
            tool(safe: false, requiresSandbox: true) { _ in
                asked.increment()
                return ToolOutput("")
            },
            policy: .always(.init(allowed: false, reason: "policy_default_deny")))
        let (result, execution) = await executor.execute("t", arguments: [:])
        #expect(
            result.json
                == #"{"status":"error","tool":"t","error":"policy_denied:policy_default_deny","policy_rule":null}"#)
        #expect(execution.error == "policy_denied")
        #expect(execution.policy?.reason == "policy_default_deny")
        #expect(asked.count == 0)
    }

    @Test func `the rule that denied is named`() async throws {
        let executor = try executor(tool(), policy: .always(.init(allowed: false, reason: "no", rule: "deny-all")))
        let (result, execution) = await executor.execute("t", arguments: [:])
        #expect(
            result.json == #"{"status":"error","tool":"t","error":"policy_denied:no","policy_rule":"deny-all"}"#)
        #expect(execution.policy?.rule == "deny-all")
    }

    @Test(arguments: [nil, "r-7"])
    func `a call that is refused for want of an approval says why, and does not count`(review: String?) throws {
        let withdrawn = Counter()
        let executor = try executor(
            tool(safe: false),
            policy: ToolPolicyCheck(
                admit: { _, _, _ in (.init(allowed: true, reason: "allow"), { withdrawn.increment() }) },
                outlook: { _ in .init(allowed: true, reason: "allow") }))
        let asked = ToolCall("t", ["x": "1"], caller: "ann", agent: "Holly")
        guard case .admitted(let call) = executor.executor.admit(asked, by: executor.policy) else {
            Issue.record("the call was not let in")
            return
        }
        let outcome = executor.executor.refuse(call, .approvalRequired(reason: "expired", reviewID: review))
        let id = review.map { #","hitl_request_id":"\#($0)""# } ?? ""
        #expect(
            outcome.result.json
                == #"{"status":"error","tool":"t","error":"approval_required","approval_reason":"expired"\#(id)}"#)
        #expect(outcome.execution.approvalReason == "expired" && outcome.execution.agent == "Holly")
        #expect(withdrawn.count == 1)
    }

    @Test func `lengths are kept of the text arguments that the schema names, and of no others`() async throws {
        let open = Tool(
            name: "t", description: "",
            parameters: ["type": "object", "properties": ["x": ["type": "string"], "n": ["type": "integer"]]],
            safe: true
        ) { _ in ToolOutput("") }
        let (_, execution) = await (try executor(open)).execute("t", arguments: ["x": "é🙂", "n": 5, "secret": "abc"])
        #expect(execution.inputLengths == ["x": 2])
    }

    @Test func `a tool for the sandbox does not run where there is none`() async throws {
        let ran = Counter()
        let executor = try executor(
            tool(requiresSandbox: true) { _ in
                ran.increment()
                return ToolOutput("")
            })
        let (result, execution) = await executor.execute("t", arguments: [:])
        #expect(
            result.json
                == #"{"status":"error","tool":"t","error":"sandbox_unavailable","message":"this program has no sandbox"}"#
        )
        #expect(execution.error == "sandbox_unavailable")
        #expect(ran.count == 0)
    }

    @Test func `a tool for the sandbox runs in it`() async throws {
        let executor = try executor(tool(requiresSandbox: true), sandbox: ToolSandbox { _, _ in ToolOutput("inside") })
        #expect(await executor.execute("t", arguments: [:]).result.outcome == .ok(result: "inside", truncated: false))
    }

    @Test(arguments: [
        (ToolFailure.sandboxDisabled, #""error":"sandbox_disabled""#, "sandbox_disabled"),
        (.sandboxRequired, #""error":"sandbox_required""#, "sandbox_required"),
        (.sandboxCommandMissing, #""error":"sandbox_command_missing""#, "sandbox_command_missing"),
        (.sandboxTimeout, #""error":"sandbox_timeout""#, "sandbox_timeout"),
        (.sandboxLimit("memory"), #""error":"sandbox_limit:memory""#, "sandbox_limit"),
        (.sandboxFailed(exitCode: 3, message: nil), #""error":"sandbox_failed","exit_code":3"#, "sandbox_failed"),
        (
            .sandboxFailed(exitCode: 3, message: "no"), #""error":"sandbox_failed","exit_code":3,"message":"no""#,
            "sandbox_failed"
        ),
        (.sandboxUnavailable("why"), #""error":"sandbox_unavailable","message":"why""#, "sandbox_unavailable"),
    ])
    func `the sandbox's failures have their words`(failure: ToolFailure, json: String, word: String) async throws {
        let executor = try executor(tool(requiresSandbox: true), sandbox: ToolSandbox { _, _ in throw failure })
        let (result, execution) = await executor.execute("t", arguments: [:])
        #expect(result.json == #"{"status":"error","tool":"t",\#(json)}"#)
        #expect(execution.error == word)
    }

    // MARK: Failures of the tool

    struct Leaky: Error, CustomStringConvertible { let description = "a secret" }

    struct Coded: CodedError {
        let codeName = "upstream_down"
        let message = "the secret service is down"
    }

    @Test func `a failure made to be shown is shown, scrubbed`() async throws {
        let executor = try executor(tool { _ in throw Coded() }, redact: { $0.replacing("secret", with: "*") })
        let (result, execution) = await executor.execute("t", arguments: [:])
        let rest = #""code":"upstream_down","message":"the * service is down""#
        #expect(result.json == #"{"status":"error","tool":"t","error":"tool_failed",\#(rest)}"#)
        #expect(execution.error == "tool_failed")
        #expect(execution.outputCharacters == 0)
    }

    @Test func `a tool's own failure is shown, scrubbed and cut`() async throws {
        let executor = try executor(
            tool { _ in throw ToolFailure.failed(code: nil, message: "no secret found") },
            redact: { $0.replacing("secret", with: "*") }, options: .init(maximumOutputCharacters: 6))
        let (result, _) = await executor.execute("t", arguments: [:])
        #expect(result.json == #"{"status":"error","tool":"t","error":"tool_failed","message":"no * f"}"#)
    }

    @Test func `nothing is shown of any other error`() async throws {
        for error in [Leaky() as any Error, CancellationError()] {
            let executor = try executor(tool { _ in throw error })
            let (result, _) = await executor.execute("t", arguments: [:])
            #expect(result.json == #"{"status":"error","tool":"t","error":"tool_failed","message":"the tool failed"}"#)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a tool that takes too long is cancelled`() async throws {
        let cancelled = Counter()
        let slow = tool(timeout: .seconds(30)) { _ in
            do {
                try await Task.sleep(for: .seconds(3_600))
            } catch {
                cancelled.increment()
                throw error
            }
            return ToolOutput("late")
        }
        let executor = try executor(slow, clock: SteppingClock())
        let (result, execution) = await executor.execute("t", arguments: [:])
        #expect(result.json == #"{"status":"error","tool":"t","error":"timeout"}"#)
        #expect(execution.error == "timeout")
        #expect(cancelled.count == 1)
    }

    @Test(.timeLimit(.minutes(1))) func `a time limit on the real clock ends a call too`() async throws {
        let slow = tool(timeout: .milliseconds(20)) { _ in
            try await Task.sleep(for: .seconds(3_600))
            return ToolOutput("late")
        }
        let (result, execution) = await (try executor(slow)).execute("t", arguments: [:])
        #expect(result.outcome == .error(.timeout))
        #expect(execution.duration >= .milliseconds(20))
    }

    @Test func `no clock watches a tool that is bounded by its own limits`() async throws {
        // This clock's sleeps are over at once: a limit would end the call.
        let executor = try executor(tool(timeout: nil) { _ in ToolOutput("done") }, clock: SteppingClock())
        for _ in 0..<100 {
            let (result, _) = await executor.execute("t", arguments: [:])
            #expect(result.outcome == .ok(result: "done", truncated: false))
        }
        #expect([Tool.echo, .safeCalc].allSatisfy { $0.timeout == nil })
    }

    @Test(.timeLimit(.minutes(1))) func `a call whose caller has gone is cancelled`() async throws {
        let executor = try executor(
            tool { _ in
                try await Task.sleep(for: .seconds(3_600))
                return ToolOutput("late")
            })
        let result = await withTaskGroup(of: ToolResult.self) { group in
            group.addTask { await executor.execute("t", arguments: [:]).result }
            group.cancelAll()
            return await group.next()
        }
        #expect(result?.outcome == .error(.cancelled))
    }
}
