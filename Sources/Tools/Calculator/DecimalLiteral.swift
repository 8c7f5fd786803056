import BigInt

/// A number as written: `significand` × 10^`exponent`, the significand without trailing zeros.
struct DecimalLiteral: Sendable, Hashable {
    /// Beyond any exponent that a bound lets through; larger ones are cut to it, so that sums do not overflow.
    static let exponentCap = 1_000_000_000

    let significand: BigUInt
    let exponent: Int
    /// Digits of the significand; 0 for zero.
    let digits: Int

    /// - Parameters:
    ///   - digits: ASCII digits, whole part and fraction run together.
    ///   - exponent: the power of ten that the last digit stands for.
    init(digits: [UInt8], exponent: Int) {
        let zero = UInt8(ascii: "0")
        let trailing = digits.reversed().prefix { $0 == zero }.count
        let significant = digits.dropLast(trailing).drop { $0 == zero }
        self.digits = significant.count
        self.exponent = significant.isEmpty ? 0 : exponent + trailing
        significand = BigUInt(decimalDigits: significant)
    }
}

extension DecimalLiteral {
    static func powerOfTen(_ exponent: Int) -> BigUInt {
        BigUInt(10).raised(to: exponent)
    }
}
