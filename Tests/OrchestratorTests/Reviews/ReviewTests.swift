import OrchApprovals
import OrchCore
import OrchEgress
import OrchReceipts
import OrchStorageSQLite
import OrchTestSupport
import Synchronization
import Testing

@testable import OrchOrchestrator

@Suite("Reviews")
struct ReviewTests {
    private let governance: Governance
    private let bench: Bench
    private static let boss = Caller(name: "boss", isOperator: true)

    init() throws {
        let governance = try Governance()
        self.governance = governance
        bench = try Bench { $0.approvals = governance.desk }
    }

    private func desk(_ shelter: WorkShelter? = nil) -> ReviewDesk {
        ReviewDesk(runner: bench.tools, recorder: bench.recorder, policies: { Bench.policies }, shelter: shelter)
    }

    @Test("A chat whose rule leads to an unsafe tool waits for a human, and says so")
    func chat() async throws {
        let answer = try await bench.whole(Bench.body("unsafe things"))
        let id = try #require(answer["tool_result"]?["hitl_request_id"]?.string)
        #expect(answer["tool_result"]?["approval_reason"]?.string == "missing_approval")
        let text = answer["choices"]?.elements.first { _ in true }?["message"]?["content"]?.string
        #expect(text == "unsafe waits for a human's approval: review \(id).")
        #expect(!bench.timeline.events.contains("ran unsafe"))
        let step = try #require(bench.log.steps(.toolApproval).first)
        #expect(step == ["id": .string(id), "outcome": "queued", "reason": "missing_approval", "tool": "unsafe"])
        #expect(bench.events.all.contains { if case .review(outcome: "pending") = $0 { true } else { false } } == false)

        let (body, trace) = try await desk().approve(id, [], caller: Self.boss)
        let item = try JSONDocument(parsing: body).root
        #expect(item["status"]?.string == "executed" && item["requester"]?.string == Bench.caller.name)
        #expect(item["decision_trace_id"]?.string == trace?.description)
        #expect(bench.timeline.events.contains("ran unsafe"))
    }

    @Test(
        "The decision's receipt commits to the arguments that ran and to the result, and its opening comes before the run"
    )
    func receipt() async throws {
        let id = try await queue(#"{"x":"one"}"#)
        bench.timeline.clear()
        let body = Array(#"{"args":{"x":"two"}}"#.utf8)
        _ = try await desk().approve(id, body, caller: Self.boss)
        #expect(
            bench.timeline.events.filter { !$0.hasPrefix("committed") } == [
                "commit opening", "ran unsafe", "commit closing",
            ])
        #expect(bench.log.commits(.arguments, to: #"{"x":"two"}"#.utf8))
        #expect(bench.log.commits(.answer, to: #"{"status":"ok","tool":"unsafe","result":"did two"}"#.utf8))
        #expect(bench.log.commits(.request, to: body))
        #expect(!bench.log.text.contains("two") && !bench.log.text.contains("one"))
        let steps = bench.log.steps(.toolApproval)
        #expect(steps.last?["args_edited"] == true && steps.last?["outcome"] == "approved")
    }

    @Test("What was approved runs to its end though who approved it has gone")
    func shelter() async throws {
        let id = try await queue(#"{"x":"wait"}"#)
        let shelter = WorkShelter()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await shelter.run() }
            let desk = desk(shelter)
            let request = Task { try await desk.approve(id, [], caller: Self.boss) }
            while !bench.timeline.events.contains("ran unsafe") { try await Task.sleep(for: .milliseconds(1)) }
            request.cancel()
            bench.timeline.add("go on")
            let item = try JSONDocument(parsing: try await request.value.body).root
            #expect(item["status"]?.string == "executed")
            shelter.close()
            try await tasks.waitForAll()
        }
        await #expect(throws: CancellationError.self) { try await shelter.value { 1 } }
    }

