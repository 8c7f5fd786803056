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
        let valid = (CalculatorTableTests.chosen + CalculatorTableTests.random).map(\.expression)
        var source = SeededSource(seed: 20_240_229)
        var (values, refusals) = (0, 0)
        for _ in 0..<Self.count {
            let text = Self.input(from: &source, valid)
            do throws(CalculationError) {
                let value = try calculator.evaluate(text)
                #expect(Self.isNumber(value), "\(text) is \(value)")
                values += 1
            } catch {
                #expect(error.position.map { (1...1_001).contains($0) } ?? true, "\(text) fails at \(error)")
                refusals += 1
            }
        }
        // Neither kind is rare.
        #expect(min(values, refusals) > Self.count / 20)
    }

    @Test(arguments: ["0", "-1", "10", "0.05", "-12.5", "1e-07", "1.5e+300", "9.9e-4000"])
    func `numbers are told`(text: String) {
        #expect(Self.isNumber(text))
    }

    @Test(arguments: [
        "", "-", "-0", "0.0", "01", "1.", ".5", "1.50", "1e5", "1.e+5", "nan", "inf", "1e+", "1 ", "+1", "0e+1",
    ])
    func `all else is told from numbers`(text: String) {
        #expect(!Self.isNumber(text))
    }

    /// Whether a text is a number as the calculator writes it: no superfluous zero, no sign of zero, an exponent's sign.
    private static func isNumber(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        func takeDigits() -> ArraySlice<UInt8> {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest.dropFirst(digits.count)
            return digits
        }
        func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }
        let isNegative = take("-")
        let whole = takeDigits()
        guard let first = whole.first, whole.count == 1 || first != UInt8(ascii: "0") else { return false }
        var isZero = whole.elementsEqual([UInt8(ascii: "0")])
        if take(".") {
            guard let last = takeDigits().last, last != UInt8(ascii: "0") else { return false }
            isZero = false
        }
        if take("e") {
            guard take("+") || take("-"), !takeDigits().isEmpty, !isZero else { return false }
        }
        return rest.isEmpty && !(isZero && isNegative)
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
