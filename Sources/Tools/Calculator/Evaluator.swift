import BigInt

/// Walks the syntax tree; how deep is bounded by the parser.
///
/// The values wait in a list of its own and not in the frames of the walk, and what works on them is not inlined into
/// it: so a level of the tree takes little of the thread's stack, which on some threads is half a megabyte.
struct Evaluator {
    private var arithmetic: Arithmetic
    /// Of the operands whose operation is still to come.
    private var values: [Quantity] = []

    init(limits: CalculatorLimits) {
        arithmetic = Arithmetic(limits: limits)
    }

    mutating func value(of expression: Expression) throws(CalculationError) -> Quantity {
        try evaluate(expression)
        return values.removeLast()
    }

    /// Appends the value of an expression to the list.
    private mutating func evaluate(_ expression: Expression) throws(CalculationError) {
        switch expression {
        case .number(let literal, let position):
            try append(literal, at: position)
        case .constant(let constant):
            append(constant)
        case .negated(let operand):
            try evaluate(operand)
            negate()
        case .chain(let first, let rest):
            try evaluate(first)
            for step in rest {
                try evaluate(step.operand)
                try apply(step.operation, at: step.position)
            }
        case .power(let base, let exponent, let position):
            try evaluate(base)
            try evaluate(exponent)
            try raise(at: position)
        case .call(let function, let arguments, let position):
            for argument in arguments { try evaluate(argument) }
            try call(function, argumentCount: arguments.count, at: position)
        }
    }

    // MARK: Operations on the last values

    @inline(never) private mutating func append(
        _ literal: DecimalLiteral, at position: Int
    ) throws(CalculationError) {
        arithmetic.position = position
        values.append(.exact(try fraction(literal)))
    }

    @inline(never) private mutating func append(_ constant: Expression.Constant) {
        values.append(.approximate(constant.value))
    }

    @inline(never) private mutating func negate() {
        values.append(values.removeLast().negated)
    }

    @inline(never) private mutating func apply(
        _ operation: Expression.Operation, at position: Int
    ) throws(CalculationError) {
        arithmetic.position = position
        let right = values.removeLast()
        let left = values.removeLast()
        let result =
            switch operation {
            case .add: try arithmetic.add(left, right)
            case .subtract: try arithmetic.subtract(left, right)
            case .multiply: try arithmetic.multiply(left, right)
            case .divide: try arithmetic.divide(left, right)
            case .floorDivide: try arithmetic.floorDivide(left, right)
            case .remainder: try arithmetic.remainder(left, right)
            }
        values.append(result)
    }

    @inline(never) private mutating func raise(at position: Int) throws(CalculationError) {
        arithmetic.position = position
        let exponent = values.removeLast()
        let base = values.removeLast()
        values.append(try arithmetic.power(base, exponent))
    }

    @inline(never) private mutating func call(
        _ function: CalculatorFunction, argumentCount: Int, at position: Int
    ) throws(CalculationError) {
        arithmetic.position = position
        let arguments = Array(values.suffix(argumentCount))
        values.removeLast(argumentCount)
        values.append(try arithmetic.call(function, arguments))
    }

    // MARK: Numbers

    private mutating func fraction(_ literal: DecimalLiteral) throws(CalculationError) -> Fraction {
        let limits = arithmetic.limits
        guard literal.digits > 0 else { return Fraction(0) }
        guard literal.digits + literal.exponent <= limits.maximumDigits else { throw arithmetic.resultTooLarge }
        if literal.exponent >= 0 {
            try arithmetic.payForPower(bits: Double(literal.exponent) * 3.33)
            return try arithmetic.whole(BigInt(literal.significand * BigUInt(10).raised(to: literal.exponent)))
        }
        // A significand without trailing zeros loses at most its 2s or its 5s to the denominator, never both.
        guard -literal.exponent <= limits.maximumFractionBits else {
            throw arithmetic.failure(
                .fractionTooLarge, "an exact fraction needs more than \(limits.maximumFractionBits) bits")
        }
        try arithmetic.payForPower(bits: Double(-literal.exponent) * 3.33)
        let denominator = BigUInt(10).raised(to: -literal.exponent)
        return try arithmetic.fraction(BigInt(literal.significand), over: denominator)
    }
}
