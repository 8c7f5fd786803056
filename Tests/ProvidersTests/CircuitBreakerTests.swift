import Testing

@testable import OrchProviders

@Suite("Circuit breaker")
struct CircuitBreakerTests {
    let start = ContinuousClock.now

    func opened() -> CircuitBreaker {
        var breaker = CircuitBreaker(maximumFailures: 2, resetAfter: .seconds(30))
        for _ in 0..<2 { breaker.record(success: false, at: start) }
        return breaker
    }

    @Test("opens at the run of failures that was set, and says how long it stays")
    func opens() {
        var breaker = CircuitBreaker(maximumFailures: 2, resetAfter: .seconds(30))
        breaker.record(success: false, at: start)
        #expect(breaker.admit(at: start) == .admitted)
        breaker.record(success: false, at: start)
        #expect(breaker.admit(at: start.advanced(by: .seconds(10))) == .refused(retryAfter: .seconds(20)))
    }

    @Test("counts failures in a row only")
    func successResets() {
        var breaker = CircuitBreaker(maximumFailures: 2, resetAfter: .seconds(30))
        for success in [false, true, false, true, false] { breaker.record(success: success, at: start) }
        #expect(breaker.state == .closed(failures: 1))
    }

    @Test("lets one call through on trial, and no other meanwhile")
    func halfOpens() {
        var breaker = opened()
        let later = start.advanced(by: .seconds(30))
        #expect(breaker.admit(at: later) == .admitted)
        #expect(breaker.admit(at: later) == .refused(retryAfter: .seconds(1)))
    }

    @Test("closes after a good trial and opens anew after a bad one")
    func trialDecides() {
        let later = start.advanced(by: .seconds(30))
        var good = opened()
        _ = good.admit(at: later)
        good.record(success: true, at: later)
        #expect(good.state == .closed(failures: 0))
        var bad = opened()
        _ = bad.admit(at: later)
        bad.record(success: false, at: later)
        #expect(bad.state == .open(until: later.advanced(by: .seconds(30))))
    }

    @Test("gives the next call the trial that was abandoned")
    func abandonedTrial() {
        let later = start.advanced(by: .seconds(30))
        var breaker = opened()
        _ = breaker.admit(at: later)
        breaker.abandon(at: later)
        #expect(breaker.admit(at: later) == .admitted)
        var closed = CircuitBreaker(maximumFailures: 2, resetAfter: .seconds(30))
        closed.record(success: false, at: start)
        closed.abandon(at: start)
        #expect(closed.state == .closed(failures: 1))
    }

    @Test("stays open as long as it said, whatever calls from before report")
    func lateFailures() {
        var breaker = opened()
        breaker.record(success: false, at: start.advanced(by: .seconds(20)))
        #expect(breaker.state == .open(until: start.advanced(by: .seconds(30))))
    }

    @Test("opens at the first failure where none is allowed", arguments: [0, 1, -1])
    func smallestMaximum(maximum: Int) {
        var breaker = CircuitBreaker(maximumFailures: maximum, resetAfter: .seconds(1))
        breaker.record(success: false, at: start)
        #expect(breaker.admit(at: start) == .refused(retryAfter: .seconds(1)))
    }

    @Test("There is one for each provider and model, and their number is bounded")
    func boundsBreakers() {
        let breakers = CircuitBreakers(maximumFailures: 1, resetAfter: .seconds(1))
        let first = CircuitBreakers.Key(provider: "p", model: "0")
        breakers.record(first, success: false, at: start)
        #expect(breakers.admit(.init(provider: "p", model: "1"), at: start) == .admitted)
        #expect(breakers.admit(.init(provider: "q", model: "0"), at: start) == .admitted)
        #expect(breakers.admit(first, at: start) == .refused(retryAfter: .seconds(1)))
        for number in 0..<2000 { _ = breakers.admit(.init(provider: "p", model: "\(number)"), at: start) }
        #expect(breakers.states().count <= 513)
        #expect(breakers.admit(first, at: start) == .refused(retryAfter: .seconds(1)))
    }
}
