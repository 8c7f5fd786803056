import Synchronization

/// Counts the calls of each caller under each rule that limits them, in any stretch of an hour.
///
/// In this process and since its start. A call takes its place when it is let in, and gives it back if it does not run.
package final class CallCounter: Sendable {
    /// A place that a call has taken.
    package struct Ticket: Sendable, Hashable {
        let key: Key
        let moment: Duration
    }

    struct Key: Sendable, Hashable {
        let rule: String
        let caller: String
    }

    private static let hour = Duration.seconds(3600)
    /// Pairs of rule and caller that are watched; beyond it a new one is refused.
    private static let maximumKeys = 65_536

    /// Moments of calls, in the order in which they came.
    private let calls = Mutex<[Key: [Duration]]>([:])
    private let elapsed: @Sendable () -> Duration

    /// - Parameter elapsed: The time since some moment; it never goes back, whatever becomes of the clock on the wall.
    package init(elapsed: @escaping @Sendable () -> Duration) {
        self.elapsed = elapsed
    }

    /// Counts by the machine's own clock.
    package convenience init() {
        let start = ContinuousClock.now
        self.init(elapsed: { start.duration(to: .now) })
    }

    /// Takes one of the places; nil where none is free.
    func take(rule: String, caller: String, limit: Int) -> Ticket? {
        let (key, now) = (Key(rule: rule, caller: caller), elapsed())
        return calls.withLock { calls in
            if calls[key] == nil, calls.count >= Self.maximumKeys {
                calls = calls.filter { $0.value.contains { $0 > now - Self.hour } }
                guard calls.count < Self.maximumKeys else { return nil }
            }
            var recent = (calls[key] ?? []).filter { $0 > now - Self.hour }
            guard recent.count < limit else {
                calls[key] = recent
                return nil
            }
            recent.append(now)
            calls[key] = recent
            return Ticket(key: key, moment: now)
        }
    }

    package func giveBack(_ ticket: Ticket) {
        calls.withLock { calls in
            guard let place = calls[ticket.key]?.firstIndex(of: ticket.moment) else { return }
            calls[ticket.key]?.remove(at: place)
        }
    }
}
