import OrchCore
import OrchReceipts
import Testing

@Suite("Receipts in their stored form")
struct ReceiptEntryTests {
    @Test("Are canonical JSON, with texts of identity and time")
    func storedForm() throws {
        let entry = try TraceSample().entry
        #expect(entry.phase == .whole && entry.id == TraceSample.id)
        #expect(entry.traceID == TraceSample.id.description)
        #expect(entry.createdAt == "2023-11-14T22:13:20.123456Z")
        let metadata =
            #"{"caller":"é","closed_at":"2023-11-14T22:13:21.623456Z","nested":{"b":1.5,"z":1},"#
            + #""route":"chat","status":"ok"}"#
        #expect(entry.metadata == Array(metadata.utf8))
        #expect(entry.steps.map(\.type) == ["policy_snapshot", "intent_router", "stream_end"])
        #expect(entry.steps.map(\.id) == (0..<3).map { "\(TraceSample.id)/000\($0)" })
        #expect(entry.steps.map(\.createdAt)[..<2] == ["2023-11-14T22:13:20.123456Z", "2023-11-14T22:13:20.123457Z"])
        let payload =
            #"{"a\"b\\":"\u0007\n\#u{7F}\#u{2028}","empty":{},"list":[null,true,false,0.1,0,333333333.3333333,-3],"#
            + #""score":1e+21,"small":1e-7,"\#u{20AC}":3,"\#u{1F600}":2,"\#u{FB33}":1}"#
        #expect(entry.steps[1].json == Array(payload.utf8))
        #expect(entry.steps[2].json == Array("{}".utf8))
    }

