import BigInt

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// How results are written.
///
/// Whole numbers in full. Fractions that end, in up to 30 significant digits, exactly. All else as the nearest
/// floating-point number in the shortest form that reads back the same; fractions outside the range of normal
/// floating-point numbers, which has no such form, in 17 significant digits. A zero has no sign, and a whole number in
/// floating point no `.0`.
enum NumberFormat {
    static let maximumExactDigits = 30
    /// Beyond as many zeros after the point a power of ten is written.
    private static let maximumLeadingZeros = 20
    private static let roundedDigits = 17

    static func text(of value: Quantity) -> String {
        switch value {
        case .exact(let fraction):
            if let whole = fraction.whole { return digits(of: whole) }
            return terminating(fraction) ?? rounded(fraction)
        case .approximate(let value):
            return text(of: value)
        }
    }

    private static func digits(of whole: BigInt) -> String {
        (whole.sign == .minus ? "-" : "") + whole.magnitude.decimalDigits
    }

    private static func text(of value: Double) -> String {
        guard value != 0 else { return "0" }
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    // MARK: Exact

    /// The exact decimal digits, or nil if there is no end to them or there are too many.
    private static func terminating(_ fraction: Fraction) -> String? {
        let twos = fraction.denominator.trailingZeroBitCount
        let rest = fraction.denominator >> twos
        let fives = Int((rest.approximateLog2 / log2(5)).rounded())
        guard BigUInt(5).raised(to: fives) == rest else { return nil }
        // Lowest terms: the digits do not end in zero.
        let places = max(twos, fives)
        let digits =
            fraction.numerator.magnitude.times(BigUInt(5).raised(to: places - fives)) << (places - twos)
        guard digits.bitWidth <= 4 * maximumExactDigits else { return nil }
        let text = digits.decimalDigits
        guard text.utf8.count <= maximumExactDigits else { return nil }
        return (fraction.isNegative ? "-" : "") + decimal(text, places: places)
    }

    /// Puts the point `places` digits from the right.
    private static func decimal(_ digits: String, places: Int) -> String {
        let count = digits.utf8.count
        if places - count > maximumLeadingZeros {
            return scientific(digits, exponent: count - 1 - places)
        }
        let padded = String(repeating: "0", count: max(0, places + 1 - count)) + digits
        return padded.dropLast(places) + "." + padded.suffix(places)
    }

    private static func scientific(_ digits: String, exponent: Int) -> String {
        let point = digits.utf8.count > 1 ? "." : ""
        return digits.prefix(1) + point + digits.dropFirst() + "e" + (exponent < 0 ? "-" : "+")
            + String(exponent.magnitude)
    }

    // MARK: Rounded

    private static func rounded(_ fraction: Fraction) -> String {
        let nearest = fraction.nearestDouble
        if nearest.isNormal { return text(of: nearest) }
        return outOfRange(fraction)
    }

    /// Seventeen significant digits of a fraction that floating point cannot hold.
    private static func outOfRange(_ fraction: Fraction) -> String {
        let logarithm = fraction.numerator.magnitude.approximateLog2 - fraction.denominator.approximateLog2
        var exponent = Int((logarithm * log10(2)).rounded(.down))
        var scaled = scaled(fraction.magnitude, exponent: exponent)
        // The logarithm may be on the wrong side of a power of ten. How many digits there are before rounding tells, and
        // not how many after: 9.99…9 becomes 10 by rounding, too.
        let excess = scaled.floor.magnitude.decimalDigits.utf8.count - roundedDigits
        if excess != 0 {
            exponent += excess
            scaled = Self.scaled(fraction.magnitude, exponent: exponent)
        }
        let digits = scaled.roundedHalfToEven.magnitude.decimalDigits
        exponent += digits.utf8.count - roundedDigits
        let zeros = digits.utf8.reversed().prefix { $0 == UInt8(ascii: "0") }.count
        return (fraction.isNegative ? "-" : "") + scientific(String(digits.dropLast(zeros)), exponent: exponent)
    }

    /// Times a power of ten, so that as many digits as are written stand before the point; not in lowest terms.
    private static func scaled(_ fraction: Fraction, exponent: Int) -> Fraction {
        let shift = roundedDigits - 1 - exponent
        let power = BigUInt(10).raised(to: abs(shift))
        return shift >= 0
            ? Fraction(reduced: fraction.numerator.times(power), over: fraction.denominator)
            : Fraction(reduced: fraction.numerator, over: fraction.denominator.times(power))
    }
}
