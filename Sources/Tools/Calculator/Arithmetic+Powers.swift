import BigInt

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension Arithmetic {
    mutating func power(_ base: Quantity, _ exponent: Quantity) throws(CalculationError) -> Quantity {
        if base.isZero, exponent.isNegative { throw divisionByZero }
        if case .exact(let base) = base, case .exact(let exponent) = exponent, let exponent = exponent.whole {
            if let base = base.whole {
                if base.magnitude <= 1 {
                    let isOne = exponent.isZero || base == 1 || (base == -1 && exponent.isEven)
                    return .exact(Fraction(isOne ? 1 : base))
                }
                if exponent.sign == .plus { return .exact(try wholePower(base, exponent)) }
            }
            if let result = try fractionPower(base, exponent) { return .exact(result) }
        }
        let (base, exponent) = (try double(base), try double(exponent))
        if base < 0, exponent != exponent.rounded() { throw notReal }
        return try real(pow(base, exponent))
    }

    private mutating func wholePower(_ base: BigInt, _ exponent: BigInt) throws(CalculationError) -> Fraction {
        guard exponent <= limits.maximumExponent else {
            throw failure(.exponentTooLarge, "the exponent is larger than \(limits.maximumExponent)")
        }
        let exponent = Int(exponent)
        let bits = base.magnitude.approximateLog2 * Double(exponent)
        // The result is one of at most this many bits, give or take the estimate's error.
        guard bits <= Double(tooLargeBits) else { throw resultTooLarge }
        try payForPower(bits: bits)
        let magnitude = base.magnitude.raised(to: exponent)
        return try whole(BigInt(sign: exponent & 1 == 1 ? base.sign : .plus, magnitude: magnitude))
    }

    /// A power of a fraction, or a negative power; nil if it is to be computed in floating point.
    private mutating func fractionPower(
        _ base: Fraction, _ exponent: BigInt
    ) throws(CalculationError) -> Fraction? {
        guard exponent.magnitude <= limits.maximumExactFractionExponent else { return nil }
        let count = Int(exponent.magnitude)
        let longer = max(base.numerator.magnitude.bitWidth, base.denominator.bitWidth)
        // Whole numbers are as long as they are of their own accord; a fraction soon has more digits than are meant.
        let longest = base.isWhole ? limits.maximumFractionBits : limits.maximumFractionBits / 4
        guard longer * count <= longest else { return nil }
        try payForPower(bits: Double(longer * count))
        let numerator = base.numerator.magnitude.raised(to: count)
        let denominator = base.denominator.raised(to: count)
        let sign: BigInt.Sign = count & 1 == 1 ? base.numerator.sign : .plus
        return exponent.sign == .plus
            ? Fraction(reduced: BigInt(sign: sign, magnitude: numerator), over: denominator)
            : Fraction(reduced: BigInt(sign: sign, magnitude: denominator), over: numerator)
    }
}
