import OrchAgents
import OrchCore
import OrchPolicyFiles
import OrchRE2
import OrchRouting
import Synchronization
import Testing

/// Real files, looked at by hand.
struct WatchedTests {
    /// Collects what a watched value reports.
    private final class Events: Sendable {
        private let events = Mutex<[WatchEvent]>([])

        func add(_ event: WatchEvent) { events.withLock { $0.append(event) } }
        var all: [WatchEvent] { events.withLock { $0 } }
        var refusals: [PolicyFileError] {
            all.compactMap { if case .refused(let error) = $0 { error } else { nil } }
        }
        var reloads: Int { all.count - refusals.count }
    }

    private let directory: TemporaryDirectory
    private let events = Events()

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func policy(_ tool: String) -> String {
        "version: 1\nrules:\n  - {id: r, match: a, tool: \(tool)}\n"
    }

    private func watchPolicy() throws -> Watched<RuleRouter> {
        try RulePolicyFile.watch(
            directory.path("p.yaml"), compiler: RE2Compiler(), every: .seconds(1), clock: ContinuousClock(),
            onEvent: events.add)
    }

    @Test func nothingHappensWhileTheFileStays() throws {
        try directory.write("p.yaml", policy("one"))
        let watched = try watchPolicy()
        for _ in 0..<5 { watched.poll() }
        #expect(watched.current.value.decide("a").tool == "one")
        #expect(events.all.isEmpty)
        #expect(watched.problem == nil)
    }

    @Test func aChangeIsPickedUpWithItsHash() throws {
        try directory.write("p.yaml", policy("one"))
        let watched = try watchPolicy()
        let before = watched.current.policyHash
        watched.poll()
        try directory.write("p.yaml", policy("another"))
        watched.poll()
        watched.poll()
        #expect(watched.current.value.decide("a").tool == "another")
        #expect(watched.current.policyHash != before)
        #expect(events.all == [.reloaded(policyHash: watched.current.policyHash)])
    }

    @Test func theGenerationTellsWhetherThereIsSomethingNew() throws {
        try directory.write("p.yaml", policy("one"))
        let watched = try watchPolicy()
        let first = watched.generation
        watched.poll()
        #expect(watched.generation == first)
        try directory.write("p.yaml", policy("another"))
        for _ in 0..<3 { watched.poll() }
        #expect(watched.generation == first + 1)
        // What is refused changes nothing.
        try directory.write("p.yaml", "version: 1\nrules: [{id: r, match: '(', tool: t}]\n")
        for _ in 0..<3 { watched.poll() }
        #expect(watched.generation == first + 1)
    }

    @Test func aFileThatReplacesAnotherIsPickedUp() throws {
        try directory.write("p.yaml", policy("one"))
        let watched = try watchPolicy()
        watched.poll()
        try directory.replace("p.yaml", policy("two"))
        watched.poll()
        #expect(watched.current.value.decide("a").tool == "two")
    }

    @Test func aBrokenFileIsRefusedOnceAndTheLastGoodOneStays() throws {
        try directory.write("p.yaml", policy("one"))
        let watched = try watchPolicy()
        let hash = watched.current.policyHash
        watched.poll()
        try directory.write("p.yaml", "version: 1\nrules: [{id: r, match: '(', tool: t}]\n")
        for _ in 0..<4 { watched.poll() }
        #expect(watched.current.value.decide("a").tool == "one")
        #expect(watched.current.policyHash == hash)
        #expect(events.refusals.map(\.line) == [2])
        #expect(watched.problem?.message.contains("rule `r`") == true)

        try directory.write("p.yaml", "version: 1\n")
        watched.poll()
        #expect(events.refusals.map(\.code) == [.invalidValue, .missingKey])
    }

    @Test func goingBackToTheLastGoodContentsEndsTheProblem() throws {
        try directory.write("p.yaml", policy("one"))
        let watched = try watchPolicy()
        watched.poll()
        try directory.write("p.yaml", "broken: [")
        watched.poll()
        #expect(watched.problem != nil)
        try directory.write("p.yaml", policy("one"))
        watched.poll()
        #expect(watched.problem == nil)
        #expect(events.reloads == 1)
    }

