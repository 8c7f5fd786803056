import Synchronization

/// A clock whose sleepers wake when the test says so.
final class StepClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (one: Instant, other: Instant) -> Bool { one.offset < other.offset }
    }

    private struct State {
        var now = Instant(offset: .zero)
        var slept: [Duration] = []
    }

    private let state = Mutex(State())
    private let steps = AsyncStream<Void>.makeStream()
    private let sleeps = AsyncStream<Void>.makeStream()

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }
    /// How long each sleep was to be.
    var slept: [Duration] { state.withLock { $0.slept } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        state.withLock { $0.slept.append($0.now.duration(to: deadline)) }
        sleeps.continuation.yield()
        for await _ in steps.stream { break }
        try Task.checkCancellation()
        state.withLock { $0.now = max($0.now, deadline) }
    }

    /// Waits for the sleeper, and wakes it.
    func step() async {
        for await _ in sleeps.stream { break }
        steps.continuation.yield()
    }
}
