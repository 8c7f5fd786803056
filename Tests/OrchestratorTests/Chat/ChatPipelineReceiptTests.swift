import OrchCore
import OrchEgress
import OrchProviders
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchOrchestrator

@Suite("Receipts come before answers")
struct ChatPipelineOrderTests {
    static let bodies = ["hello", "calc 1+1", "break it"]

    @Test("Nothing of a whole answer is there before its receipt is on disk", arguments: bodies)
    func whole(_ text: String) async throws {
        for elsewhere in [false, true] {
            let bench = try Bench { $0.asksOtherMachines = elsewhere }
            _ = try await bench.whole(Bench.body(text))
            let events = bench.timeline.events
            let end = elsewhere && text == "hello" ? "committed closing" : "committed whole"
            #expect(bench.timeline.place(of: end) < bench.timeline.place(of: "answered"), "\(events)")
            #expect(events.last == "answered")
        }
    }

    @Test("What goes to another machine is receipted before it goes; what stays here is not")
    func opening() async throws {
        for (elsewhere, stream) in [(true, false), (true, true), (false, true), (false, false)] {
            let bench = try Bench { $0.asksOtherMachines = elsewhere }
            if stream {
                _ = try await bench.stream(Bench.body("hello", "\"stream\":true"))
            } else {
                _ = try await bench.whole(Bench.body("hello"))
            }
            let opened = bench.timeline.place(of: "committed opening")
            #expect((opened < bench.timeline.place(of: "asked")) == elsewhere)
            #expect(bench.log.phases == (elsewhere || stream ? [.opening, .closing] : [.whole]))
            #expect(Set(bench.log.entries.map(\.traceID)).count == 1)
        }
    }

