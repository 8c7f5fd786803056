import OrchCore

/// Why an expression has no result; never holds a part of the expression.
package struct CalculationError: CodedError, Hashable {
    /// A stable word for the kind of failure.
    package struct Code: Sendable, Hashable {
        package let name: String

        private init(_ name: String) { self.name = name }

        package static let emptyExpression = Code("empty_expression")
        package static let expressionTooLong = Code("expression_too_long")
        package static let nestingTooDeep = Code("nesting_too_deep")
        package static let unexpectedCharacter = Code("unexpected_character")
        package static let malformedNumber = Code("malformed_number")
        /// A value was due and something else, or nothing, stood there.
        package static let valueExpected = Code("value_expected")
        package static let unbalancedParenthesis = Code("unbalanced_parenthesis")
        /// The expression is complete and something follows.
        package static let trailingInput = Code("trailing_input")
        package static let unknownName = Code("unknown_name")
        package static let wrongArgumentCount = Code("wrong_argument_count")
        package static let divisionByZero = Code("division_by_zero")
        /// Outside the range of floating point.
        package static let overflow = Code("overflow")
        /// The result would be complex or is not defined.
        package static let notReal = Code("not_real")
        package static let wholeNumberExpected = Code("whole_number_expected")
        package static let argumentOutOfRange = Code("argument_out_of_range")
        package static let resultTooLarge = Code("result_too_large")
        package static let exponentTooLarge = Code("exponent_too_large")
        package static let fractionTooLarge = Code("fraction_too_large")
        package static let tooManySteps = Code("too_many_steps")
    }

    package let code: Code
    /// Where, counted in Unicode scalars from 1; nil if the whole expression is meant.
    package let position: Int?
    private let reason: String

    init(_ code: Code, _ reason: String, at position: Int? = nil) {
        self.code = code
        self.position = position
        self.reason = reason
    }

    package var codeName: String { code.name }

    package var message: String {
        guard let position else { return reason }
        return "\(reason) (character \(position))"
    }

    package var description: String { "\(codeName): \(message)" }
}
