import Synchronization

/// Keeps calls from a server that is down: after a run of failures it lets none through for a while, then one on trial.
package struct CircuitBreaker: Sendable {
    package enum State: Sendable, Equatable {
        /// Calls pass; so many have failed in a row.
        case closed(failures: Int)
        /// No call passes before this moment.
        case open(until: ContinuousClock.Instant)
        /// One trial call is under way.
        case halfOpen
    }

    package enum Admission: Sendable, Equatable {
        case admitted
        case refused(retryAfter: Duration)
    }

    private let maximumFailures: Int
    private let resetAfter: Duration
    package private(set) var state = State.closed(failures: 0)

    package init(maximumFailures: Int, resetAfter: Duration) {
        self.maximumFailures = max(1, maximumFailures)
        self.resetAfter = resetAfter
    }

    /// Asks for leave to call. Who is admitted must report the end with ``record(success:at:)`` or ``abandon()``.
    package mutating func admit(at now: ContinuousClock.Instant) -> Admission {
        switch state {
        case .closed:
            return .admitted
        case .open(let until) where now >= until:
            state = .halfOpen
            return .admitted
        case .open(let until):
            return .refused(retryAfter: now.duration(to: until))
        case .halfOpen:
            return .refused(retryAfter: .seconds(1))
        }
    }

    /// Reports how an admitted call ended.
    package mutating func record(success: Bool, at now: ContinuousClock.Instant) {
        if success {
            state = .closed(failures: 0)
            return
        }
        switch state {
        case .closed(let failures) where failures + 1 < maximumFailures:
            state = .closed(failures: failures + 1)
        case .closed, .halfOpen:
            state = .open(until: now.advanced(by: resetAfter))
        case .open:
            break
        }
    }

    /// Reports that an admitted call ended without saying anything of the server, as when its caller went away.
    package mutating func abandon(at now: ContinuousClock.Instant) {
        if case .halfOpen = state { state = .open(until: now) }
    }
}

/// The breakers of all servers and models.
package final class CircuitBreakers: Sendable {
    /// What one breaker stands for.
    package struct Key: Hashable, Sendable {
        package var provider: String
        package var model: String
    }

    /// Model names come from callers, so that their number is bounded; beyond it, models of a provider share one.
    private static let maximumBreakers = 512

    private let template: CircuitBreaker
    private let breakers = Mutex<[Key: CircuitBreaker]>([:])

    package init(maximumFailures: Int, resetAfter: Duration) {
        template = CircuitBreaker(maximumFailures: maximumFailures, resetAfter: resetAfter)
    }

    package func admit(_ key: Key, at now: ContinuousClock.Instant) -> CircuitBreaker.Admission {
        with(key) { $0.admit(at: now) }
    }

    package func record(_ key: Key, success: Bool, at now: ContinuousClock.Instant) {
        with(key) { $0.record(success: success, at: now) }
    }

    package func abandon(_ key: Key, at now: ContinuousClock.Instant) {
        with(key) { $0.abandon(at: now) }
    }

    /// Every breaker's state, for metrics and readiness.
    package func states() -> [Key: CircuitBreaker.State] {
        breakers.withLock { $0.mapValues(\.state) }
    }

    private func with<Result>(_ key: Key, _ body: (inout CircuitBreaker) -> Result) -> Result where Result: Sendable {
        breakers.withLock { breakers in
            let known = breakers[key] != nil || breakers.count < Self.maximumBreakers
            return body(&breakers[known ? key : Key(provider: key.provider, model: "*"), default: template])
        }
    }
}
