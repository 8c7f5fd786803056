/// The syntax tree of a calculation; its depth is bounded by the parser.
indirect enum Expression: Sendable, Hashable {
    case number(DecimalLiteral, position: Int)
    case constant(Constant)
    case negated(Expression)
    /// Operations of one precedence, from left to right; flat, so that a long sum is not a deep tree.
    case chain(first: Expression, rest: [Step])
    case power(base: Expression, exponent: Expression, position: Int)
    case call(CalculatorFunction, arguments: [Expression], position: Int)

    struct Step: Sendable, Hashable {
        let operation: Operation
        let operand: Expression
        /// Of the operator.
        let position: Int
    }

    enum Operation: Sendable, Hashable { case add, subtract, multiply, divide, floorDivide, remainder }

    enum Constant: String, Sendable, CaseIterable {
        case pi, e, tau

        var value: Double {
            switch self {
            case .pi: .pi
            case .e: 2.718281828459045
            case .tau: 2 * .pi
            }
        }
    }
}