    @Test func aFileThatVanishesLeavesTheLastGoodOne() throws {
        try directory.write("p.yaml", policy("one"))
        let watched = try watchPolicy()
        watched.poll()
        directory.remove("p.yaml")
        for _ in 0..<3 { watched.poll() }
        #expect(watched.current.value.decide("a").tool == "one")
        #expect(events.refusals.map(\.code) == [.missingFile])
        try directory.write("p.yaml", policy("two"))
        watched.poll()
        #expect(watched.current.value.decide("a").tool == "two")
        #expect(watched.problem == nil)
    }

    @Test func aFileThatAppearsLaterIsPickedUp() throws {
        let watched = try watchPolicy()
        #expect(watched.problem?.code == .missingFile)
        #expect(watched.current.value.decide("a") == .noMatch)
        for _ in 0..<3 { watched.poll() }
        #expect(events.all.isEmpty)
        try directory.write("p.yaml", policy("one"))
        watched.poll()
        #expect(watched.current.value.decide("a").tool == "one")
        #expect(watched.problem == nil)
        #expect(events.reloads == 1)
    }

    @Test func aChangeBeforeTheFirstLookIsNotMissed() throws {
        try directory.write("p.yaml", policy("one"))
        let watched = try watchPolicy()
        try directory.write("p.yaml", policy("two"))
        watched.poll()
        #expect(watched.current.value.decide("a").tool == "two")
    }

    @Test func aChangeThatTheFingerprintDoesNotShowIsFoundByTheSecondReading() throws {
        let bytes = Mutex("one")
        try directory.write("p.yaml", "x")
        let path = directory.path("p.yaml")
        let watched = Watched(
            Loaded("zero", policyHash: "zero"),
            source: WatchedSource<String>(
                fingerprint: { FileFingerprint(ofFile: path) },
                load: { () throws(PolicyFileError) in bytes.withLock { Loaded($0, policyHash: $0) } }),
            every: .seconds(1), clock: ContinuousClock(), onEvent: events.add)
        watched.poll()
        bytes.withLock { $0 = "two" }
        watched.poll()
        #expect(watched.current.value == "two")
        bytes.withLock { $0 = "three" }
        watched.poll()
        #expect(watched.current.value == "two", "a file that rests is not read again")
    }

    @Test func aFileTouchedWithoutAChangeIsNoEvent() throws {
        try directory.write("p.yaml", policy("one"))
        let watched = try watchPolicy()
        watched.poll()
        directory.setTimes(of: "p.yaml", to: 1_000_000)
        watched.poll()
        #expect(events.all.isEmpty)
    }

    @Test func agentsFollowTheirDirectory() throws {
        func agent(_ name: String) -> String { "{name: \(name), system_prompt: p}" }
        try directory.write("a.yaml", agent("alpha"))
        let watched = AgentDirectory.watch(
            directory.path, every: .seconds(1), clock: ContinuousClock(), onEvent: events.add)
        watched.poll()
        try directory.write("b.yaml", agent("beta"))
        watched.poll()
        #expect(watched.current.value.catalog.agents.map(\.name.text) == ["alpha", "beta"])
        try directory.write("a.yaml", "broken: [")
        watched.poll()
        #expect(watched.current.value.catalog.agents.map(\.name.text) == ["beta"])
        #expect(watched.current.value.problems.map(\.file) == ["a.yaml"])
        directory.remove("a.yaml")
        watched.poll()
        #expect(watched.current.value.problems.isEmpty)
        #expect(events.reloads == 3)
        #expect(events.refusals.isEmpty)
    }

    @Test func theLoopLooksAfterEveryIntervalAndEndsWithItsTask() async throws {
        try directory.write("p.yaml", policy("one"))
        let clock = StepClock()
        let watched = try RulePolicyFile.watch(
            directory.path("p.yaml"), compiler: RE2Compiler(), every: .seconds(5), clock: clock, onEvent: events.add)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await watched.run() }
            await clock.step()
            #expect(throws: Never.self) { try directory.write("p.yaml", policy("two")) }
            await clock.step()
            await clock.step()
            #expect(watched.current.value.decide("a").tool == "two")
            group.cancelAll()
        }
        #expect(clock.slept.allSatisfy { $0 == .seconds(5) })
        #expect(events.reloads == 1)
    }
}
