import OrchCore
import Synchronization
import Testing

@testable import OrchPolicy

@Suite struct CallCounterTests {
    private static let conditions = PolicyConditions(maximumCallsPerHour: 3)

    private func engine() throws -> PolicyEngine {
        try OrchPolicyTestsEngine.limited(Self.conditions)
    }

    private final class Clock: Sendable {
        let seconds = Mutex(0)
    }

    private let clock = Clock()

    /// A counter by the clock of ``call(_:_:)``.
    private func counter() -> CallCounter { CallCounter { [clock] in .seconds(clock.seconds.withLock { $0 }) } }

    /// A call at a moment, which the clock is set to.
    private func call(_ caller: String = "ann", _ seconds: Int = 0) -> PolicyCall {
        clock.seconds.withLock { $0 = seconds }
        return PolicyCall("t", caller: caller, at: PolicyCall.noon)
    }

    @Test func `each caller has so many calls in any hour`() throws {
        let (engine, counter) = (try engine(), counter())
        for second in [0, 1000, 2000] { #expect(engine.decide(call("ann", second), counting: counter).isAllowed) }
        let fourth = engine.decide(call("ann", 3599), counting: counter)
        #expect(!fourth.isAllowed && fourth.unmet == .maximumCallsPerHour)
        #expect(fourth.reason == "deny:policy_condition_failed")
        #expect(engine.decide(call("ben", 3599), counting: counter).isAllowed)
        #expect(engine.decide(call("ann", 3600), counting: counter).isAllowed)
        #expect(!engine.decide(call("ann", 3601), counting: counter).isAllowed)
    }

    @Test func `a call that does not run gives its place back, once`() throws {
        let (engine, counter) = (try engine(), counter())
        let tickets = (0..<3).map { engine.decide(call("ann", $0), counting: counter).ticket }
        #expect(!engine.decide(call("ann", 4), counting: counter).isAllowed)
        let ticket = try #require(tickets[1])
        counter.giveBack(ticket)
        counter.giveBack(ticket)
        #expect(engine.decide(call("ann", 5), counting: counter).isAllowed)
        #expect(!engine.decide(call("ann", 6), counting: counter).isAllowed)
    }

    @Test func `a question counts nothing, and neither does a denial`() throws {
        let (engine, counter) = (
            try OrchPolicyTestsEngine.limited(
                PolicyConditions(minimumInputLength: 1, maximumCallsPerHour: 1)), counter()
        )
        var call = call()
        for _ in 0..<5 {
            call.input = .arguments([:])
            #expect(!engine.decide(call, counting: counter).isAllowed)
            call.input = .arguments(["input": "x"])
            #expect(engine.decide(call).isAllowed)
        }
        #expect(engine.decide(call, counting: counter).isAllowed)
        #expect(!engine.decide(call, counting: counter).isAllowed)
    }

    @Test func `of many at once no more are let in than may be`() async throws {
        let (engine, counter, call) = (try engine(), counter(), call())
        let allowed = await withTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<200 { tasks.addTask { engine.decide(call, counting: counter).isAllowed } }
            return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(allowed == 3)
    }
}

enum OrchPolicyTestsEngine {
    static func limited(_ conditions: PolicyConditions) throws -> PolicyEngine {
        try engine(PolicyRule(match: "t", action: .allow, conditions: conditions))
    }
}