    @Test("Have the leaf of the trace: its bytes, and their hash")
    func leaf() throws {
        let sample = try TraceSample()
        let leaf = try #require(sample.entry.leaf)
        #expect(leaf.hash == .leaf(leaf.bytes))
        #expect(leaf.bytes == sample.leaf.canonical)
        let read = try JSONValue(parsing: leaf.bytes)
        #expect(read.canonical == leaf.bytes)
        let object = try #require(read.objectValue)
        #expect(
            object.keys == ["closed_at", "commitments", "opened_at", "pins", "status", "steps", "trace_id", "v"])
        #expect(object["v"] == 1 && object["trace_id"] == .string(TraceSample.id.description))
        #expect(object["opened_at"] == "2023-11-14T22:13:20.123456Z" && object["status"] == "ok")
        #expect(object["closed_at"] == "2023-11-14T22:13:21.623456Z")
        #expect(object["pins"] == ["tool_policy": .string(TraceSample.policyHash), "version": "1.2"])
        #expect(object["commitments"]?.objectValue?.keys == ["answer", "metadata", "request"])
        let steps = try #require(object["steps"]?.arrayValue)
        for (step, stored) in zip(steps, sample.entry.steps) {
            let payload = try JSONValue(parsing: stored.json)
            let whole: JSONValue = [
                "step_type": .string(stored.type), "payload": payload, "created_at": .string(stored.createdAt),
            ]
            let hash = MerkleHash.sha256(whole.canonical).hexadecimal
            #expect(step == ["type": .string(stored.type), "at": .string(stored.createdAt), "sha256": .string(hash)])
        }
        #expect(steps.count == 3)
    }

    @Test("Pin what the first snapshot of policies says, and nothing where there is none")
    func pins() throws {
        var trace = TraceSample.trace
        trace.steps.append(Step(.policySnapshot, at: TraceSample.closed, ["tool_policy": "other"]))
        #expect(try TraceSample(trace: trace).leaf.pins == TraceSample(trace: TraceSample.trace).leaf.pins)
        trace.steps = [Step(.error, at: TraceSample.closed, ["code": "x"])]
        #expect(try TraceSample(trace: trace).leaf.pins == Array("{}".utf8))
    }

    @Test("Hold the steps that are not written yet, and the leaf all of them")
    func stepsGiven() throws {
        let steps = (0..<4).map { Step(.error, at: TraceSample.opened, ["n": .integer($0)]) }
        let trace = Trace(id: TraceSample.id, createdAt: TraceSample.opened, steps: steps)
        let salt = try #require(TraceSample.salt)
        let whole = ReceiptEntry(.whole, trace: trace, status: .ok, at: TraceSample.closed, salt: salt)
        let closing = ReceiptEntry(.closing, trace: trace, status: .ok, at: TraceSample.closed, written: 2, salt: salt)
        #expect(closing.steps.map(\.id) == ["\(TraceSample.id)/0002", "\(TraceSample.id)/0003"])
        #expect(closing.steps.map(\.json) == [Array(#"{"n":2}"#.utf8), Array(#"{"n":3}"#.utf8)])
        #expect(closing.leaf?.bytes == whole.leaf?.bytes && closing.metadata == whole.metadata)
        let done = ReceiptEntry(.closing, trace: trace, status: .ok, at: TraceSample.closed, written: 4, salt: salt)
        #expect(done.steps.isEmpty && done.leaf?.bytes == whole.leaf?.bytes)
    }

    @Test("Of an opening have no leaf and no end, and the contents' commitments alone")
    func opening() throws {
        let salt = try #require(TraceSample.salt)
        let request = salt.commitment(.request, to: TraceSample.request)
        let opening = ReceiptEntry(
            .opening, trace: TraceSample.trace, status: .open, at: TraceSample.opened, salt: salt, contents: [request])
        #expect(opening.leaf == nil && opening.commitments == [request] && opening.steps.count == 3)
        let metadata = try #require(try JSONValue(parsing: opening.metadata).objectValue)
        #expect(metadata["status"] == "open" && metadata["closed_at"] == nil)
        #expect(opening.commitmentsJSON == Array(#"{"request":"\#(request.hash.hexadecimal)"}"#.utf8))
    }

    @Test("Commit to metadata, request and answer, in the order of their names")
    func commitments() throws {
        let sample = try TraceSample()
        #expect(sample.entry.commitments.map(\.name) == [.answer, .metadata, .request])
        #expect(sample.leaf.commitments.map(\.name) == ["answer", "metadata", "request"])
        #expect(sample.leaf.commitments.map(\.hash) == sample.entry.commitments.map(\.hash))
        let contents = [TraceSample.answer, sample.entry.metadata, TraceSample.request]
        for (commitment, content) in zip(sample.entry.commitments, contents) {
            #expect(sample.entry.salt.hash(of: content, named: commitment.name.rawValue) == commitment.hash)
        }
        let json = try JSONValue(parsing: sample.entry.commitmentsJSON)
        #expect(json.objectValue?.keys == ["answer", "metadata", "request"])
        #expect(json.canonical == sample.entry.commitmentsJSON)
    }

    @Test("Turn into failed ones with the same salt, moment and contents")
    func failed() throws {
        let entry = try TraceSample().entry
        let failed = entry.failed
        #expect(failed.phase == entry.phase && failed.salt == entry.salt && failed.id == entry.id)
        #expect(failed.steps.map(\.json) == entry.steps.map(\.json))
        #expect(failed.commitments[0] == entry.commitments[0] && failed.commitments[2] == entry.commitments[2])
        let leaf = try Leaf(parsing: failed.leaf?.bytes ?? [])
        #expect(leaf.status == "failed" && leaf.closedAt == "2023-11-14T22:13:21.623456Z")
        #expect(
            failed.metadata
                == Array(
                    String(decoding: entry.metadata, as: UTF8.self)
                        .replacing(#""status":"ok""#, with: #""status":"failed""#).utf8))
    }

    @Test("Draw a salt of their own where none is given")
    func salts() {
        func entry() -> ReceiptEntry {
            ReceiptEntry(.whole, trace: TraceSample.trace, status: .ok, at: TraceSample.closed)
        }
        #expect(entry().salt != entry().salt)
        #expect(entry().leaf?.hash != entry().leaf?.hash)
    }

    @Test("Steps sort by their places", arguments: [(0, "t/0000"), (9, "t/0009"), (10, "t/0010"), (9999, "t/9999")])
    func stepIDs(_ place: Int, _ id: String) {
        #expect(StoredStep.id("t", place) == id)
    }

    @Test("The kinds of step are the specification's, in its words")
    func stepTypes() {
        #expect(
            StepType.allCases.map(\.rawValue) == [
                "policy_snapshot", "memory_write_decision", "intent_router", "semantic_router",
                "semantic_ambiguity_guard", "token_usage", "token_budget_prune", "agent_prompt_guardrail",
                "summary_confidence_warning", "tool_approval", "tool_execution", "llm_provider", "egress",
                "output_guard", "stream_end", "error",
            ])
        #expect(TraceStatus.allCases.map(\.rawValue) == ["open", "ok", "failed", "cancelled", "process_died"])
    }

    @Test("Every failure has the one word that callers see, and shows no cause")
    func errors() {
        struct Cause: Error, CustomStringConvertible { let description = "canary /home/x.db" }
        let codes: [ReceiptError.Code] = [
            .unavailable, .queueFull, .newerSchema, .unreadable, .keyMissing, .keyDiffers,
        ]
        for code in codes {
            let error = ReceiptError(code, "m", cause: Cause())
            #expect(error.codeName == "receipts_unavailable" && error.description == "receipts_unavailable: m")
            #expect(error.code == code)
        }
        #expect(Set(codes).count == codes.count)
    }
}
