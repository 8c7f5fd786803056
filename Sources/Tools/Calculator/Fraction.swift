import BigInt

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// An exact rational number in lowest terms.
struct Fraction: Sendable, Hashable {
    let numerator: BigInt
    /// Never zero.
    let denominator: BigUInt

    /// For parts that have no common factor.
    init(reduced numerator: BigInt, over denominator: BigUInt) {
        self.numerator = numerator
        self.denominator = denominator
    }

    init(_ whole: BigInt) {
        self.init(reduced: whole, over: 1)
    }

    /// The exact value of a finite number.
    init(exactly value: Double) {
        guard value != 0 else {
            self.init(0)
            return
        }
        // value = ±significand × 2^exponent with an odd 53-bit significand at most.
        let scaled = value.significand * 0x1p52
        var significand = UInt64(scaled.magnitude)
        let zeros = significand.trailingZeroBitCount
        significand >>= UInt64(zeros)
        let exponent = Int(value.exponent) - 52 + zeros
        let sign: BigInt.Sign = value < 0 ? .minus : .plus
        let magnitude = BigUInt(significand)
        if exponent >= 0 {
            self.init(reduced: BigInt(sign: sign, magnitude: magnitude << exponent), over: 1)
        } else {
            self.init(reduced: BigInt(sign: sign, magnitude: magnitude), over: BigUInt(1) << -exponent)
        }
    }

    var isWhole: Bool { denominator == 1 }
    var isZero: Bool { numerator.isZero }
    var isNegative: Bool { numerator.sign == .minus }

    /// The whole number, if it is one.
    var whole: BigInt? { isWhole ? numerator : nil }

    var negated: Fraction { Fraction(reduced: -numerator, over: denominator) }

    var magnitude: Fraction {
        Fraction(reduced: BigInt(sign: .plus, magnitude: numerator.magnitude), over: denominator)
    }

    static func < (left: Fraction, right: Fraction) -> Bool {
        left.numerator.times(right.denominator) < right.numerator.times(left.denominator)
    }

    // MARK: Rounding to a whole number

    var floor: BigInt { numerator.flooredQuotientAndRemainder(dividingBy: BigInt(denominator)).quotient }
    var ceiling: BigInt { -negated.floor }
    var truncated: BigInt { isNegative ? ceiling : floor }

    /// Ties go to the even neighbour.
    var roundedHalfToEven: BigInt {
        let (below, remainder) = numerator.flooredQuotientAndRemainder(dividingBy: BigInt(denominator))
        let twice = remainder.magnitude << 1
        if twice < denominator || (twice == denominator && below.isEven) { return below }
        return below + 1
    }
}

extension BigInt {
    var isEven: Bool { isZero || trailingZeroBitCount > 0 }

    func times(_ factor: BigUInt) -> BigInt {
        BigInt(sign: sign, magnitude: magnitude.times(factor))
    }

    func times(_ factor: BigInt) -> BigInt {
        BigInt(sign: sign == factor.sign ? .plus : .minus, magnitude: magnitude.times(factor.magnitude))
    }

    /// The quotient rounded down, and a remainder with the divisor's sign, as Python's `//` and `%`.
    func flooredQuotientAndRemainder(dividingBy divisor: BigInt) -> (quotient: BigInt, remainder: BigInt) {
        let magnitudes = magnitude.divided(by: divisor.magnitude)
        let quotient = BigInt(sign: sign == divisor.sign ? .plus : .minus, magnitude: magnitudes.quotient)
        let remainder = BigInt(sign: sign, magnitude: magnitudes.remainder)
        guard !remainder.isZero, remainder.sign != divisor.sign else { return (quotient, remainder) }
        return (quotient - 1, remainder + divisor)
    }
}

extension BigUInt {
    /// 64-bit words, at least one.
    var wordCount: Int { Swift.max(1, words.count) }

    /// The binary logarithm, good to about fifteen digits; not for zero.
    var approximateLog2: Double {
        let excess = Swift.max(0, bitWidth - 64)
        let top = Double(UInt64(truncatingIfNeeded: self >> excess))
        return log2(top) + Double(excess)
    }
}
