import Synchronization

/// Token buckets, one set for each key: every rule has a bucket, and a request takes one token of each.
package final class RateLimiter: Sendable {
    /// So many requests in a period; all of them may come at once, then one each time a token has come back.
    package struct Rule: Sendable, Equatable {
        package var limit: Int
        package var period: Duration

        package init(limit: Int, period: Duration) {
            self.limit = limit
            self.period = period
        }
    }

    /// Whose requests are counted together.
    enum Key: Hashable, Sendable {
        case caller(String)
        /// Of those who show no token.
        case address(String)
    }

    /// What a request got, by the bucket that is nearest to empty.
    struct Verdict: Sendable, Equatable {
        var isAllowed: Bool
        var limit: Int
        var remaining: Int
        /// Until the bucket is full again.
        var reset: Duration
        /// Until the next request may pass; zero where this one did.
        var retryAfter: Duration
    }

    /// A rule in nanoseconds.
    private struct Pace {
        let limit: Int
        let period: Int64
        /// In which one token comes back.
        let interval: Int64

        init(_ rule: Rule) {
            limit = rule.limit
            period = rule.period.nanoseconds
            interval = period / Int64(max(1, limit))
        }

        /// How long until the rule lets one more pass, by how far the bucket is from full.
        func wait(level: Int64) -> Int64 { level + interval - period }
    }

    /// A key's buckets.
    private final class Buckets {
        /// When each bucket would be full, were nothing more taken: the theoretical arrival time of the cell rate
        /// algorithm, which needs no stored count. Nanoseconds since the limiter was made.
        var fullAt: [Int64]

        init(_ fullAt: [Int64]) {
            self.fullAt = fullAt
        }
    }

    /// Keys that are tracked; beyond it those with full buckets are forgotten, which changes nothing for them.
    private static let maximumKeys = 65_536

    /// How often full buckets are looked for, at most: it takes a look at every key.
    private static let sweepInterval: Int64 = 1_000_000_000

    private struct State {
        var buckets: [Key: Buckets] = [:]
        var sweptAt: Int64?
    }

    private let paces: [Pace]
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// - Parameter rules: At least one.
    package init(rules: [Rule]) {
        paces = rules.map(Pace.init)
    }

    /// Takes a token of each bucket of the key, or none.
    func take(_ key: Key, at now: ContinuousClock.Instant = .now) -> Verdict {
        let now = start.duration(to: now).nanoseconds
        return state.withLock { state in
            let known = state.buckets[key]
            if known == nil, state.buckets.count >= Self.maximumKeys { Self.sweep(&state, at: now) }
            let own = known ?? Buckets(paces.map { _ in now })
            // Under an attack with ever new keys that are all spent, an unknown key is refused rather than remembered.
            let hasRoom = known != nil || state.buckets.count < Self.maximumKeys
            let isAllowed = hasRoom && paces.indices.allSatisfy { wait($0, own, at: now) <= 0 }
            if isAllowed {
                for index in paces.indices { own.fullAt[index] = max(own.fullAt[index], now) + paces[index].interval }
            }
            if known == nil, hasRoom { state.buckets[key] = own }
            return verdict(own, isAllowed: isAllowed, at: now)
        }
    }

    /// Forgets the keys whose buckets are all full.
    private static func sweep(_ state: inout State, at now: Int64) {
        if let sweptAt = state.sweptAt, now - sweptAt < sweepInterval { return }
        state.sweptAt = now
        state.buckets = state.buckets.filter { $0.value.fullAt.contains { $0 > now } }
    }

    private func wait(_ index: Int, _ buckets: Buckets, at now: Int64) -> Int64 {
        paces[index].wait(level: max(0, buckets.fullAt[index] - now))
    }

    private func verdict(_ buckets: Buckets, isAllowed: Bool, at now: Int64) -> Verdict {
        var nearest: (index: Int, level: Int64, remaining: Int64, wait: Int64)?
        for index in paces.indices {
            let level = max(0, buckets.fullAt[index] - now)
            let remaining = max(0, (paces[index].period - level) / max(1, paces[index].interval))
            let wait = isAllowed ? 0 : max(0, wait(index, buckets, at: now))
            if let nearest, wait < nearest.wait || wait == nearest.wait && remaining >= nearest.remaining { continue }
            nearest = (index, level, remaining, wait)
        }
        guard let nearest else {
            return Verdict(isAllowed: isAllowed, limit: 0, remaining: 0, reset: .zero, retryAfter: .zero)
        }
        return Verdict(
            isAllowed: isAllowed, limit: paces[nearest.index].limit, remaining: Int(nearest.remaining),
            reset: .nanoseconds(nearest.level), retryAfter: .nanoseconds(nearest.wait))
    }
}

extension Duration {
    /// Whole nanoseconds.
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}

extension Duration {
    /// As OpenAI writes it in `x-ratelimit-reset-requests`: `12ms`, `1.5s`, `6m0s`.
    var resetText: String {
        let fraction = (components.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        let milliseconds = Int(components.seconds) * 1000 + Int(fraction)
        guard milliseconds >= 1000 else { return "\(milliseconds)ms" }
        let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000)
        let tenths = (rest + 99) / 100
        let seconds = tenths % 10 == 0 ? "\(tenths / 10)s" : "\(tenths / 10).\(tenths % 10)s"
        return minutes > 0 ? "\(minutes / 60 > 0 ? "\(minutes / 60)h" : "")\(minutes % 60)m\(seconds)" : seconds
    }
}
