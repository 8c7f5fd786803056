import Testing

@testable import OrchTools

/// Seeded inputs of every length: each has a value or an error of the calculator's, and never more than that.
/// scripts/measure-calculator times a million.
@Suite struct CalculatorFuzzTests {
    private static let count = 20_000
    private static let pieces =
        Array("0123456789.eE+-*/%(),_ ^$×÷−\u{301}😀").map(String.init)
        + ["**", "//", "((((", "))))", "pi", "e9", "e-4932", "9**", "999999999999999999999", "1e308", "abs(", ")**"]
        + CalculatorFunction.allCases.map { $0.rawValue + "(" }
    private static let operators = ["+", "-", "*", "/", "//", "%", "**", ","]
    private static let long = ["9**9999", "9e9998", "1e-4900", "7**4000/3**9999", "factorial(3248)", "5e-324", "pi"]

    @Test func `a value or an error, whatever comes`() {
        let calculator = Calculator()
        let valid = CalculatorTableTests.rows(chosenExpressions + "\n" + randomExpressions).map(\.expression)
        var source = SeededSource(seed: 20_240_229)
        var (values, refusals) = (0, 0)
        for _ in 0..<Self.count {
            let text = Self.input(from: &source, valid)
            do throws(CalculationError) {
                let value = try calculator.evaluate(text)
                #expect(Double(value) != nil || value.contains("e"), "\(text) is \(value)")
                values += 1
            } catch {
                #expect(error.position.map { (1...1_001).contains($0) } ?? true, "\(text) fails at \(error)")
                refusals += 1
            }
        }
        // Neither kind is rare.
        #expect(min(values, refusals) > Self.count / 20)
    }

    private static func input(from source: inout SeededSource, _ valid: [String]) -> String {
        switch source.below(400) {
        case 0..<160:
            return (0...source.below(source.below(4) == 0 ? 300 : 20)).map { _ in source.pick(pieces) }.joined()
        case 160..<398:
            var scalars = Array(source.pick(valid).unicodeScalars)
            for _ in 0..<source.below(4) {
                let place = source.below(scalars.count + 1)
                switch source.below(3) {
                case 0: scalars.insert(contentsOf: source.pick(pieces).unicodeScalars, at: place)
                case 1: if place < scalars.count { scalars.remove(at: place) }
                default: if place < scalars.count { scalars.swapAt(place, source.below(scalars.count)) }
                }
            }
            return String(String.UnicodeScalarView(scalars))
        case 398:
            let name = source.pick(CalculatorFunction.allCases).rawValue
            return "\(name)(\(source.pick(long))\(source.pick(operators))\(source.pick(long)))"
        default:
            let item = source.pick(long)
            let count = 1 + source.below(20)
            return Array(repeating: item, count: count).joined(separator: source.pick(operators))
        }
    }
}
