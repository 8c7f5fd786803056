import Testing

@testable import OrchTools

/// Every bound: the last expression within it, and the first beyond.
@Suite struct CalculatorBoundTests {
    private func code(_ expression: String, _ limits: CalculatorLimits = CalculatorLimits()) -> String? {
        do throws(CalculationError) {
            _ = try Calculator(limits: limits).evaluate(expression)
            return nil
        } catch {
            return error.codeName
        }
    }

    @Test func `expressions have at most a thousand bytes`() {
        #expect(code(String(repeating: " ", count: 999) + "1") == nil)
        #expect(code(String(repeating: " ", count: 1_000) + "1") == "expression_too_long")
        // Two bytes each.
        #expect(code(String(repeating: "1×", count: 333) + "1") == nil)
        #expect(code(String(repeating: "1×", count: 334) + "1") == "expression_too_long")
    }

    @Test(arguments: [("(", "1", ")"), ("-", "1", ""), ("2**", "0", ""), ("abs(", "1", ")")])
    func `nesting has at most 64 levels`(opening: String, core: String, closing: String) {
        func nested(_ levels: Int) -> String {
            String(repeating: opening, count: levels) + core + String(repeating: closing, count: levels)
        }
        #expect(code(nested(64)) != "nesting_too_deep")
        #expect(code(nested(65)) == "nesting_too_deep")
        #expect(code(nested(180)) == "nesting_too_deep")
    }

    @Test func `a long flat sum is no nesting`() throws {
        #expect(try Calculator().evaluate(String(repeating: "1+", count: 499) + "1") == "500")
    }

    @Test func `numbers have at most ten thousand digits`() throws {
        #expect(try Calculator().evaluate("10**9999").utf8.count == 10_000)
        #expect(code("10**10000") == "result_too_large")
        #expect(code("1e9999") == nil)
        #expect(code("1e10000") == "result_too_large")
        #expect(code("9.99e9999") == nil)
        #expect(code("2**33219") == nil)
        #expect(code("2**33220") == "result_too_large")
        #expect(code("5*10**9999 + 4*10**9999") == nil)
        #expect(code("5*10**9999 + 5*10**9999") == "result_too_large")
        #expect(code("10**5000 * 10**4999") == nil)
        #expect(code("10**5000 * 10**5000") == "result_too_large")
        #expect(code("-(10**5000) * 10**5000") == "result_too_large")
        #expect(code("factorial(3248)") == nil)
        #expect(code("factorial(3249)") == "result_too_large")
        #expect(code("lcm(10**5000, 10**5000 + 1)") == "result_too_large")
        #expect(code("10**9999 // 0.1") == "result_too_large")
    }

    @Test func `exponents have a cap unless they do nothing`() {
        #expect(code("2**100000") == "result_too_large")
        #expect(code("2**100001") == "exponent_too_large")
        #expect(code("1**999999999999999999999999") == nil)
        #expect(code("(-1)**999999999999999999999999") == nil)
        #expect(code("0**999999999999999999999999") == nil)
        #expect(code("1e999999999999999999999999") == "result_too_large")
        #expect(code("1e-999999999999999999999999") == "fraction_too_large")
        #expect(code("0e999999999999999999999999") == nil)
    }

    @Test func `fractions have at most 16384 bits above and below the line`() {
        #expect(code("1 / 2**16383") == nil)
        #expect(code("1 / 2**16384") == "fraction_too_large")
        #expect(code("2**16384 / 3") == "fraction_too_large")
        #expect(code("1e-4000 * 1e-800") == nil)
        #expect(code("1e-4000 * 1e-4000") == "fraction_too_large")
        #expect(code("1e-4932") == nil)
        #expect(code("1e-4933") == "fraction_too_large")
    }

    @Test func `a result within bounds is no worse for what is in between`() throws {
        let calculator = Calculator()
        #expect(try calculator.evaluate("round(10**9999 + 1, -1) - 10**9999") == "0")
        #expect(try calculator.evaluate("round(7**5900, -1) - 7**5900") == "-1")
        #expect(try calculator.evaluate("(10**5000 + 1) % 1.5") == "0.5")
        #expect(try calculator.evaluate("10**6000 % 0.7") == "0.3")
        #expect(try calculator.evaluate("10**9999 * (1/10**4000) - 10**5999") == "0")
        #expect(code("round(10**10000 - 1, -1)") == "result_too_large")
        #expect(code("round(10**9999 * 9.9999, -9999 + 9000)") == nil)
    }

