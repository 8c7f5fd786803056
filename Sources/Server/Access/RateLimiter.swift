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

    private struct Bucket {
        /// When the bucket would be full, were nothing more taken: the theoretical arrival time of the cell rate
        /// algorithm, which needs no stored count.
        var fullAt: ContinuousClock.Instant
    }

    /// Keys that are tracked; beyond it those with full buckets are forgotten, which changes nothing for them.
    private static let maximumKeys = 65_536

    /// How often full buckets are looked for, at most: it takes a look at every key.
    private static let sweepInterval = Duration.seconds(1)

    private struct State {
        var buckets: [String: [Bucket]] = [:]
        var sweptAt: ContinuousClock.Instant?
    }

    private let rules: [Rule]
    private let state = Mutex(State())

    package init(rules: [Rule]) {
        self.rules = rules
    }

    /// Takes a token of each bucket of the key, or none.
    func take(_ key: String, at now: ContinuousClock.Instant = .now) -> Verdict? {
        guard !rules.isEmpty else { return nil }
        return state.withLock { state in
            let isKnown = state.buckets[key] != nil
            if !isKnown, state.buckets.count >= Self.maximumKeys { Self.sweep(&state, at: now) }
            var own = state.buckets[key] ?? rules.map { _ in Bucket(fullAt: now) }
            // Under an attack with ever new keys that are all spent, an unknown key is refused rather than remembered.
            let hasRoom = isKnown || state.buckets.count < Self.maximumKeys
            let isAllowed = hasRoom && zip(rules, own).allSatisfy { Self.wait($0, $1, at: now) <= .zero }
            if isAllowed {
                for index in rules.indices {
                    own[index].fullAt = max(own[index].fullAt, now).advanced(by: rules[index].interval)
                }
            }
            if hasRoom { state.buckets[key] = own }
            return Self.verdict(rules, own, isAllowed: isAllowed, at: now)
        }
    }

    /// Forgets the keys whose buckets are all full.
    private static func sweep(_ state: inout State, at now: ContinuousClock.Instant) {
        if let sweptAt = state.sweptAt, sweptAt.duration(to: now) < sweepInterval { return }
        state.sweptAt = now
        state.buckets = state.buckets.filter { $0.value.contains { $0.fullAt > now } }
    }

    /// How long until the rule lets one more pass.
    private static func wait(_ rule: Rule, _ bucket: Bucket, at now: ContinuousClock.Instant) -> Duration {
        let level = max(.zero, now.duration(to: bucket.fullAt))
        return level + rule.interval - rule.period
    }

    private static func verdict(
        _ rules: [Rule], _ buckets: [Bucket], isAllowed: Bool, at now: ContinuousClock.Instant
    ) -> Verdict {
        var verdict: Verdict?
        for (rule, bucket) in zip(rules, buckets) {
            let level = max(.zero, now.duration(to: bucket.fullAt))
            let remaining = max(0, Int((rule.period - level) / rule.interval))
            let wait = isAllowed ? .zero : max(.zero, Self.wait(rule, bucket, at: now))
            let one = Verdict(
                isAllowed: isAllowed, limit: rule.limit, remaining: remaining, reset: level, retryAfter: wait)
            guard let other = verdict else {
                verdict = one
                continue
            }
            if one.retryAfter > other.retryAfter || one.retryAfter == other.retryAfter && remaining < other.remaining {
                verdict = one
            }
        }
        return verdict ?? Verdict(isAllowed: true, limit: 0, remaining: 0, reset: .zero, retryAfter: .zero)
    }
}

extension RateLimiter.Rule {
    /// The time in which one token comes back.
    fileprivate var interval: Duration { period / limit }
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