    @Test(
        "A stream's head and first byte wait for the opening, its end for the closing",
        arguments: ["hello", "calc 1+1"])
    func stream(_ text: String) async throws {
        let bench = try Bench()
        let record = try await bench.stream(Bench.body(text, "\"stream\":true"))
        #expect(record.isDone)
        let events = bench.timeline.events
        let isModel = text == "hello"
        let opened = bench.timeline.place(of: isModel ? "committed opening" : "committed whole")
        #expect(opened < bench.timeline.place(of: "head") && opened < bench.timeline.place(of: "sent"), "\(events)")
        let closed = bench.timeline.place(of: isModel ? "committed closing" : "committed whole")
        #expect(closed < bench.timeline.place(of: "sent done"))
        // The chunk that says how it ended goes out behind the closing, too.
        if isModel { #expect(events.dropFirst(closed).filter { $0 == "sent" }.count == 1) }
    }

    @Test("No step is written twice or lost between opening and closing")
    func stepsOnce() async throws {
        let bench = try Bench { $0.asksOtherMachines = true }
        _ = try await bench.stream(Bench.body("hello", "\"stream\":true"))
        #expect(bench.log.entries[0].steps.map(\.type) == ["policy_snapshot", "intent_router", "token_usage"])
        #expect(bench.log.entries[1].steps.map(\.type) == ["llm_provider", "stream_end"])
        #expect(
            String(decoding: bench.log.entries[0].metadata, as: UTF8.self)
                == #"{"caller":"tester","route":"chat","status":"open"}"#)
        #expect(bench.log.metadata("closed_at")?.stringValue == Bench.moment.description)
    }

    @Test("Where receipts cannot be written, no answer is given", arguments: [ReceiptEntry.Phase.whole, .opening])
    func down(_ phase: ReceiptEntry.Phase) async throws {
        for stream in ["", "\"stream\":true"] {
            for (text, elsewhere) in [("hello", false), ("hello", true), ("calc 1", false)] {
                let bench = try Bench {
                    $0.failing = [phase]
                    $0.asksOtherMachines = elsewhere
                }
                let usesOpening = text == "hello" && (elsewhere || !stream.isEmpty)
                let failure = await bench.failure(Bench.body(text, stream))
                #expect((failure is ReceiptError) == (usesOpening == (phase == .opening)), "\(text) \(stream)")
                if phase == .opening, elsewhere, text == "hello" {
                    #expect(bench.model.calls.isEmpty, "nothing escapes unreceipted")
                }
                if failure != nil { #expect(bench.log.entries.isEmpty && !bench.timeline.events.contains("sent")) }
                // An upstream that was opened in vain is given up.
                if phase == .opening, !elsewhere, usesOpening { #expect(bench.model.cancellations == 1) }
            }
        }
    }

    @Test("A closing that cannot be written ends the stream with an error and without its end")
    func closingDown() async throws {
        let bench = try Bench { $0.failing = [.closing] }
        let record = try await bench.stream(Bench.body("hello", "\"stream\":true"))
        #expect(!record.isDone && record.finishReasons.isEmpty)
        #expect(
            record.error?["code"]?.string == "receipts_unavailable"
                && record.error?["type"]?.string == "service_unavailable")
        #expect(record.chunks.allSatisfy { $0.root["receipt"] == nil })
        let whole = try Bench {
            $0.failing = [.closing]
            $0.asksOtherMachines = true
        }
        #expect(await whole.failure(Bench.body("hello")) is ReceiptError)
    }
}

@Suite("Requests that fail or are given up")
struct ChatPipelineFailureTests {
    static let failure = ProviderError(.failed, "the model server failed (HTTP 500)")

    @Test("A model's failure is told after its receipt, with the trace's identity", arguments: ["", "\"stream\":true"])
    func providerFails(_ stream: String) async throws {
        for elsewhere in [false, true] {
            let bench = try Bench {
                $0.script.failure = Self.failure
                $0.asksOtherMachines = elsewhere
            }
            let failure = try #require(await bench.failure(Bench.body("hello", stream)) as? TracedFailure)
            #expect((failure.error as? ProviderError)?.code == .failed)
            #expect(failure.traceID?.description == bench.log.entries.last?.traceID)
            #expect(bench.log.phases == (elsewhere ? [.opening, .closing] : [.whole]))
            #expect(bench.log.status == "failed")
            #expect(bench.log.steps(.llmProvider).map { $0["outcome"] } == ["provider_failed"])
            #expect(bench.log.steps(.error) == [["code": "provider_failed"]])
        }
    }

    @Test("An answer that is no completion is a failure of the model server's")
    func malformed() async throws {
        let bench = try Bench { $0.script.answer = #"{"error":"canary"}"# }
        let failure = try #require(await bench.failure(Bench.body("hello")) as? TracedFailure)
        #expect((failure.error as? ProviderError)?.code == .malformedAnswer)
        #expect(bench.log.status == "failed" && !bench.log.text.contains("canary"))
    }

    @Test("A caller that went away before the answer is receipted as such", arguments: ["", "\"stream\":true"])
    func cancelledBefore(_ stream: String) async throws {
        let bench = try Bench { $0.script.failure = ProviderError(.cancelled, "the call was cancelled") }
        #expect(await bench.failure(Bench.body("hello", stream)) is TracedFailure)
        #expect(bench.log.status == "cancelled")
    }

    @Test("A failure after the first byte is an error event, and the stream has no end")
    func streamFails() async throws {
        let bench = try Bench {
            $0.script.chunks = [Chunks.role, Chunks.content("half")]
            $0.script.ending = .failure(ProviderError(.unreachable, "the model server closed the connection"))
        }
        let record = try await bench.stream(Bench.body("hello", "\"stream\":true"))
        #expect(record.text() == "half" && !record.isDone && record.finishReasons.isEmpty)
        #expect(
            record.error?.value == [
                "message": "the model server closed the connection", "type": "provider_error", "param": nil,
                "code": "provider_unreachable",
            ])
        #expect(bench.log.phases == [.opening, .closing] && bench.log.status == "failed")
        #expect(bench.log.steps(.llmProvider).last?["outcome"] == "provider_unreachable")
        #expect(bench.log.steps(.streamEnd).first?["outcome"] == "provider_unreachable")
        #expect(bench.timeline.place(of: "committed closing") < bench.timeline.events.count - 1)
    }

    @Test("A caller that goes away at any frame cancels the model's call, and the receipt says so", arguments: 0..<3)
    func gone(_ frames: Int) async throws {
        let bench = try Bench {
            $0.script.chunks = [Chunks.role, Chunks.content("a"), Chunks.content("b"), Chunks.content("c")]
            $0.script.ending = .stalled
        }
        guard case .stream(let stream) = try await bench.answer(Bench.body("hello", "\"stream\":true")) else {
            throw Bench.Unexpected.whole
        }
        let sink = Sink(bench.timeline, limit: frames)
        try await stream.send { try sink.take($0) }
        #expect(bench.model.cancellations >= 1)
        #expect(bench.log.phases == [.opening, .closing] && bench.log.status == "cancelled")
        #expect(bench.log.steps(.streamEnd).map { $0["outcome"] } == ["cancelled"])
        #expect(try !StreamRecord(sink.bytes).isDone)
    }

    @Test("A caller whose task is cancelled while the model is silent frees the model at once")
    func cancelledWhileSilent() async throws {
        let bench = try Bench {
            $0.script.chunks = [Chunks.role]
            $0.script.ending = .stalled
        }
        guard case .stream(let stream) = try await bench.answer(Bench.body("hello", "\"stream\":true")) else {
            throw Bench.Unexpected.whole
        }
        let sink = Sink(bench.timeline)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await stream.send { try sink.take($0) } }
            while bench.timeline.place(of: "sent") == .max { try await Task.sleep(for: .milliseconds(1)) }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(bench.log.status == "cancelled" && bench.model.cancellations == 1)
    }

    @Test("A caller that goes away behind the end leaves a receipt that says that all was well")
    func goneAtTheEnd() async throws {
        for isReceipted in [true, false] {
            let bench = try Bench { $0.isReceipted = isReceipted }
            guard case .stream(let stream) = try await bench.answer(Bench.body("hello", "\"stream\":true")) else {
                throw Bench.Unexpected.whole
            }
            // Role and two pieces pass; the last chunk does not.
            let sink = Sink(bench.timeline, limit: 3)
            try await stream.send { try sink.take($0) }
            if isReceipted { #expect(bench.log.phases == [.opening, .closing] && bench.log.status == "ok") }
            let calls = bench.events.all.filter { if case .called = $0 { true } else { false } }
            #expect(calls.count == 1)
        }
    }
}

@Suite("What receipts hold")
struct ReceiptContentTests {
    static let canary = "canary-5f3a"

    static let requests: [(String, String?)] = [
        (Bench.body("tell me of \(canary)"), nil), (Bench.body("echo \(canary)"), nil),
        (Bench.body("calc \(canary)"), nil),
        (Bench.body("break \(canary)"), nil), (Bench.body("forbid \(canary)"), nil),
        (Bench.body("missing \(canary)"), nil),
        (Bench.body("analyse \(canary)"), "helper"),
        (Bench.body(canary, #""user":"\#(canary)","stop":["\#(canary)"]"#), nil),
        (Bench.body(canary, #""metadata":{"\#(canary)":"\#(canary)"},"\#(canary)":1"#), nil),
        (
            Bench.body(
                canary, #""tools":[{"type":"function","function":{"name":"\#(canary)"}}],"tool_choice":"\#(canary)""#),
            nil
        ),
        (
            #"{"messages":[{"role":"system","content":"\#(canary)","name":"\#(canary)"},{"role":"user","content":[{"type":"text","text":"\#(canary)"}],"metadata":{"goal":"\#(canary)"}}]}"#,
            nil
        ),
    ]

    @Test("No prompt, answer, argument or name of the caller's or the model's making", arguments: requests)
    func content(_ body: String, _ agent: String?) async throws {
        let canary = Self.canary
        let call =
            #"{"role":"assistant","tool_calls":[{"index":0,"function":{"name":"\#(canary)","arguments":"\#(canary)"}}]}"#
        let completion =
            #"{"id":"\#(canary)","model":"\#(canary)","system_fingerprint":"\#(canary)","choices":[{"index":0,"finish_reason":"\#(canary)","message":{"content":"\#(canary)"}}],"usage":{"prompt_tokens":1,"\#(canary)":"\#(canary)"}}"#
        for (script, streams) in [
            (FakeModel.Ending.complete, false), (.complete, true), (.failure(ProviderError(.failed, canary)), true),
        ] {
            for failure in [nil, ProviderError(.rejectedRequest, canary, parameter: canary)] {
                let bench = try Bench {
                    $0.script.answer = completion
                    $0.script.chunks = [
                        Chunks.chunk(call, id: canary), Chunks.content(canary),
                        Chunks.chunk(#"{"\#(canary)":1}"#, finish: canary),
                    ]
                    $0.script.ending = script
                    $0.script.failure = failure
                    $0.script.connected = ConnectionRecord(
                        endpoint: Endpoint(host: "models.example", port: 443), address: "192.0.2.1")
                }
                let request = streams ? body.dropLast() + ",\"stream\":true}" : body
                if streams {
                    _ = try? await bench.stream(request, agent: agent)
                } else {
                    _ = try? await bench.whole(request, agent: agent)
                }
                #expect(!bench.log.entries.isEmpty)
                #expect(!bench.log.text.contains(canary), "\(bench.log.text)")
            }
        }
    }

    @Test("Where bytes went, who asked, and what decided")
    func facts() async throws {
        let bench = try Bench {
            $0.script.connected = ConnectionRecord(
                endpoint: Endpoint(host: "models.example", port: 443), address: "192.0.2.1")
        }
        _ = try await bench.whole(Bench.body("hello"))
        #expect(
            bench.log.steps(.egress) == [
                ["endpoint": "models.example:443", "address": "192.0.2.1", "outcome": "connected"]
            ])
        #expect(bench.log.metadata("caller") == "tester" && bench.log.metadata("route") == "chat")
        let route = try #require(bench.log.steps(.intentRouter).first)
        #expect(route["mode"] == "advanced" && route["reason"] == "no_match" && route["rule"] == .null)
    }

    @Test(
        "The words of OpenAI's for why an answer ended, and no others",
        arguments: [("stop", "stop"), ("tool_calls", "tool_calls"), ("eos_token", "other")])
    func finishReasons(_ given: String, _ recorded: String) async throws {
        let bench = try Bench { $0.script.chunks = [Chunks.role, Chunks.chunk("{}", finish: given)] }
        let record = try await bench.stream(Bench.body("hello", "\"stream\":true"))
        #expect(record.finishReasons == [given])
        #expect(bench.log.steps(.streamEnd).first?["finish_reason"]?.stringValue == recorded)
    }
}
