import OrchAgents
import OrchApprovals
import OrchCore
import OrchReceipts
import OrchRouting
import OrchStorageSQLite
import OrchTokens
import OrchTools
import Synchronization
import Testing

@testable import OrchOrchestrator

private typealias Text = RouterParts.Text

/// Deciding on a request without answering it.
@Suite struct ChatRehearsalTests {
    private let governance: Governance

    init() throws { governance = try Governance() }

    private static func rehearse(_ bench: Bench, _ body: String, agent: String? = nil) async throws -> ChatRehearsal {
        try await bench.pipeline.rehearse(Array(body.utf8), agentName: agent, caller: Bench.caller)
    }

    // MARK: The same as an answer's

    /// A step as both can say it: nothing of times, of what came out, and of what was put into a queue.
    private static func comparable(_ type: String, _ payload: JSONObject) -> JSONValue {
        var payload = payload
        for key in ["duration_us", "review", "output_tokens"] { payload[key] = nil }
        if type == "tool_execution" {
            for key in ["status", "error", "output_characters", "truncated"] { payload[key] = nil }
        }
        return ["type": .string(type), "payload": .object(payload)]
    }

    private static func steps(_ bench: Bench) throws -> [JSONValue] {
        try bench.log.entries.flatMap(\.steps).filter { $0.type != "llm_provider" }.map { step in
            comparable(step.type, try JSONValue(parsing: step.json).objectValue ?? [:])
        }
    }

    private static func turns(_ count: Int, last: String) -> String {
        let turns = (1...count).map { number in
            #"{"role":"user","content":"question\#(number)"},{"role":"assistant","content":"yes"}"#
        }
        return "{\"messages\":[\(turns.joined(separator: ",")),{\"role\":\"user\",\"content\":\(Chunks.quoted(last))}]}"
    }

