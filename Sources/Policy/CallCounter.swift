import OrchCore
import Synchronization

/// Counts the calls of each caller under each rule that limits them, in any stretch of an hour.
///
/// In this process and since its start. A call takes its place when it is let in, and gives it back if it does not run.
package final class CallCounter: Sendable {
    /// A place that a call has taken.
    package struct Ticket: Sendable, Hashable {
        let key: Key
        let moment: Int64
    }

    struct Key: Sendable, Hashable {
        let rule: String
        let caller: String
    }

    private static let hour: Int64 = 3_600_000_000
    /// Pairs of rule and caller that are watched; beyond it a new one is refused.
    private static let maximumKeys = 65_536

    /// Moments of calls in microseconds, in the order in which they came.
    private let calls = Mutex<[Key: [Int64]]>([:])

    package init() {}

    /// Takes one of the places; nil where none is free.
    func take(rule: String, caller: String, limit: Int, at moment: Timestamp) -> Ticket? {
        let (key, now) = (Key(rule: rule, caller: caller), moment.microseconds)
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