    @Test func `powers of fractions are exact as long as they are short`() throws {
        let calculator = Calculator()
        // 2.5^1000 in floating point is infinite, exactly it is not.
        #expect(try calculator.evaluate("2.5**1000 / 2.5**999") == "2.5")
        #expect(code("2.5**1001") == "overflow")
        #expect(code("1.0001**1000") == nil)
        #expect(try calculator.evaluate("0.5**1e9") == "0")
        // Negative powers of whole numbers, as long as a fraction may be.
        #expect(try calculator.evaluate("(10**4932)**-1 * 10**4932") == "1")
        #expect(code("(10**4933)**-1") == "overflow")
    }

    @Test func `rounding takes at most a thousand digits`() {
        #expect(code("round(1.5, 1000)") == nil)
        #expect(code("round(1.5, 1001)") == "argument_out_of_range")
        #expect(code("round(1.5, -1001)") == "argument_out_of_range")
        #expect(code("round(pi, 1000)") == nil)
        #expect(code("round(pi, -1000)") == nil)
    }

    @Test func `all operations together have a bounded number of steps`() {
        var limits = CalculatorLimits()
        limits.maximumSteps = 20_000
        #expect(code("3**2000 * 3**2000", limits) == nil)
        #expect(code(Array(repeating: "3**2000", count: 20).joined(separator: "*"), limits) == "too_many_steps")
        #expect(
            code(Array(repeating: "gcd(3**2000, 7**1000)", count: 3).joined(separator: "+"), limits) == "too_many_steps"
        )
        #expect(code(Array(repeating: "9**9999", count: 120).joined(separator: "+")) == "too_many_steps")
        #expect(code("gcd(9**9999, 7**9999)") == nil)
    }

    /// A fraction in lowest terms whose continued fraction has nothing but large quotients, and what is done to it after.
    @Test(arguments: ["+0", "*1", "-0*1", "+1/7", "*3/3"])
    func `large partial quotients take no more steps than others`(operation: String) {
        let fraction =
            "(((((((1*8000000**1+1)*8000000**2+1)*8000000**4+1)*8000000**8+1)*8000000**16+1)*8000000**32+1)"
            + "*8000000**64+1)/8000000**128"
        var limits = CalculatorLimits()
        limits.maximumSteps = 50_000
        #expect(code(fraction, limits) == nil)
        limits.maximumSteps = 20_000
        #expect(code(fraction, limits) == "too_many_steps")
        let count = (1_000 - fraction.utf8.count) / operation.utf8.count
        #expect(code(fraction + String(repeating: operation, count: count)) == nil)
    }

    @Test(arguments: [
        ("0.1", "+"), (".1", "-"), ("1/3+1/7", "+"), ("1.5", "*"), ("2", "/"), (".9", "%"), ("5//.3", "+"),
        ("sqrt(2)", "+"), ("round(2.675,2)", "+"), ("pi*1.1", "+"), (".01**2", "+"),
    ])
    func `any number of operations on short numbers is within the bound`(item: String, symbol: String) {
        let count = (1_000 + symbol.utf8.count) / (item.utf8.count + symbol.utf8.count)
        #expect(code(Array(repeating: item, count: count).joined(separator: symbol)) == nil)
    }

    @Test(arguments: [
        ("9**9**9", "exponent_too_large"), ("9**9**9**9", "exponent_too_large"), ("10**100000", "result_too_large"),
        ("factorial(1e9)", "result_too_large"), ("factorial(10**5000)", "result_too_large"),
        ("(2**30000)**30000", "result_too_large"), ("(10**9999)**2", "result_too_large"),
        ("(10**9999)*(10**9999)", "result_too_large"), ("1e999999999", "result_too_large"),
        ("((9**9)**9)**999", "result_too_large"), ("2**2**2**2**2**2", "result_too_large"),
    ])
    func `hopeless calculations are refused before they are begun`(expression: String, expected: String) {
        // Enough for the numbers that go in, and for none of those that would come out.
        var limits = CalculatorLimits()
        limits.maximumSteps = 700_000
        #expect(code(expression, limits) == expected)
    }

    @Test func `a power too small for floating point is zero`() throws {
        #expect(try Calculator().evaluate("10**-10**100") == "0")
    }
}
