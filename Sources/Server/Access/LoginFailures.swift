import Synchronization

/// Counts refused logins: each address has a small allowance, and the sum is receipted from time to time.
package final class LoginFailures: Sendable {
    /// Refused attempts of one address that get a plain 401; further ones get 429 until some time has passed. A right
    /// token passes all the while, so that nobody can lock others out.
    static let allowance = RateLimiter.Rule(limit: 20, period: .seconds(60))

    private let limiter = RateLimiter(rules: [allowance])
    private let count = Mutex(0)

    package init() {}

    /// Notes a failure and says how long the address must wait, if its allowance is spent.
    func record(from address: String) -> Duration? {
        count.withLock { $0 += 1 }
        let verdict = limiter.take(.address(address))
        return verdict.isAllowed ? nil : verdict.retryAfter
    }

    /// The failures since the last time this was asked.
    package func drain() -> Int {
        count.withLock { count in
            defer { count = 0 }
            return count
        }
    }
}
