import OrchCore
import OrchOrchestrator
import OrchTestSupport
import Testing

@testable import OrchServer

@Suite("Rate limits")
struct RateLimiterTests {
    let start = ContinuousClock.now

    @Test("the whole allowance may be used at once; then one request passes each time a token has come back")
    func refills() {
        let limiter = RateLimiter(rules: [.init(limit: 10, period: .seconds(60))])
        for left in (0..<10).reversed() {
            let verdict = limiter.take(.caller("key"), at: start)
            #expect(verdict.isAllowed == true)
            #expect(verdict.remaining == left)
        }
        let refused = limiter.take(.caller("key"), at: start)
        #expect(refused.isAllowed == false)
        #expect(refused.remaining == 0)
        #expect(refused.retryAfter == .seconds(6))
        #expect(refused.reset == .seconds(60))
        #expect(limiter.take(.caller("key"), at: start.advanced(by: .milliseconds(5999))).isAllowed == false)
        #expect(limiter.take(.caller("key"), at: start.advanced(by: .seconds(6))).isAllowed == true)
        #expect(limiter.take(.caller("key"), at: start.advanced(by: .seconds(6))).isAllowed == false)
    }

    @Test("a refused request takes nothing")
    func refusalIsFree() {
        let limiter = RateLimiter(rules: [.init(limit: 1, period: .seconds(10))])
        #expect(limiter.take(.caller("key"), at: start).isAllowed == true)
        for second in 0..<10 {
            #expect(limiter.take(.caller("key"), at: start.advanced(by: .seconds(second))).isAllowed == false)
        }
        #expect(limiter.take(.caller("key"), at: start.advanced(by: .seconds(10))).isAllowed == true)
    }

    @Test("never more than the allowance and what came back pass, whatever the spacing", arguments: [1, 7, 100])
    func law(limit: Int) {
        var generator = SeededGenerator(seed: UInt64(limit))
        let limiter = RateLimiter(rules: [.init(limit: limit, period: .milliseconds(10_000))])
        var (elapsed, passed) = (0, 0)
        for _ in 0..<5000 {
            elapsed += Int.random(in: 0...60, using: &generator)
            if limiter.take(.caller("key"), at: start.advanced(by: .milliseconds(elapsed))).isAllowed == true {
                passed += 1
            }
            // In whole numbers: 0.29 × 100 is less than 29 in binary fractions.
            #expect(passed <= limit + elapsed * limit / 10_000)
        }
        #expect(passed >= min(4990, elapsed * limit / 10_000 - 1))
    }

    @Test("keys do not share, and of several rules the nearest to its end is told")
    func keysAndRules() {
        let limiter = RateLimiter(rules: [.init(limit: 2, period: .seconds(1)), .init(limit: 3, period: .seconds(60))])
        #expect(limiter.take(.caller("a"), at: start).limit == 2)
        #expect(limiter.take(.caller("a"), at: start).isAllowed == true)
        #expect(limiter.take(.caller("a"), at: start).isAllowed == false)
        #expect(limiter.take(.caller("b"), at: start).isAllowed == true)
        let later = start.advanced(by: .seconds(2))
        let third = limiter.take(.caller("a"), at: later)
        #expect(third.isAllowed == true)
        #expect(third.limit == 3)
        let fourth = limiter.take(.caller("a"), at: later)
        #expect(fourth.isAllowed == false)
        #expect(fourth.limit == 3)
        #expect(fourth.retryAfter == .seconds(18))
    }

    @Test("ever new keys do not fill the memory, do not free who is at the limit, and do not pass unlimited")
    func manyKeys() {
        let limiter = RateLimiter(rules: [.init(limit: 1, period: .seconds(60))])
        #expect(limiter.take(.caller("spent"), at: start).isAllowed == true)
        var passed = 0
        for number in 0..<70_000 where limiter.take(.caller("key \(number)"), at: start).isAllowed == true {
            passed += 1
        }
        #expect(passed == 65_535)
        #expect(limiter.take(.caller("spent"), at: start).isAllowed == false)
        #expect(limiter.take(.caller("late"), at: start.advanced(by: .seconds(59))).isAllowed == false)
        #expect(limiter.take(.caller("late"), at: start.advanced(by: .seconds(61))).isAllowed == true)
    }

