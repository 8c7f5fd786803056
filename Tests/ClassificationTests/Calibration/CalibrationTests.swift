import Testing

@testable import OrchClassification

struct CalibrationTests {
    /// Texts that score high on their own label, and lower on others.
    private static func heldOut(_ count: Int, own: Double, other: Double) -> [HeldOut] {
        var generator = Generator(8)
        return (0..<count).map { index in
            func around(_ centre: Double) -> Double { centre + Double.random(in: -1...1, using: &generator) }
            return HeldOut(
                own: index % 2,
                scores: [0, 1].map {
                    LabelScore(label: $0, kind: .learnt, value: around($0 == index % 2 ? own : other))
                })
        }
    }

    @Test func `without held-out texts the defaults hold`() {
        #expect(Calibration([], labels: 150, learnt: true) == .default)
        #expect(Calibration([], labels: 150, learnt: false).temperature == Calibration.temperatureOfDescribed)
        let lone = [HeldOut(own: 0, scores: [LabelScore(label: 0, kind: .learnt, value: 9)])]
        #expect(Calibration(lone, labels: 150, learnt: true).learnt == Calibration.default.learnt)
    }

    @Test func `a few texts move the figures little, many move them far`() {
        let few = Calibration(Self.heldOut(4, own: 6, other: 3), labels: 150, learnt: true)
        let many = Calibration(Self.heldOut(2000, own: 6, other: 3), labels: 150, learnt: true)
        func distance(_ calibration: Calibration) -> Double {
            (calibration.learnt.shift - Calibration.default.learnt.shift).magnitude
        }
        #expect(distance(few) < 1 && distance(many) > 3)
        // Between both clouds, with what is expected of texts, lies the even chance.
        #expect(many.learnt(5.5) > 0 && many.learnt(2.5) < 0)
    }

    @Test func `of few labels less is expected, and more must speak for them`() {
        func shift(_ labels: Int) -> Double {
            Calibration(Self.heldOut(500, own: 4, other: 3), labels: labels, learnt: true).learnt.shift
        }
        #expect(shift(2) < shift(20) && shift(20) < shift(200))
        #expect(Calibration([], labels: 8, learnt: true).learnt.shift < Calibration.default.learnt.shift - 2)
        #expect(Calibration.expectedBelonging(of: 6) == 0.5)
    }

    @Test func `clouds that do not touch lead to finite figures`() {
        for distance in [0.0, 100, 1e4] {
            let calibration = Calibration(Self.heldOut(500, own: distance, other: -distance), labels: 150, learnt: true)
            #expect(calibration.learnt.slope.isFinite && calibration.learnt.shift.isFinite)
            #expect(calibration.learnt.slope > 0)
            #expect((0.1...10).contains(calibration.temperature))
        }
    }

    @Test func `the temperature falls where scores mislead`() {
        let sure = Calibration(Self.heldOut(1000, own: 6, other: 3), labels: 150, learnt: true)
        let unsure = Calibration(Self.heldOut(1000, own: 3.2, other: 3), labels: 150, learnt: true)
        #expect(
            unsure.temperature * unsure.learnt.slope < sure.temperature * sure.learnt.slope)
    }
}
