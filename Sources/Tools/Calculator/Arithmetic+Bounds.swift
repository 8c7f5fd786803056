import BigInt

extension Arithmetic {
    // MARK: Results within bounds

    mutating func whole(_ value: BigInt) throws(CalculationError) -> Fraction {
        let bits = value.magnitude.bitWidth
        let fits =
            bits < tooLargeBits
            || (bits == tooLargeBits && value.magnitude < tooLarge)
        guard fits else { throw resultTooLarge }
        return Fraction(value)
    }

    mutating func fraction(_ numerator: BigInt, over denominator: BigUInt) throws(CalculationError) -> Fraction {
        guard denominator != 1 else { return try whole(numerator) }
        let divisor = try greatestCommonDivisor(numerator.magnitude, denominator)
        var (over, reduced) = (numerator, denominator)
        if divisor != 1 {
            try payForQuotient(numerator.magnitude, divisor)
            try payForQuotient(denominator, divisor)
            over = BigInt(sign: numerator.sign, magnitude: numerator.magnitude.divided(by: divisor).quotient)
            reduced = denominator.divided(by: divisor).quotient
        }
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
    mutating func double(_ value: Quantity) throws(CalculationError) -> Double {
        switch value {
        case .approximate(let value): return value
        case .exact(let value):
            try payForNearest(value)
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
        return left.times(right)
    }

    mutating func product(_ left: BigInt, _ right: BigInt) throws(CalculationError) -> BigInt {
        let magnitude = try product(left.magnitude, right.magnitude)
        return BigInt(sign: left.sign == right.sign ? .plus : .minus, magnitude: magnitude)
    }

    mutating func greatestCommonDivisor(_ left: BigUInt, _ right: BigUInt) throws(CalculationError) -> BigUInt {
        if left == 1 || right == 1 { return 1 }
        let (large, small) = left < right ? (right, left) : (left, right)
        if small.isZero { return large }
        try payForQuotient(large, small)
        let rest = large.divided(by: small).remainder
        if rest.isZero { return small }
        // Numbers of one word need none of the method.
        if small.wordCount > 1 {
            try pay(small.wordCount * small.wordCount * Self.stepsPerDivisorWord + Self.stepsPerIteration)
        }
        return small.commonDivisor(with: rest)
    }

    // MARK: Steps

    /// Multiplications of a greatest common divisor, for each word of the operands and word of length.
    private static let stepsPerDivisorWord = 5
    /// What a divisor of more than a word, or a root, takes besides.
    static let stepsPerIteration = 3_000
    /// The words of an operation are copied, and those of a quotient shifted, before it and after it.
    private static let stepsPerCopiedWord = 16
    /// What an operation takes on the shortest numbers.
    private static let stepsPerOperation = 100

    mutating func payForProduct(_ left: BigUInt, _ right: BigUInt) throws(CalculationError) {
        let copied = Self.stepsPerCopiedWord * (left.wordCount + right.wordCount)
        try pay(left.wordCount * right.wordCount + copied)
    }

    mutating func payForQuotient(_ dividend: BigUInt, _ divisor: BigUInt) throws(CalculationError) {
        let places = max(0, dividend.wordCount - divisor.wordCount) + 1
        try pay(divisor.wordCount * places + Self.stepsPerCopiedWord * dividend.wordCount)
    }

    /// The nearest floating-point number, or a root in floating point: a quotient of a few words, and shifts.
    mutating func payForNearest(_ value: Fraction) throws(CalculationError) {
        try pay(value.numerator.magnitude.wordCount + value.denominator.wordCount, times: 4 * Self.stepsPerCopiedWord)
    }

    /// Squarings of growing length, the last of which takes most: a quarter of the square of the result's length.
    mutating func payForPower(bits: Double) throws(CalculationError) {
        let words = Int(bits) / 64 + 1
        try pay(words * words / 2 + words * Self.stepsPerCopiedWord)
    }

    mutating func pay(_ steps: Int, times factor: Int = 1) throws(CalculationError) {
        remainingSteps -= steps * factor + Self.stepsPerOperation
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
