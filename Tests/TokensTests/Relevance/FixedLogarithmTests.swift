import Foundation
import Testing

@testable import OrchTokens

@Suite struct FixedLogarithmTests {
    @Test func `known values`() {
        #expect(FixedLogarithm.of(1) == 0)
        #expect(FixedLogarithm.of(2) == 0.693_147_180_559_945_3)
        #expect(FixedLogarithm.of(0.5) == -0.693_147_180_559_945_3)
    }

    @Test func `it is the platform's logarithm to the last bits`() {
        var number = 1e-9
        while number < 1e9 {
            let expected = Foundation.log(number)
            #expect(abs(FixedLogarithm.of(number) - expected) <= 4e-16 * max(abs(expected), 1))
            number *= 1.037
        }
    }

    @Test(arguments: [0, -1, -.infinity, .infinity, .nan] as [Double])
    func `what has no logarithm gives 0`(number: Double) {
        #expect(FixedLogarithm.of(number) == 0)
    }

    @Test func `the smallest numbers have one, too`() {
        #expect(abs(FixedLogarithm.of(.leastNonzeroMagnitude) + 744.440_071_921_381_3) < 1e-9)
    }
}
