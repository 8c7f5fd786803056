import BigInt

extension Fraction {
    /// The nearest floating-point number, ties to even; infinite beyond the range.
    var nearestDouble: Double {
        let magnitude = Self.nearestDouble(numerator.magnitude, over: denominator)
        return isNegative ? -magnitude : magnitude
    }

    /// The square root rounded to the nearest floating-point number; for values that are not negative.
    var squareRoot: Double {
        guard !isZero else { return 0 }
        // A root of 64 bits needs a radicand of 128; what is cut off shows as one more bit.
        let width = numerator.magnitude.bitWidth - denominator.bitWidth
        var shift = 130 - width
        if shift & 1 != 0 { shift += 1 }
        let scaled = Self.shiftedQuotient(numerator.magnitude, over: denominator, shift: shift)
        let root = scaled.quotient.squareRoot()
        let isExact = scaled.isExact && root * root == scaled.quotient
        let sticky = (root << 1) | (isExact ? 0 : 1)
        let half = shift / 2 + 1
        return half >= 0
            ? Self.nearestDouble(sticky, over: BigUInt(1) << half)
            : Self.nearestDouble(sticky << -half, over: 1)
    }

    /// `numerator × 2^shift / denominator` rounded down.
    private static func shiftedQuotient(
        _ numerator: BigUInt, over denominator: BigUInt, shift: Int
    ) -> (quotient: BigUInt, isExact: Bool) {
        let (quotient, remainder) =
            shift >= 0
            ? (numerator << shift).divided(by: denominator)
            : numerator.divided(by: denominator << -shift)
        return (quotient, remainder.isZero)
    }

    private static func nearestDouble(_ numerator: BigUInt, over denominator: BigUInt) -> Double {
        guard !numerator.isZero else { return 0 }
        // A quotient of 62 or 63 bits leaves room for rounding to 53 by hand, once.
        let shift = 62 - (numerator.bitWidth - denominator.bitWidth)
        let (quotient, isExact) = shiftedQuotient(numerator, over: denominator, shift: shift)
        let bits = UInt64(truncatingIfNeeded: quotient)
        let width = UInt64.bitWidth - bits.leadingZeroBitCount
        let exponent = width - 1 - shift
        if exponent > Double.greatestFiniteMagnitude.exponent { return .infinity }
        let precision = min(53, 53 + exponent - Int(Double.leastNormalMagnitude.exponent))
        if precision < 0 { return 0 }
        let dropped = width - precision
        let kept = bits >> UInt64(dropped)
        let rest = bits & ((1 << UInt64(dropped)) - 1)
        let half: UInt64 = 1 << UInt64(dropped - 1)
        let roundsUp = rest > half || (rest == half && (!isExact || kept & 1 == 1))
        return Double(sign: .plus, exponent: dropped - shift, significand: Double(kept + (roundsUp ? 1 : 0)))
    }
}
