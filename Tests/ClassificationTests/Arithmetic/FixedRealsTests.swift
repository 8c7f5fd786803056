import Foundation
import Testing

@testable import OrchClassification

/// The series against the platform's functions.
struct FixedRealsTests {
    @Test func `the exponential is off by 1e-14 of its value at most`() {
        for value in stride(from: -690.0, through: 690, by: 0.37) {
            #expect((FixedReals.exponential(value) / exp(value) - 1).magnitude < 1e-14)
        }
        #expect(FixedReals.exponential(0) == 1)
        #expect(FixedReals.exponential(-1e9) == 0 && FixedReals.exponential(-.infinity) == 0)
        #expect(FixedReals.exponential(.infinity).isFinite)
    }

    @Test func `the logarithm is off by 1e-14 at most`() {
        for value in stride(from: 0.001, through: 50, by: 0.013) {
            #expect((FixedReals.logarithm(value) - log(value)).magnitude < 1e-14)
        }
        #expect(FixedReals.logarithm(1) == 0)
        #expect((FixedReals.logarithm(1e300) / log(1e300) - 1).magnitude < 1e-15)
    }

    @Test func `the logistic function and its integral keep their laws`() {
        #expect(FixedReals.logistic(0) == 0.5)
        #expect(FixedReals.logistic(1000) == 1 && FixedReals.logistic(-1000) == 0)
        for value in stride(from: -30.0, through: 30, by: 0.7) {
            #expect((FixedReals.logistic(value) + FixedReals.logistic(-value) - 1).magnitude < 1e-15)
            #expect((FixedReals.softplus(value) - log1p(exp(value))).magnitude < 1e-13)
        }
    }

    @Test func `four places are rounded to the nearest`() {
        #expect(FixedReals.toFourPlaces(0.12345) == 0.1235)
        #expect(FixedReals.toFourPlaces(0.99996) == 1)
        #expect(FixedReals.toFourPlaces(0.00004) == 0)
    }
}
