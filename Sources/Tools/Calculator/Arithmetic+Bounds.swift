import BigInt

extension Arithmetic {
    // MARK: Results within bounds

    func whole(_ value: BigInt) throws(CalculationError) -> Fraction {
        let bits = value.magnitude.bitWidth
        let fits =
            bits < tooLargeBits
            || (bits == tooLargeBits && value.magnitude < BigUInt(10).raised(to: limits.maximumDigits))
        guard fits else { throw resultTooLarge }
        return Fraction(value)
    }

    mutating func fraction(_ numerator: BigInt, over denominator: BigUInt) throws(CalculationError) -> Fraction {
        guard denominator != 1 else { return try whole(numerator) }
        let divisor = try greatestCommonDivisor(numerator.magnitude, denominator)
        let reduced = divisor == 1 ? denominator : denominator / divisor
        let over = divisor == 1 ? numerator : numerator / BigInt(divisor)
        if reduced == 1 { return try whole(over) }
        let limit = limits.maximumFractionBits
        guard reduced.bitWidth <= limit, over.magnitude.bitWidth <= limit else {
            throw failure(.fractionTooLarge, "an exact fraction needs more than \(limit) bits")
        }
        return Fraction(reduced: over, over: reduced)
    }

    /// A result in floating point, refused if it is not a finite number.
    func real(_ value: Double) throws(CalculationError) -> Quantity {
        if value.isNaN { throw notReal }
        if value.isInfinite { throw overflow }
        return .approximate(value == 0 ? 0 : value)
    }

    /// The nearest floating-point number.
    func double(_ value: Quantity) throws(CalculationError) -> Double {
        switch value {
        case .approximate(let value): return value
        case .exact(let value):
            let nearest = value.nearestDouble
            if nearest.isInfinite { throw overflow }
            return nearest
        }
    }

    // MARK: Whole numbers

    /// The product, refused before it is computed if it would be too long.
    mutating func product(_ left: BigUInt, _ right: BigUInt) throws(CalculationError) -> BigUInt {
        guard left.bitWidth + right.bitWidth - 1 <= tooLargeBits else { throw resultTooLarge }
        try payForProduct(left, right)
        return left * right
    }

    mutating func product(_ left: BigInt, _ right: BigInt) throws(CalculationError) -> BigInt {
        let magnitude = try product(left.magnitude, right.magnitude)
        return BigInt(sign: left.sign == right.sign ? .plus : .minus, magnitude: magnitude)
    }

    mutating func greatestCommonDivisor(_ left: BigUInt, _ right: BigUInt) throws(CalculationError) -> BigUInt {
        if left == 1 || right == 1 { return 1 }
        var (large, small) = left < right ? (right, left) : (left, right)
        if small.isZero { return large }
        try payForQuotient(large, small)
        large %= small
        try pay(small.wordCount * small.wordCount, times: Self.stepsPerDivisorWord)
        return small.greatestCommonDivisor(with: large)
    }

    // MARK: Steps

    /// Subtractions and shifts of a binary greatest common divisor, for each word of the operands and word of length.
    private static let stepsPerDivisorWord = 64

    mutating func payForProduct(_ left: BigUInt, _ right: BigUInt) throws(CalculationError) {
        try pay(left.wordCount * right.wordCount)
    }

    mutating func payForQuotient(_ dividend: BigUInt, _ divisor: BigUInt) throws(CalculationError) {
        try pay(divisor.wordCount * (max(0, dividend.wordCount - divisor.wordCount) + 1))
    }

    /// Squarings of growing length, the last of which is as long as all before it together.
    mutating func payForPower(bits: Double) throws(CalculationError) {
        let words = Int(bits) / 64 + 1
        try pay(words * words)
    }

    mutating func pay(_ steps: Int, times factor: Int = 1) throws(CalculationError) {
        remainingSteps -= steps * factor + 1
        if remainingSteps < 0 {
            throw failure(.tooManySteps, "the calculation takes more than \(limits.maximumSteps) steps")
        }
    }

    // MARK: Failures

    func failure(_ code: CalculationError.Code, _ reason: String) -> CalculationError {
        CalculationError(code, reason, at: position)
    }

    var divisionByZero: CalculationError { failure(.divisionByZero, "division by zero") }
    var notReal: CalculationError { failure(.notReal, "the result is not a real number") }
    var overflow: CalculationError { failure(.overflow, "too large for floating point") }
    var resultTooLarge: CalculationError {
        failure(.resultTooLarge, "a number would have more than \(limits.maximumDigits) digits")
    }
}
