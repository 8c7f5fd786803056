import Foundation
import OrchEmbeddings
import Testing

/// The polynomials against the platform's functions in double precision.
struct FixedFunctionsTests {
    private static let sets = InstructionSet.allCases.filter(\.isAvailable)

    @Test(arguments: sets)
    func `the exponential is off by 3e-7 of its value at most`(instructions: InstructionSet) {
        let values = stride(from: Float(-87), through: 0, by: 0.003).map(\.self)
        let found = FixedFunctions.exponentials(values, instructions: instructions)
        let errors = zip(values, found).map { abs(Double($1) / exp(Double($0)) - 1) }
        #expect(errors.max() ?? 1 < 3e-7)
        #expect(FixedFunctions.exponentials([0, -1000, -.infinity], instructions: instructions)[0] == 1)
        #expect(FixedFunctions.exponentials([-1000], instructions: instructions)[0] < 2e-38)
    }

    @Test(arguments: sets)
    func `GELU is off by 3e-7 of its argument at most`(instructions: InstructionSet) {
        let values = stride(from: Float(-20), through: 20, by: 0.0007).map(\.self)
        let found = FixedFunctions.gelus(values, instructions: instructions)
        let errors = zip(values, found).map { value, found in
            let exact = Double(value) * 0.5 * (1 + erf(Double(value) / 2.0.squareRoot()))
            return abs(Double(found) - exact) / max(1, abs(Double(value)))
        }
        #expect(errors.max() ?? 1 < 3e-7)
        #expect(FixedFunctions.gelus([0], instructions: instructions) == [0])
    }

    @Test func `all instructions give the same bits`() {
        let values = stride(from: Float(-90), through: 0, by: 0.01).map(\.self)
        let exponentials = Self.sets.map { FixedFunctions.exponentials(values, instructions: $0) }
        let gelus = Self.sets.map { FixedFunctions.gelus(values.map { $0 / 9 + 5 }, instructions: $0) }
        for set in exponentials.indices {
            #expect([exponentials[set]].digest == [exponentials[0]].digest)
            #expect([gelus[set]].digest == [gelus[0]].digest)
        }
    }
}