    static let bodies: [(name: String, body: String)] = [
        ("a rule and its tool", Bench.body(Text.ruled)), ("a rule's tool that fails", Bench.body("calc 1/0")),
        ("a tool that the policy forbids", Bench.body("forbid")), ("a tool that is not there", Bench.body("missing")),
        ("an intent's tool", Bench.body(Text.tool)), ("an intent for the model", Bench.body(Text.model)),
        ("a model by tier", Bench.body(String(repeating: "x", count: 150))),
        ("a model for analysis", Bench.body("analyse this")), ("a model by name", Bench.body("hi", #""model":"chat""#)),
        ("a pruned request", turns(9, last: Text.model)),
        ("a request that does not fit", Bench.body(String(repeating: "x", count: 400))),
        ("a denied one", Bench.body(Text.denied)), ("a human's call", Bench.body(Text.ambiguous)),
        ("a human's chat", Bench.body(Text.unsure)), ("a required human", Bench.body(Text.confirmed)),
        ("tools of the caller's", Bench.body(Text.tool, #""tools":[{"type":"function","function":{"name":"f"}}]"#)),
        ("a stream", Bench.body(Text.denied, #""stream":true"#)),
    ]

    @Test(arguments: bodies)
    func `it says the same as the answer does`(_ name: String, _ body: String) async throws {
        for mode in [RequestRouter.Mode.plain, .tiers, .shadow] {
            for agent in [nil, "Helper"] {
                func bench() throws -> Bench {
                    let parts = RouterParts(mode: mode, overrides: ["confirm": IntentOverride(needsHuman: true)])
                    return try Bench(parts, governance) { $0.budget = TokenBudget(maximumTokens: 250) }
                }
                let (acting, rehearsing) = (try bench(), try bench())
                _ = await acting.failure(body, agent: agent)
                let rehearsal = try await Self.rehearse(rehearsing, body, agent: agent)
                let found = rehearsal.steps.map { Self.comparable($0.type.rawValue, $0.payload) }
                #expect(found == (try Self.steps(acting)), "\(name), \(mode), \(agent ?? "no agent")")
                #expect(rehearsal.pins == Bench.pins)
            }
        }
    }

    @Test func `a pruned request is among them`() async throws {
        let bench = try Bench(RouterParts()) { $0.budget = TokenBudget(maximumTokens: 250) }
        let rehearsal = try await Self.rehearse(bench, Self.turns(9, last: Text.model))
        #expect(rehearsal.steps.map(\.type.rawValue).contains("token_budget_prune"))
    }

    @Test func `in basic mode, and without a model, it says the same, too`() async throws {
        for noModel in [nil, NoModelReason.disabled] {
            for mode in [ChatPipeline.Mode.basic, .advanced] {
                func bench() throws -> Bench {
                    try Bench(RouterParts(), governance) { ($0.mode, $0.noModel) = (mode, noModel) }
                }
                let (acting, rehearsing) = (try bench(), try bench())
                for text in [Text.model, Text.ruled, Text.denied] {
                    let before = try Self.steps(acting).count
                    _ = try await acting.whole(Bench.body(text))
                    let found = try await Self.rehearse(rehearsing, Bench.body(text)).steps
                    let expected = try Self.steps(acting).dropFirst(before)
                    #expect(found.map { Self.comparable($0.type.rawValue, $0.payload) } == Array(expected))
                }
            }
        }
    }

    @Test func `twice it says the same`() async throws {
        let bench = try Bench(RouterParts(), governance)
        for (_, body) in Self.bodies {
            let steps = try await (Self.rehearse(bench, body).steps, Self.rehearse(bench, body).steps)
            func comparable(_ steps: [Step]) -> [JSONValue] {
                steps.map { Self.comparable($0.type.rawValue, $0.payload) }
            }
            #expect(comparable(steps.0) == comparable(steps.1))
        }
    }

    // MARK: Nothing happens

    /// Counts calls that were let in, and not taken back.
    private final class Counts: Sendable {
        private let state = Mutex((now: 0, ever: 0))
        var now: Int { state.withLock { $0.now } }
        var ever: Int { state.withLock { $0.ever } }

        var policy: ToolPolicyCheck {
            ToolPolicyCheck(
                admit: { _, _, _ in
                    self.state.withLock { ($0.now, $0.ever) = ($0.now + 1, $0.ever + 1) }
                    return (ToolPolicyDecision(allowed: true, reason: "fine"), { self.state.withLock { $0.now -= 1 } })
                }, outlook: { _ in ToolPolicyDecision(allowed: true, reason: "fine") })
        }
    }

    @Test func `it leaves no trace and no item, runs no tool, asks no model, and uses up no count`() async throws {
        let counts = Counts()
        let bench = try Bench(RouterParts(), governance) { options in
            options.policy = counts.policy
            options.asksOtherMachines = true
        }
        for (_, body) in Self.bodies + [("an unsafe tool", Bench.body("unsafe things"))] {
            let rehearsal = try await Self.rehearse(bench, body)
            #expect(!rehearsal.steps.isEmpty && counts.now == 0)
        }
        #expect(counts.ever > 0)
        #expect(bench.log.entries.isEmpty && bench.timeline.events.isEmpty && bench.model.calls.isEmpty)
        #expect(bench.model.listings == 0)
        #expect(try await governance.store.reviews(status: nil, requester: nil, before: nil, limit: 9).isEmpty)
    }

    @Test func `it holds no word of the request`() async throws {
        let bench = try Bench(RouterParts(), governance)
        for (_, body) in Self.bodies {
            for step in try await Self.rehearse(bench, body).steps {
                #expect(!String(decoding: step.payload.canonical, as: UTF8.self).contains("canary"))
            }
        }
    }

    static let refused = ["", "{", "[]", "{}", #"{"messages":[]}"#, #"{"messages":[{"role":"x","content":""}]}"#]

    @Test(arguments: refused)
    func `a body that would not be taken is refused alike`(_ body: String) async throws {
        let bench = try Bench(RouterParts())
        let expected = try #require(await bench.failure(body) as? PipelineError)
        await #expect(throws: expected) { try await Self.rehearse(bench, body) }
        let agent = await #expect(throws: PipelineError.self) {
            try await Self.rehearse(bench, Bench.body("hi"), agent: "Nobody")
        }
        #expect(agent?.code == .notFound)
    }
}
