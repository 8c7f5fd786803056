import OrchCore
import OrchReceipts
import OrchRouting
import OrchTokens
import Synchronization
import SystemPackage
import Testing

@testable import OrchCommandLine

struct ReplayCommandTests {
    private let log = MemoryLog()
    private let folder: TemporaryDirectory
    private var fixture = Fixture()

    init() throws {
        folder = try TemporaryDirectory()
        fixture.log = log
        fixture.chunks = ["fine"]
        fixture.chatsAskMeaning = true
        fixture.pins = ["router_policy": "rules-1", "tool_policy": "policy-1"]
    }

    private static func body(_ text: String) -> [UInt8] {
        Array(#"{"messages":[{"role":"user","content":"\#(text)"}]}"#.utf8)
    }

    /// Answers a request, and gives its trace and the file that holds it.
    private func recorded(_ text: String, agent: String? = nil) async throws -> (trace: String, file: String) {
        let body = Self.body(text)
        try await fixture.answer(body, agent: agent)
        return (log.id(log.state.withLock { $0.leaves.count - 1 }).description, try folder.write("body.json", body))
    }

    private func replay(_ request: (trace: String, file: String), _ options: String..., by fixture: Fixture) async
        -> Run
    {
        await orch(["replay", request.trace, "--input", request.file] + options, in: fixture.environment)
    }

    @Test(arguments: ["calculate 2 + 2", "wake me at seven", "what is new?"])
    func `what is decided the same is said to be`(text: String) async throws {
        let request = try await recorded(text)
        let run = await replay(request, by: fixture)
        #expect(run.status == 0, "\(run.out)\(run.err)")
        #expect(run.out.contains("input    is what the receipt binds\npins     same\n"))
        #expect(run.out.contains("routing  same\n") && run.out.contains("tokens   same\nmodel    same\n"))
        #expect(run.out.hasSuffix("\n✓ all that was compared comes out the same\n"))
        let json = try #require(try await replay(request, "--json", by: fixture).json().objectValue)
        #expect(json["same"] == true && json["input"] == "matches" && json["trace_id"] == .string(request.trace))
        let parts = json["parts"]?.arrayValue?.compactMap { $0.objectValue?["part"]?.stringValue } ?? []
        #expect(parts.contains("policy") == (text != "what is new?"))
        #expect(parts.contains("meaning") == (text != "calculate 2 + 2"))
    }

    @Test func `what differs is told by name`() async throws {
        let request = try await recorded("wake me at seven")
        var other = fixture
        other.pins = ["router_policy": "rules-2", "tool_policy": "policy-1"]
        other.routing.findings["wake me at seven"] = .found("alarm", 0.99, 0.8, 0.95, "joke", 0.02)
        let run = await replay(request, by: other)
        #expect(run.status == 1)
        #expect(run.out.contains("pins     router_policy: recorded rules-1, now rules-2\n"))
        #expect(run.out.contains("meaning  confidence: recorded 0.97, now 0.8\n"))
        #expect(run.out.contains("routing  outcome: recorded tool, now human\n"))
        #expect(run.out.contains("         reason: recorded intent_confident, now hitl_low_confidence\n"))
        #expect(run.out.contains("policy   step: recorded there, now none\n"))
        #expect(run.out.hasSuffix("\n✗ it does not come out the same\n"))
        let json = try #require(try await replay(request, "--json", by: other).json().objectValue)
        #expect(json["same"] == false)
        #expect(
            json["parts"]?.arrayValue?.first == [
                "part": "pins", "same": false,
                "differences": [["member": "router_policy", "recorded": "rules-1", "now": "rules-2"]],
            ])
    }

    @Test func `counts, models and pruning are compared`() async throws {
        let request = try await recorded("what is new?")
        var other = fixture
        other.tokens = try TinyVocabulary.bench(budget: 1000)
        let run = await replay(request, by: other)
        #expect(run.status == 1 && run.out.contains("tokenizer: recorded bytes, now o200k_base"), "\(run.out)")
    }

    @Test func `the agent comes from the trace, or from the command line`() async throws {
        let request = try await recorded("calculate 1", agent: "Holly")
        #expect(await replay(request, by: fixture).status == 0)
        #expect(await replay(request, "--agent", "holly", by: fixture).status == 0)
        let bare = await replay(request, "--agent", "bare", by: fixture)
        #expect(bare.status == 1 && bare.out.contains("reason: recorded arithmetic, now tool_not_allowed_for_agent"))
        #expect(await replay(request, "--agent", "nobody", by: fixture).status == 66)
    }

    @Test func `a request that would not be taken any more differs`() async throws {
        let body = Array(#"{"model":"agent/Holly","messages":[{"role":"user","content":"hi"}]}"#.utf8)
        try await fixture.answer(body)
        let request = (trace: log.id(0).description, file: try folder.write("body.json", body))
        #expect(await replay(request, by: fixture).status == 0)
        // A file that the log binds, and that no pipeline takes.
        let salt = TraceSalt.generate()
        let moment = Fixture.moment.advanced(by: .seconds(1))
        let trace = Trace(
            id: TraceID(at: moment, random: (0, 9)), createdAt: moment, metadata: ["route": "chat"],
            steps: [Step(.policySnapshot, at: moment, [:])])
        let entry = ReceiptEntry(
            .whole, trace: trace, status: .ok, at: moment, salt: salt, contents: [salt.commitment(.request, to: [0x7B])]
        )
        log.change { $0.add(entry) }
        let broken = (trace: trace.id.description, file: try folder.write("broken.json", [0x7B]))
        let run = await replay(broken, by: fixture)
        #expect(run.status == 1 && run.out.contains("request  taken: recorded yes, now no: "), "\(run.out)\(run.err)")
    }
}