    @Test("A call whose caller has gone uses no approval up, and waits for nobody")
    func gone() async throws {
        let body = Array(#"{"name":"unsafe","args":{"x":"one"}}"#.utf8)
        let pipeline = ToolPipeline(runner: bench.tools, recorder: bench.recorder, policies: { Bench.policies })
        let request = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await pipeline.answer(body, caller: Bench.caller).body
        }
        request.cancel()
        let result = try JSONDocument(parsing: try await request.value).root["result"]
        #expect(result?["error"]?.string == "cancelled")
        #expect(
            try await governance.store.depth().pending == 0 && bench.timeline.events.allSatisfy { $0 != "ran unsafe" })
    }

    @Test("Too much that was approved at once is refused")
    func fullShelter() async throws {
        let shelter = WorkShelter(maximumWorks: 1)
        let (started, finish) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await shelter.run() }
            tasks.addTask {
                try await shelter.value {
                    started.continuation.finish()
                    for await _ in finish.stream {}
                }
            }
            for await _ in started.stream {}
            await #expect(throws: ApprovalError.self) { try await shelter.value { 1 } }
            finish.continuation.finish()
            shelter.close()
            try await tasks.waitForAll()
        }
    }

    @Test("An approval where the tool is not there decides nothing")
    func missingTool() async throws {
        let id = try await queue(#"{"x":"one"}"#)
        let other = try Bench { $0.approvals = governance.desk }
        let bare = ReviewDesk(runner: try other.withoutTools(), recorder: other.recorder, policies: { Bench.policies })
        let error = await #expect(throws: PipelineError.self) { try await bare.approve(id, [], caller: Self.boss) }
        #expect(error?.message == "this program has no tool unsafe: approve it where the tool is")
        #expect(try await governance.store.review(id)?.status == .pending)
    }

    private func queue(_ arguments: String) async throws -> String {
        let pipeline = ToolPipeline(runner: bench.tools, recorder: bench.recorder, policies: { Bench.policies })
        let body = Array(#"{"name":"unsafe","args":\#(arguments)}"#.utf8)
        let answer = try await pipeline.answer(body, caller: Bench.caller).body
        return try #require(try JSONDocument(parsing: answer).root["result"]?["hitl_request_id"]?.string)
    }
}

@Suite("Announcements")
struct AnnouncerTests {
    private let governance: Governance
    private let bench: Bench

    init() throws {
        governance = try Governance(announces: true)
        bench = try Bench()
    }

    private func announcer(
        retry: @escaping @Sendable (Int) -> Duration? = { $0 < 3 ? .seconds(10) : nil },
        _ deliver: @escaping @Sendable (PendingEvent) async -> Announcer.Delivery
    ) -> Announcer {
        let events = bench.events
        let now = self.now
        return Announcer(
            outbox: governance.store, deliver: { event, _ in await deliver(event) }, retry: retry,
            recorder: bench.recorder, pins: { Bench.pins }, now: now, observe: { events.add($0) })
    }

    private let clock = Clock()
    private var now: Now { { [clock] in clock.now } }

    private final class Clock: Sendable {
        private let time = Mutex(Bench.moment)
        var now: Timestamp { time.withLock { $0 } }
        func advance(_ seconds: Int) { time.withLock { $0 = $0.advanced(by: .seconds(seconds)) } }
    }

    private func announce(_ number: Int = 1) async throws {
        let review = Review(
            id: TraceID(at: Bench.moment, random: (0, UInt64(number))).description, tool: "unsafe",
            argumentsHash: ArgumentsHash(of: ["n": .integer(number)]), requester: "ann", createdAt: Bench.moment,
            expiresAt: Bench.moment.advanced(by: .seconds(900)))
        _ = try await governance.store.enqueue(review, announcing: .review(review, at: Bench.moment))
    }

    private var outcomes: [AnnouncementOutcome] {
        bench.events.all.compactMap { if case .announced(let outcome) = $0 { outcome } else { nil } }
    }

    private static let connection = ConnectionRecord(endpoint: Endpoint(host: "hooks", port: 1), address: "127.0.0.1")

    @Test("Are delivered once, after an opening receipt, with their connection")
    func delivered() async throws {
        try await announce()
        let timeline = bench.timeline
        let announcer = announcer { event in
            timeline.add("delivered \(event.attempts)")
            return Announcer.Delivery(failure: nil, connection: Self.connection)
        }
        try await announcer.deliverDue()
        try await announcer.deliverDue()
        #expect(
            timeline.events.filter { !$0.hasPrefix("committed") } == [
                "commit opening", "delivered 0", "commit closing",
            ])
        #expect(outcomes == [.delivered])
        let step = try #require(bench.log.steps(.egress).first)
        #expect(step["delivery"] == "delivered" && step["address"] == "127.0.0.1" && step["endpoint"] == "hooks:1")
        #expect(bench.log.metadata("route") == "webhook")
    }

    @Test("Are tried again when they are due, and given up in the end")
    func retried() async throws {
        try await announce()
        let tried = Mutex<[Int]>([])
        let announcer = announcer { event in
            tried.withLock { $0.append(event.attempts) }
            return Announcer.Delivery(failure: "status_500", connection: nil)
        }
        for _ in 0..<3 { try await announcer.deliverDue() }
        #expect(tried.withLock { $0 } == [0], "it is not due yet")
        for _ in 0..<4 {
            clock.advance(10)
            try await announcer.deliverDue()
        }
        #expect(tried.withLock { $0 } == [0, 1, 2])
        #expect(outcomes == [.failed, .failed, .dropped])
    }

    @Test("Do not leave where no receipt can be written")
    func noReceipts() async throws {
        try await announce()
        let broken = try Bench { $0.failing = [.opening] }
        let store = governance.store
        let announcer = Announcer(
            outbox: store,
            deliver: { _, _ in
                Issue.record("it left without a receipt")
                return Announcer.Delivery(failure: nil, connection: nil)
            }, retry: { _ in nil }, recorder: broken.recorder, pins: { Bench.pins }, now: now, observe: { _ in })
        try await announcer.deliverDue()
        clock.advance(301)
        let left = try await store.takeDue(at: clock.now, leaseEnd: clock.now, limit: 9)
        #expect(left.count == 1, "it waits")
    }

    @Test("Many are delivered at the same time, and a slow one holds up no other lane")
    func many() async throws {
        for number in 1...40 { try await announce(number) }
        let count = Mutex(0)
        let announcer = announcer { _ in
            count.withLock { $0 += 1 }
            return Announcer.Delivery(failure: nil, connection: nil)
        }
        try await announcer.deliverDue()
        #expect(count.withLock { $0 } == 32, "a batch")
        try await announcer.deliverDue()
        #expect(count.withLock { $0 } == 40)
    }
}
