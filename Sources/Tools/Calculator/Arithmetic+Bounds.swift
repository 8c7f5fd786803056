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
        return try fraction(
            reduced: try quotient(numerator, by: divisor), over: try quotient(denominator, by: divisor))
    }

    /// For parts that have no common factor.
    mutating func fraction(
        reduced numerator: BigInt, over denominator: BigUInt
    ) throws(CalculationError) -> Fraction {
        if denominator == 1 { return try whole(numerator) }
        let limit = limits.maximumFractionBits
        guard denominator.bitWidth <= limit, numerator.magnitude.bitWidth <= limit else {
            throw failure(.fractionTooLarge, "an exact fraction needs more than \(limit) bits")
        }
        return Fraction(reduced: numerator, over: denominator)
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
            if nearest.isInfinite { throw failure(.overflow, "a number is too large for floating point") }
            return nearest
        }
    }

    // MARK: Whole numbers

    /// The product, refused before it is computed if it would be too long.
    mutating func product(_ left: BigUInt, _ right: BigUInt) throws(CalculationError) -> BigUInt {
        guard left.bitWidth + right.bitWidth - 1 <= tooLargeBits else { throw resultTooLarge }
        if left == 1 { return right }
        if right == 1 { return left }
        try payForProduct(left, right)
        return left.times(right)
    }

    mutating func product(_ left: BigInt, _ right: BigInt) throws(CalculationError) -> BigInt {
        let magnitude = try product(left.magnitude, right.magnitude)
        return BigInt(sign: left.sign == right.sign ? .plus : .minus, magnitude: magnitude)
    }

    /// A product that may be too long: what is made of it need not be.
    mutating func multiple(_ value: BigInt, _ factor: BigUInt) throws(CalculationError) -> BigInt {
        if factor == 1 || value.isZero { return value }
        try payForProduct(value.magnitude, factor)
        return value.times(factor)
    }

    mutating func multiple(_ value: BigInt, _ factor: BigInt) throws(CalculationError) -> BigInt {
        let magnitude = try multiple(value, factor.magnitude)
        return factor.sign == .plus ? magnitude : -magnitude
    }

    /// The quotient by a factor of the number.
    mutating func quotient(_ value: BigUInt, by factor: BigUInt) throws(CalculationError) -> BigUInt {
        if factor == 1 { return value }
        try payForQuotient(value, factor)
        return value.divided(by: factor).quotient
    }

    mutating func quotient(_ value: BigInt, by factor: BigUInt) throws(CalculationError) -> BigInt {
        BigInt(sign: value.sign, magnitude: try quotient(value.magnitude, by: factor))
    }

    mutating func greatestCommonDivisor(_ left: BigUInt, _ right: BigUInt) throws(CalculationError) -> BigUInt {
        if left == 1 || right == 1 { return 1 }
        let (large, small) = left < right ? (right, left) : (left, right)
        if small.isZero { return large }
        try payForQuotient(large, small)
        let rest = large.divided(by: small).remainder
        if rest.isZero { return small }
        if let last = UInt(exactly: small) {
            return BigUInt(LehmerDivisor.of(last, UInt(truncatingIfNeeded: rest)))
        }
        var pair = LehmerDivisor(larger: small.wordList, smaller: rest.wordList)
        while !pair.isShort {
            try pay(pair.length * Self.stepsPerRoundWord + Self.stepsPerRound)
            pair.shorten()
        }
        try pay(pair.length, times: Self.stepsPerDividedWord)
        return BigUInt(words: pair.divisor)
    }

    // MARK: Steps

    /// A round of a greatest common divisor makes two numbers of two multiples each. The four multiplications for a word
    /// do not wait for one another, and take the time of three others.
    private static let stepsPerRoundWord = 3
    /// Before that, a round divides single words some twenty times.
    private static let stepsPerRound = 60
    /// A division by a single word waits for each word's quotient.
    private static let stepsPerDividedWord = 12
    /// What every root takes besides: it has several divisions, however short it is.
    static let stepsPerRoot = 3_000
    /// The words of an operation are copied, and those of a quotient shifted, before it and after it.
    private static let stepsPerCopiedWord = 16
    /// What an operation, or a round of a greatest common divisor, takes on the shortest numbers.
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

    /// The last squaring is of a number half as long as the result, a quarter of the square of the result's words. The
    /// squarings before it, and the multiplications by the base, take less than that together.
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
    var overflow: CalculationError { failure(.overflow, "the result is too large for floating point") }
    var resultTooLarge: CalculationError {
        failure(.resultTooLarge, "a number would have more than \(limits.maximumDigits) digits")
    }
}
