import BigInt
import Testing

@testable import OrchTools

@Suite struct FractionTests {
    @Test(arguments: [
        0.1, 1.0, -2.5, .pi, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, 0x1p-1073,
        0x1p1000,
        1e23, -.leastNonzeroMagnitude,
    ])
    func `every double is a fraction and comes back`(value: Double) {
        #expect(Fraction(exactly: value).nearestDouble == value)
    }

    @Test func `random doubles come back`() {
        var state: UInt64 = 7
        for _ in 0..<2_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = Double(bitPattern: state)
            guard value.isFinite else { continue }
            #expect(Fraction(exactly: value).nearestDouble == value)
        }
    }

    @Test func `ties go to even, above and below the normal range`() {
        let two53 = BigInt(1) << 53
        #expect(Fraction(two53 + 1).nearestDouble == 0x1p53)
        #expect(Fraction(two53 + 3).nearestDouble == 0x1p53 + 4)
        // A hair more than a tie is none.
        #expect(Fraction(((two53 + 1) << 100) + 1).nearestDouble == (0x1p53 + 2) * 0x1p100)
        // Half of the least number goes to zero, anything more does not.
        #expect(Fraction(reduced: 1, over: BigUInt(1) << 1_075).nearestDouble == 0)
        #expect(Fraction(reduced: 3, over: BigUInt(1) << 1_076).nearestDouble == .leastNonzeroMagnitude)
        #expect(Fraction(reduced: 1, over: BigUInt(1) << 5_000).nearestDouble == 0)
        #expect(Fraction((BigInt(1) << 1_024) - (BigInt(1) << 970)).nearestDouble == .infinity)
        #expect(Fraction((BigInt(1) << 1_024) - (BigInt(1) << 970) - 1).nearestDouble == .greatestFiniteMagnitude)
    }

    @Test(arguments: [2, 3, 5, 1e300, 1e-300, 0.1, .leastNonzeroMagnitude]) func `square roots are rounded once`(
        value: Double
    ) {
        // IEEE 754 rounds its square root correctly.
        #expect(Fraction(exactly: value).squareRoot == value.squareRoot())
    }

    @Test(arguments: [(-7, 2, -4, -3, -3, -4), (7, 2, 3, 4, 3, 4), (5, 2, 2, 3, 2, 2), (-5, 2, -3, -2, -2, -2)])
    func `rounding to whole numbers`(top: Int, bottom: Int, floor: Int, ceiling: Int, truncated: Int, even: Int) {
        let fraction = Fraction(reduced: BigInt(top), over: BigUInt(bottom))
        #expect(fraction.floor == BigInt(floor))
        #expect(fraction.ceiling == BigInt(ceiling))
        #expect(fraction.truncated == BigInt(truncated))
        #expect(fraction.roundedHalfToEven == BigInt(even))
    }
}
