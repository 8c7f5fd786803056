import OrchCore
import Synchronization

@testable import OrchTools

/// Patterns that match where their text occurs; `(` does not compile.
struct SubstringPatterns: PatternCompiler {
    struct Substring: Pattern {
        let source: String

        func matches(_ text: String) -> Bool { firstMatch(in: text) != nil }

        func firstMatch(in text: String) -> PatternMatch? {
            guard let range = text.firstRange(of: source) else { return nil }
            let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
            return PatternMatch(range: start..<(start + source.utf8.count))
        }
    }

    func compile(_ source: String, caseInsensitive: Bool) throws(PatternError) -> any Pattern {
        if source == "(" { throw PatternError(message: "missing )") }
        return Substring(source: source)
    }
}

/// A clock whose time moves by a millisecond whenever somebody looks, and in which nobody waits.
final class SteppingClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Duration.zero)

    var now: Instant {
        Instant(
            offset: time.withLock { time in
                time += .milliseconds(1)
                return time
            })
    }

    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
    }
}

/// Counts, from any task.
final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock(\.self) }
    func increment() { value.withLock { $0 += 1 } }
}

extension JSONValue {
    init(text: String) throws {
        self = try JSONValue(parsing: Array(text.utf8))
    }
}

extension ToolResult {
    var json: String {
        var writer = JSONWriter()
        write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// An executor, and the policy that it is asked under.
struct JudgedExecutor {
    let executor: ToolExecutor
    var policy = ToolPolicyCheck.always(ToolPolicyDecision(allowed: true, reason: "allow", rule: "r1"))

    /// Lets a call in and runs it, as if every approval were there.
    func execute(
        _ name: String, arguments: JSONValue, agent: String? = nil
    ) async -> (result: ToolResult, execution: ToolExecution) {
        switch executor.admit(ToolCall(name, arguments, caller: "tester", agent: agent), by: policy) {
        case .refused(let outcome): return (outcome.result, outcome.execution)
        case .admitted(let call):
            let outcome = await executor.run(call)
            return (outcome.result, outcome.execution)
        }
    }
}

extension ToolPolicyCheck {
    /// Decides by a function.
    init(_ decide: @escaping @Sendable () -> ToolPolicyDecision) {
        self.init(admit: { _, _, _ in (decide(), nil) }, outlook: { _ in decide() })
    }
}
