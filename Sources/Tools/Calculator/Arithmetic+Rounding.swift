import BigInt

extension Arithmetic {
    func exact(_ value: Quantity) -> Fraction {
        switch value {
        case .exact(let value): value
        case .approximate(let value): Fraction(exactly: value)
        }
    }

    mutating func rounded(
        _ value: Quantity, _ function: CalculatorFunction
    ) throws(CalculationError) -> BigInt {
        try rounded(exact(value), function)
    }

    private mutating func rounded(
        _ value: Fraction, _ function: CalculatorFunction
    ) throws(CalculationError) -> BigInt {
        try payForQuotient(value.numerator.magnitude, value.denominator)
        return switch function {
        case .floor: value.floor
        case .ceil: value.ceiling
        case .trunc: value.truncated
        default: value.roundedHalfToEven
        }
    }

    /// Ties go to the even neighbour. Without digits the result is a whole number; with digits it stays floating
    /// point if it was.
    mutating func rounded(_ value: Quantity, toDigits digits: Quantity?) throws(CalculationError) -> Quantity {
        guard let digits else { return .exact(try whole(try rounded(value, .round))) }
        let limit = limits.maximumRoundingDigits
        let places = try wholeNumber(digits)
        guard places.magnitude <= limit else {
            throw failure(.argumentOutOfRange, "rounding takes from -\(limit) to \(limit) digits")
        }
        let result = try rounded(exact(value), toPlaces: places)
        guard case .approximate = value else { return .exact(result) }
        return .approximate(try double(.exact(result)))
    }

    /// Within bounds if the value and the result are: what is in between is not looked at.
    private mutating func rounded(_ value: Fraction, toPlaces places: BigInt) throws(CalculationError) -> Fraction {
        if value.isWhole, places.sign == .plus { return value }
        try payForPower(bits: Double(places.magnitude) * 3.33)
        let scale = BigUInt(10).raised(to: Int(places.magnitude))
        // Neither is in lowest terms; rounding does not need that.
        if places.sign == .plus {
            let scaled = Fraction(reduced: try multiple(value.numerator, scale), over: value.denominator)
            return try fraction(try rounded(scaled, .round), over: scale)
        }
        let scaled = Fraction(reduced: value.numerator, over: try product(value.denominator, scale))
        return try whole(try product(try rounded(scaled, .round), BigInt(scale)))
    }

    // MARK: Order

    mutating func extreme(_ arguments: [Quantity], largest: Bool) throws(CalculationError) -> Quantity {
        var result = arguments[0]
        for candidate in arguments.dropFirst() {
            let (left, right) = largest ? (result, candidate) : (candidate, result)
            if try isLess(left, right) { result = candidate }
        }
        return result
    }

    /// Compares exactly, whatever the two are.
    mutating func isLess(_ left: Quantity, _ right: Quantity) throws(CalculationError) -> Bool {
        if case (.approximate(let a), .approximate(let b)) = (left, right) { return a < b }
        let (a, b) = (exact(left), exact(right))
        try payForProduct(a.numerator.magnitude, b.denominator)
        try payForProduct(b.numerator.magnitude, a.denominator)
        return a < b
    }
}