    @Test(
        "a wait is written as OpenAI writes it",
        arguments: [
            (Duration.zero, "0ms"), (.milliseconds(12), "12ms"), (.microseconds(1), "1ms"),
            (.milliseconds(999), "999ms"),
            (.seconds(1), "1s"), (.milliseconds(1500), "1.5s"), (.milliseconds(1501), "1.6s"), (.seconds(60), "1m0s"),
            (.seconds(360), "6m0s"), (.seconds(3661), "1h1m1s"), (.seconds(86_400), "24h0m0s"),
        ])
    func resetText(wait: Duration, text: String) {
        #expect(wait.resetText == text)
    }
}

@Suite("Allowed hosts")
struct HostPolicyTests {
    let policy = HostPolicy([.init(host: "LocalHost"), .init(host: "[::1]"), .init(host: "app.example", port: 3000)])

    @Test(
        "a listed host is accepted in any case, with any port or the listed one",
        arguments: [
            "localhost", "LOCALHOST", "localhost.", "localhost:1", "localhost:65535", "localhost.:80", "[::1]",
            "[::1]:8088", "app.example:3000", "APP.example.:3000",
        ])
    func accepted(authority: String) {
        #expect(policy.accepts(authority: authority))
        #expect(policy.accepts(origin: "http://\(authority)"))
        #expect(policy.accepts(origin: "https://\(authority)"))
    }

    @Test(
        "anything else is not",
        arguments: [
            "", ":", ":80", "evil.example", "localhost.evil.example", "evillocalhost", "localhost:", "localhost:0",
            "localhost:65536", "localhost:80x", "localhost:-1", "localhost:8:8", "localhost..", "user@localhost",
            "localhost@evil",
            "localhost/x", "[::1", "::1", "[::2]", "[::1]x", "[::1]:", "app.example", "app.example:3001", " localhost",
        ])
    func refused(authority: String) {
        #expect(!policy.accepts(authority: authority))
        #expect(!policy.accepts(origin: "http://\(authority)"))
    }

    @Test(
        "an origin is a scheme and a host",
        arguments: ["null", "localhost", "file://localhost", "http:/localhost", "ws://localhost"])
    func origins(origin: String) {
        #expect(!policy.accepts(origin: origin))
    }
}

@Suite("Tokens")
struct BearerTokenTests {
    private func tokens(operators: Bool, standIn: Bool = false) -> BearerTokens {
        BearerTokens(
            bearers: [("alice", Redacted("a-token")), ("bob", Redacted("b-token"))],
            operators: operators ? [("boss", Redacted("o-token"))] : [], bearersAreOperators: standIn)
    }

    @Test("a token says whose it is; anything near it says nothing")
    func owners() {
        let tokens = tokens(operators: true)
        #expect(tokens.caller(presenting: "a-token") == Caller(name: "alice", isOperator: false))
        #expect(tokens.caller(presenting: "b-token") == Caller(name: "bob", isOperator: false))
        #expect(tokens.caller(presenting: "o-token") == Caller(name: "boss", isOperator: true))
        for wrong in ["", "a-toke", "a-token ", "A-TOKEN", "a-token\0", "alice"] {
            #expect(tokens.caller(presenting: wrong[...]) == nil)
        }
    }

    @Test("bearers stand in for operators only where there are none and it is allowed")
    func standIn() {
        #expect(tokens(operators: false, standIn: true).caller(presenting: "a-token")?.isOperator == true)
        #expect(tokens(operators: true, standIn: true).caller(presenting: "a-token")?.isOperator == false)
        #expect(tokens(operators: false).caller(presenting: "a-token")?.isOperator == false)
        #expect(BearerTokens(bearers: [], operators: [], bearersAreOperators: true).isEmpty)
    }
}

@Suite("Refused logins")
struct LoginFailureTests {
    @Test("each address has its own allowance, and the sum is told once")
    func allowance() {
        let failures = LoginFailures()
        for _ in 0..<LoginFailures.allowance.limit { #expect(failures.record(from: "1.2.3.4") == nil) }
        #expect(failures.record(from: "1.2.3.4") ?? .zero > .zero)
        #expect(failures.record(from: "5.6.7.8") == nil)
        #expect(failures.drain() == LoginFailures.allowance.limit + 2)
        #expect(failures.drain() == 0)
    }
}
