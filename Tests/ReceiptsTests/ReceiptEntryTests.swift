import OrchCore
import OrchReceipts
import Testing

@Suite("Receipts in their stored form")
struct ReceiptEntryTests {
    static let moment = Timestamp(microseconds: 1_700_000_000_123_456)
    static let id = TraceID(at: moment, random: (1, 2))

    @Test("Are canonical JSON, with texts of identity and time")
    func storedForm() {
        let trace = Trace(
            id: Self.id, createdAt: Self.moment, metadata: ["status": "ok", "caller": "é", "a": ["z": 1, "b": 1.50]])
        let steps = [
            Step(.tokenUsage, at: Self.moment, ["z": 1, "a": [nil, true], "m": .number(1e21)]),
            Step(.error, at: Self.moment.advanced(by: .microseconds(1)), [:]),
        ]
        let entry = ReceiptEntry(.whole, trace: trace, steps: steps)
        #expect(entry.phase == .whole)
        #expect(entry.traceID == Self.id.description)
        #expect(entry.createdAt == "2023-11-14T22:13:20.123456Z")
        #expect(entry.metadata == #"{"a":{"b":1.5,"z":1},"caller":"é","status":"ok"}"#)
        #expect(entry.steps.map(\.type) == ["token_usage", "error"])
        #expect(entry.steps.map(\.json) == [#"{"a":[null,true],"m":1e+21,"z":1}"#, "{}"])
        #expect(entry.steps.map(\.createdAt) == ["2023-11-14T22:13:20.123456Z", "2023-11-14T22:13:20.123457Z"])
    }

    @Test("Hold the steps given and no others of the trace")
    func stepsGiven() {
        let steps = (0..<4).map { Step(.error, at: Self.moment, ["n": .integer($0)]) }
        let trace = Trace(id: Self.id, createdAt: Self.moment, steps: steps)
        #expect(
            ReceiptEntry(.closing, trace: trace, steps: steps[2...]).steps.map(\.json) == [#"{"n":2}"#, #"{"n":3}"#])
        #expect(ReceiptEntry(.opening, trace: trace, steps: []).steps.isEmpty)
    }

    @Test("The kinds of step are the specification's, in its words")
    func stepTypes() {
        #expect(
            StepType.allCases.map(\.rawValue) == [
                "policy_snapshot", "memory_write_decision", "intent_router", "semantic_router",
                "semantic_ambiguity_guard",
                "token_usage", "token_budget_prune", "agent_prompt_guardrail", "summary_confidence_warning",
                "tool_approval",
                "tool_execution", "llm_provider", "egress", "output_guard", "stream_end", "error",
            ])
        #expect(TraceStatus.processDied.rawValue == "process_died")
    }

    @Test("Every failure has the one word that callers see, and shows no cause")
    func errors() {
        struct Cause: Error, CustomStringConvertible { let description = "canary /home/x.db" }
        for code in [ReceiptError.Code.unavailable, .queueFull, .newerSchema, .unreadable] {
            let error = ReceiptError(code, "m", cause: Cause())
            #expect(error.codeName == "receipts_unavailable" && error.description == "receipts_unavailable: m")
            #expect(error.code == code)
        }
        #expect(ReceiptError.Code.queueFull != .unavailable)
    }
}
