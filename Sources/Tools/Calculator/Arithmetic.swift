import BigInt

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The four operations, floor division, remainder and powers, within bounds.
///
/// Every operation on large numbers is paid for in steps before it is done, so that the time of a whole expression is
/// bounded whatever it combines.
struct Arithmetic {
    let limits: CalculatorLimits
    /// Of the operation under way; errors name it.
    var position = 1
    var remainingSteps: Int
    /// Bits of the smallest whole number that has one digit too many.
    let tooLargeBits: Int
    /// That number; computed when a result is as long.
    lazy var tooLarge = BigUInt(10).raised(to: limits.maximumDigits)

    init(limits: CalculatorLimits) {
        self.limits = limits
        remainingSteps = limits.maximumSteps
        tooLargeBits = Int(Double(limits.maximumDigits) * log2(10)) + 1
    }

    // MARK: Operations

    mutating func add(_ left: Quantity, _ right: Quantity) throws(CalculationError) -> Quantity {
        guard case (.exact(let a), .exact(let b)) = (left, right) else {
            return try real(try double(left) + double(right))
        }
        if a.isWhole, b.isWhole { return .exact(try whole(a.numerator + b.numerator)) }
        try payForProduct(a.numerator.magnitude, b.denominator)
        try payForProduct(b.numerator.magnitude, a.denominator)
        let numerator = a.numerator.times(b.denominator) + b.numerator.times(a.denominator)
        return .exact(try fraction(numerator, over: try product(a.denominator, b.denominator)))
    }

    mutating func subtract(_ left: Quantity, _ right: Quantity) throws(CalculationError) -> Quantity {
        try add(left, right.negated)
    }

    mutating func multiply(_ left: Quantity, _ right: Quantity) throws(CalculationError) -> Quantity {
        guard case (.exact(let a), .exact(let b)) = (left, right) else {
            return try real(try double(left) * double(right))
        }
        if a.isWhole, b.isWhole { return .exact(try whole(try product(a.numerator, b.numerator))) }
        try payForProduct(a.numerator.magnitude, b.numerator.magnitude)
        return .exact(try fraction(a.numerator.times(b.numerator), over: try product(a.denominator, b.denominator)))
    }

    /// Exact for exact numbers: a whole number where it divides evenly, else a fraction.
    mutating func divide(_ left: Quantity, _ right: Quantity) throws(CalculationError) -> Quantity {
        guard !right.isZero else { throw divisionByZero }
        guard case (.exact(let a), .exact(let b)) = (left, right) else {
            return try real(try double(left) / double(right))
        }
        let reciprocal = Fraction(
            reduced: BigInt(sign: b.numerator.sign, magnitude: b.denominator), over: b.numerator.magnitude)
        return try multiply(.exact(a), .exact(reciprocal))
    }

    /// The quotient rounded down.
    mutating func floorDivide(_ left: Quantity, _ right: Quantity) throws(CalculationError) -> Quantity {
        guard !right.isZero else { throw divisionByZero }
        guard case (.exact(let a), .exact(let b)) = (left, right) else {
            let (quotient, _) = Self.flooredQuotientAndRemainder(try double(left), try double(right))
            return try real(quotient)
        }
        return .exact(try whole(try flooredQuotient(a, b)))
    }

    /// What is left of a floor division; it has the divisor's sign.
    mutating func remainder(_ left: Quantity, _ right: Quantity) throws(CalculationError) -> Quantity {
        guard !right.isZero else { throw divisionByZero }
        guard case (.exact(let a), .exact(let b)) = (left, right) else {
            let (_, remainder) = Self.flooredQuotientAndRemainder(try double(left), try double(right))
            return try real(remainder)
        }
        if let dividend = a.whole, let divisor = b.whole {
            try payForQuotient(dividend.magnitude, divisor.magnitude)
            return .exact(Fraction(dividend.flooredQuotientAndRemainder(dividingBy: divisor).remainder))
        }
        let quotient = Quantity.exact(try whole(try flooredQuotient(a, b)))
        return try subtract(left, try multiply(quotient, right))
    }

    private mutating func flooredQuotient(_ left: Fraction, _ right: Fraction) throws(CalculationError) -> BigInt {
        try payForProduct(left.numerator.magnitude, right.denominator)
        try payForProduct(right.numerator.magnitude, left.denominator)
        let dividend = left.numerator.times(right.denominator)
        let divisor = right.numerator.times(left.denominator)
        try payForQuotient(dividend.magnitude, divisor.magnitude)
        return dividend.flooredQuotientAndRemainder(dividingBy: divisor).quotient
    }

    // MARK: Floating point

    /// As Python's `divmod` of floats: the remainder has the divisor's sign, the quotient is whole.
    private static func flooredQuotientAndRemainder(
        _ dividend: Double, _ divisor: Double
    ) -> (quotient: Double, remainder: Double) {
        var remainder = dividend.truncatingRemainder(dividingBy: divisor)
        var quotient = (dividend - remainder) / divisor
        if remainder != 0, (divisor < 0) != (remainder < 0) {
            remainder += divisor
            quotient -= 1
        }
        let floored = quotient.rounded(.down)
        return (quotient - floored > 0.5 ? floored + 1 : floored, remainder)
    }
}
