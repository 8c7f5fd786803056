import Testing

@testable import OrchTools

@Suite struct CalculatorErrorTests {
    @Test(
        arguments: [
            ("", "empty_expression", nil),
            ("  \n", "empty_expression", nil),
            ("1 +", "value_expected", 4),
            ("* 2", "value_expected", 1),
            ("2 * * 3", "value_expected", 5),
            ("()", "value_expected", 2),
            ("max(1,)", "value_expected", 7),
            ("sqrt", "value_expected", 5),
            ("sqrt 4", "value_expected", 6),
            ("2 ^ 3", "unexpected_character", 3),
            ("2 & 3", "unexpected_character", 3),
            ("1 == 1", "unexpected_character", 3),
            ("'a'", "unexpected_character", 1),
            ("٣ + 1", "unexpected_character", 1),
            ("2 + \u{1F600}", "unexpected_character", 5),
            ("a\u{301} + 1", "unexpected_character", 2),
            ("1\u{0} + 1", "unexpected_character", 2),
            (".", "unexpected_character", 1),
            ("x.__class__", "unexpected_character", 2),
            ("1.2.3", "malformed_number", 1),
            ("1__0", "malformed_number", 1),
            ("1_", "malformed_number", 1),
            ("1_.5", "malformed_number", 1),
            ("1._5", "malformed_number", 1),
            ("1e", "malformed_number", 1),
            ("1e+", "malformed_number", 1),
            ("1e_5", "malformed_number", 1),
            ("1 + 2pi", "malformed_number", 5),
            ("0x10", "malformed_number", 1),
            ("(1 + 2", "unbalanced_parenthesis", 1),
            ("max(1, 2", "unbalanced_parenthesis", 4),
            ("1 + 2)", "unbalanced_parenthesis", 6),
            ("1 2", "trailing_input", 3),
            ("2(3)", "trailing_input", 2),
            ("(1 2)", "trailing_input", 4),
            ("1,000", "trailing_input", 2),
            ("foo", "unknown_name", 1),
            ("1 + __import__(1)", "unknown_name", 5),
            ("PI", "unknown_name", 1),
            ("sqrt()", "wrong_argument_count", 1),
            ("1 + sqrt(1, 2)", "wrong_argument_count", 5),
            ("atan2(1)", "wrong_argument_count", 1),
            ("round(1, 2, 3)", "wrong_argument_count", 1),
            ("min()", "wrong_argument_count", 1),
            ("1 + 2 / 0", "division_by_zero", 7),
            ("0 ** -1", "division_by_zero", 3),
            ("sqrt(-1)", "not_real", 1),
            ("(-8) ** (1/3)", "not_real", 6),
            ("10**400 * pi", "overflow", 9),
            ("exp(1000)", "overflow", 1),
            ("gcd(1.5, 2)", "whole_number_expected", 1),
            ("factorial(pi)", "whole_number_expected", 1),
            ("round(1.5, 0.5)", "whole_number_expected", 1),
            ("ln(0)", "argument_out_of_range", 1),
            ("asin(1.01)", "argument_out_of_range", 1),
            ("factorial(-1)", "argument_out_of_range", 1),
        ] as [(String, String, Int?)])
    func `a wrong expression is refused with its place`(expression: String, code: String, position: Int?) {
        let error = #expect(throws: CalculationError.self) { try Calculator().evaluate(expression) }
        #expect(error?.codeName == code)
        #expect(error?.position == position)
    }

    @Test func `a message says what and where, and nothing of the expression`() {
        let error = #expect(throws: CalculationError.self) { try Calculator().evaluate("1 + secret") }
        #expect(error?.message == "unknown name (character 5)")
        #expect(error?.description == "unknown_name: unknown name (character 5)")
    }

    @Test func `the caret comes with a hint`() {
        let error = #expect(throws: CalculationError.self) { try Calculator().evaluate("2^3") }
        #expect(error?.message.contains("**") == true)
    }

    @Test(arguments: CalculatorFunction.allCases) func `every function can be called`(function: CalculatorFunction)
        throws
    {
        let arguments = function.argumentCount.lowerBound == 2 ? "1, 1" : "1"
        #expect(try !Calculator().evaluate("\(function)(\(arguments))").isEmpty)
    }

    @Test func `noise never does more than fail`() {
        var state: UInt64 = 42
        let alphabet = Array("0123456789.e+-*/%(),_ piabsqrtlnmx×÷−^").map(String.init)
        for _ in 0..<5_000 {
            var text = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += alphabet[Int(state >> 33) % alphabet.count]
            }
            _ = try? Calculator().evaluate(text)
        }
    }
}
