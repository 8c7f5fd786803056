import Testing

@testable import OrchSandbox

@Suite struct AttemptControlsTests {
    @Test func `every attempt has a control, or a reason why it has none`() {
        let controlled = Set(AttemptControls.weaknesses.keys)
        let uncontrolled = Set(AttemptControls.without.keys)
        #expect(controlled.isDisjoint(with: uncontrolled))
        #expect(controlled.union(uncontrolled) == Set(EscapeAttempt.all.map(\.name)))
    }

    @Test func `a control takes something away`() {
        #expect(AttemptControls.weaknesses.values.allSatisfy { !$0.isEmpty })
    }

    /// A control must not use the network or wear out the machine.
    @Test func `a control with the host's network stays on its loopback, and one of an attack is small`() {
        for (name, weaknesses) in AttemptControls.weaknesses where ["connect_public", "dns_query"].contains(name) {
            #expect(weaknesses.contains(.nearAddresses), "\(name)")
        }
        #expect(AttemptControls.weaknesses["dns_lookup"]?.contains(.sharedNetwork) == false)
        for attempt in EscapeAttempt.all {
            guard case .ends = attempt.expectation, let weaknesses = AttemptControls.weaknesses[attempt.name] else {
                continue
            }
            #expect(weaknesses == [.lowBound], "\(attempt.name)")
        }
    }
}
