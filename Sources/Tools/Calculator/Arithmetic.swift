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
/// Products, quotients, divisors, powers and roots are paid for in steps before they are done, so that the time of a
/// whole expression is bounded whatever it combines. Sums of whole numbers and comparisons with them are not: they take
/// no longer than reading the digits does. Nor is the writing of the result, which is done once.
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
        // Only what the denominators have in common can be a factor of both parts of the sum (Knuth, The Art of Computer
        // Programming, 4.5.1), so that a whole number is added without looking for any.
        let common = try greatestCommonDivisor(a.denominator, b.denominator)
        let (aOwn, bOwn) = (try quotient(a.denominator, by: common), try quotient(b.denominator, by: common))
        let numerator = try multiple(a.numerator, bOwn) + multiple(b.numerator, aOwn)
        let factor = try greatestCommonDivisor(numerator.magnitude, common)
        let denominator = try product(aOwn, try quotient(b.denominator, by: factor))
        return .exact(try fraction(reduced: try quotient(numerator, by: factor), over: denominator))
    }

    mutating func subtract(_ left: Quantity, _ right: Quantity) throws(CalculationError) -> Quantity {
        try add(left, right.negated)
    }

    mutating func multiply(_ left: Quantity, _ right: Quantity) throws(CalculationError) -> Quantity {
        guard case (.exact(let a), .exact(let b)) = (left, right) else {
            return try real(try double(left) * double(right))
        }
        if a.isWhole, b.isWhole { return .exact(try whole(try product(a.numerator, b.numerator))) }
        // Each fraction is in lowest terms, so that only a numerator and the other's denominator have common factors.
        let first = try greatestCommonDivisor(a.numerator.magnitude, b.denominator)
        let second = try greatestCommonDivisor(b.numerator.magnitude, a.denominator)
        let numerator = try multiple(try quotient(a.numerator, by: first), try quotient(b.numerator, by: second))
        let denominator = try product(
            try quotient(a.denominator, by: second), try quotient(b.denominator, by: first))
        return .exact(try fraction(reduced: numerator, over: denominator))
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
        return .exact(try whole(try flooredQuotientAndRemainder(a, b).quotient))
    }

    /// What is left of a floor division; it has the divisor's sign.
    mutating func remainder(_ left: Quantity, _ right: Quantity) throws(CalculationError) -> Quantity {
        guard !right.isZero else { throw divisionByZero }
        guard case (.exact(let a), .exact(let b)) = (left, right) else {
            let (_, remainder) = Self.flooredQuotientAndRemainder(try double(left), try double(right))
            return try real(remainder)
        }
        let rest = try flooredQuotientAndRemainder(a, b).remainder
        return .exact(try fraction(rest, over: try product(a.denominator, b.denominator)))
    }

    /// The quotient rounded down, and the numerator of the remainder, whose denominator is both denominators' product.
    private mutating func flooredQuotientAndRemainder(
        _ dividend: Fraction, _ divisor: Fraction
    ) throws(CalculationError) -> (quotient: BigInt, remainder: BigInt) {
        let over = try multiple(dividend.numerator, divisor.denominator)
        let under = try multiple(divisor.numerator, dividend.denominator)
        try payForQuotient(over.magnitude, under.magnitude)
        return over.flooredQuotientAndRemainder(dividingBy: under)
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
