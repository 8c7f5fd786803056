/// Evaluates arithmetic expressions, exactly where it can, and within bounds.
///
/// The grammar is Python's: `+ - * / // % **`, signs, parentheses, `1_000`, `1.5e3`, with `× ÷ −` besides. Whole
/// numbers and decimals are exact, so `0.1 + 0.2` is `0.3` and `6 / 3` is `2`; the first function or power that leaves
/// the rational numbers turns its result to floating point. `//` and `%` round down, as Python's do, and `round` sends
/// ties to the even neighbour.
package struct Calculator: Sendable {
    package let limits: CalculatorLimits

    package init(limits: CalculatorLimits = CalculatorLimits()) {
        self.limits = limits
    }

    /// The value of an expression as text; see ``NumberFormat``.
    package func evaluate(_ expression: String) throws(CalculationError) -> String {
        guard expression.utf8.count <= limits.maximumExpressionBytes else {
            throw CalculationError(
                .expressionTooLong, "the expression is longer than \(limits.maximumExpressionBytes) bytes")
        }
        let tokens = try Lexer.tokens(of: expression)
        let tree = try Parser.expression(from: tokens, maximumDepth: limits.maximumNestingDepth)
        var evaluator = Evaluator(limits: limits)
        return NumberFormat.text(of: try evaluator.value(of: tree))
    }
}
