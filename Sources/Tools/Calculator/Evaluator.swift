import BigInt

/// Walks the syntax tree; how deep is bounded by the parser.
struct Evaluator {
    private var arithmetic: Arithmetic

    init(limits: CalculatorLimits) {
        arithmetic = Arithmetic(limits: limits)
    }

    mutating func value(of expression: Expression) throws(CalculationError) -> Quantity {
        switch expression {
        case .number(let literal, let position):
            arithmetic.position = position
            return .exact(try fraction(literal))
        case .constant(let constant):
            return .approximate(constant.value)
        case .negated(let operand):
            return try value(of: operand).negated
        case .chain(let first, let rest):
            var result = try value(of: first)
            for step in rest {
                let operand = try value(of: step.operand)
                arithmetic.position = step.position
                result = try apply(step.operation, result, operand)
            }
            return result
        case .power(let base, let exponent, let position):
            let base = try value(of: base)
            let exponent = try value(of: exponent)
            arithmetic.position = position
            return try arithmetic.power(base, exponent)
        case .call(let function, let arguments, let position):
            var values: [Quantity] = []
            for argument in arguments { values.append(try value(of: argument)) }
            arithmetic.position = position
            return try arithmetic.call(function, values)
        }
    }

    private mutating func apply(
        _ operation: Expression.Operation, _ left: Quantity, _ right: Quantity
    ) throws(CalculationError) -> Quantity {
        switch operation {
        case .add: try arithmetic.add(left, right)
        case .subtract: try arithmetic.subtract(left, right)
        case .multiply: try arithmetic.multiply(left, right)
        case .divide: try arithmetic.divide(left, right)
        case .floorDivide: try arithmetic.floorDivide(left, right)
        case .remainder: try arithmetic.remainder(left, right)
        }
    }

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
