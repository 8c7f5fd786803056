import OrchCore
import OrchOrchestrator
import OrchRouting
import Testing

@testable import OrchCommandLine

/// `orch route explain` where more than the rules decides.
struct RouteMeaningTests {
    private func explain(_ text: String, _ options: String..., change: (inout Fixture) -> Void = { _ in }) async -> Run
    {
        var fixture = Fixture()
        fixture.routing.mode = .tiers
        fixture.variables["ORCH_ORCHESTRATOR_MODE"] = "advanced"
        fixture.variables["ORCH_INTENT_ROUTER_ENABLED"] = "1"
        change(&fixture)
        return await orch(["route", "explain", text] + options, in: fixture.environment)
    }

    @Test func `tells each step of a decision by meaning`() async {
        let run = await explain("wake me at seven")
        #expect(run.status == 0 && run.err.isEmpty, "\(run.err)")
        let start = run.out.firstRange(of: "\nrouter ")?.lowerBound ?? run.out.endIndex
        #expect(
            run.out[start...] == """

                router         the intent router decides
                deny           not matched
                rules          not matched
                allow          not matched
                meaning        alarm
                similarity s   0.99
                confidence     0.97
                gap            0.95
                runner-up      joke, probability 0.02
                held against   s from 0.8, gap from 0.05, confidence from 0.85
                guard          intent_confident
                tier           2
                outcome        tool
                reason         intent_confident
                happens        the tool runs: echo {"message":"wake me at seven"}
                policy hash    policy-1
                intents hash   intents-1
                embedder hash  embedder-1
                learned hash   learned-1

                """)
    }

    @Test func `prints all of it as JSON`() async throws {
        let json = try #require(try await explain("wake me or amuse me", "--json").json().objectValue)
        #expect(json["decision"]?.objectValue?["reason"] == "no_match")
        #expect(json["router"] == "intents" && json["problem"] == .null)
        #expect(json["gate"] == ["deny": ["outcome": "not_matched"], "allow": ["outcome": "not_matched"]])
        #expect(
            json["meaning"] == [
                "intent": "alarm", "similarity": 0.95, "confidence": 0.5, "gap": 0.02, "runner_up": "joke",
                "runner_up_probability": 0.48, "absence": nil,
            ])
        let decision = try #require(json["intent_decision"]?.objectValue)
        #expect(decision["reason"] == "hitl_ambiguous" && decision["requires_hitl"] == true)
        #expect(decision["tier_used"] == 3 && decision["intent_id"] == "alarm")
        #expect(json["acting_decision"] == json["intent_decision"] && json["shadow_mismatch"] == .null)
        #expect(
            json["hashes"] == [
                "policy": "policy-1", "intents": "intents-1", "embedder": "embedder-1", "learned": "learned-1",
            ])
    }

    @Test func `says what happens`() async {
        #expect(
            await explain("wake me or amuse me").out.contains(
                "happens        a human decides; approved, this runs: echo"))
        #expect(await explain("amuse me a bit").out.contains("reason         hitl_low_confidence\n"))
        #expect(await explain("do something").out.contains("happens        the model answers, or the local answer"))
        #expect(await explain("…").out.contains("meaning        says nothing: text_without_meaning"))
        let rule = await explain("calculate 1")
        #expect(rule.out.contains("rules          matched: sums") && rule.out.contains("allow          not reached"))
        #expect(rule.out.contains("meaning        not looked at\n"))
    }

    @Test func `expressions of the policy are told`() async throws {
        let gate = GatePatterns(
            deny: [try WordCompiler().compile("wipe", caseInsensitive: false)],
            allow: [try WordCompiler().compile("hello", caseInsensitive: false)])
        let denied = await explain("wipe all") { $0.routing.gate = gate }
        #expect(denied.out.contains("deny           matched by expression 1"))
        #expect(denied.out.contains("rules          not reached"))
        #expect(denied.out.contains("happens        the request is refused"))
        let allowed = await explain("hello") { $0.routing.gate = gate }
        #expect(allowed.out.contains("allow          matched by expression 1"))
        let json = try await explain("wipe all", "--json") { $0.routing.gate = gate }.json().objectValue
        #expect(json?["gate"]?.objectValue?["deny"] == ["outcome": "matched", "pattern": 0])
        #expect(json?["meaning"] == .null)
    }

    @Test func `in shadow mode both decisions are told`() async throws {
        let shadow: (inout Fixture) -> Void = {
            $0.routing.mode = .shadow
            $0.routing.overrides = ["sums": IntentOverride(needsHuman: true)]
            $0.variables["ORCH_INTENT_ROUTER_ENABLED"] = "0"
            $0.variables["ORCH_INTENT_ROUTER_SHADOW"] = "1"
        }
        let run = await explain("calculate 1", change: shadow)
        #expect(run.out.contains("would have been: human") && run.out.contains("is: tool"))
        #expect(run.out.contains("shadow         the two differ"))
        let json = try #require(try await explain("calculate 1", "--json", change: shadow).json().objectValue)
        #expect(json["router"] == "shadow" && json["shadow_mismatch"] == true)
        #expect(json["intent_decision"]?.objectValue?["reason"] == "tier3_required")
        #expect(json["acting_decision"]?.objectValue?["reason"] == "arithmetic")
    }

    @Test func `an agent has only its tools`() async throws {
        let json = try await explain("wake me at seven", "--json", "--agent", "holly").json().objectValue
        #expect(json?["intent_decision"]?.objectValue?["reason"] == "tool_not_allowed_for_agent")
        let unknown = await explain("x", "--agent", "nobody")
        #expect(unknown.status == 66 && unknown.err.contains("orch agents list"))
    }

    @Test func `without an embedder that is said, and the rules are told`() async {
        let run = await explain("calculate 1") { $0.routing.problem = "no embedder is installed" }
        #expect(run.status == 0 && run.err == "warning: no embedder is installed\n")
        #expect(run.out.contains("not looked at: no embedder is installed"))
    }

    @Test func `a file that is at fault ends it`() async {
        let malformed = await explain("x") { $0.routing.fault = TableFault(codeName: "unknown_key") }
        #expect(malformed.status == 65 && malformed.err == "orch: policy.yaml:3:1: unknown key\n")
        #expect(await explain("x") { $0.routing.fault = TableFault(codeName: "missing_file") }.status == 66)
        #expect(await explain("x") { $0.routing.fault = TableFault(codeName: "vectors_too_large") }.status == 1)
    }

    @Test func `where neither router is on, only the rules are told`() async throws {
        let json = try await orch("route", "explain", "--json", "wake me at seven").json().objectValue
        #expect(json?["intent_decision"] == .null && json?["hashes"] == nil)
    }
}
