/// The functions that calibration needs, in double precision: by series, in steps that IEEE 754 defines, so that they
/// give the same bits everywhere. Off by 1e-15 of their value at most.
enum FixedReals {
    /// e to the power of a value; 0 below -700, and that of 700 above it.
    static func exponential(_ value: Double) -> Double {
        guard value > -700 else { return 0 }
        let value = value < 700 ? value : 700
        let whole = (value * 1.4426950408889634).rounded(.toNearestOrEven)
        // ln 2 in two parts, the first with few enough bits that its product is exact.
        let rest = (value - whole * 0.693147180369123816490) - whole * 1.90821492927058770002e-10
        var sum = 1.0
        for divisor in stride(from: 14.0, through: 1, by: -1) { sum = sum * rest / divisor + 1 }
        return sum * Double(sign: .plus, exponent: Int(whole), significand: 1)
    }

    /// The natural logarithm of a normal value above 0.
    static func logarithm(_ value: Double) -> Double {
        var exponent = Double(value.exponent)
        var significand = value.significand
        if significand > 1.4142135623730951 {
            significand = significand / 2
            exponent = exponent + 1
        }
        // 2·artanh(t), whose series in t² has the odd numbers below.
        let t = (significand - 1) / (significand + 1)
        let square = t * t
        var sum = 0.0
        for odd in stride(from: 25.0, through: 1, by: -2) { sum = sum * square + 1 / odd }
        return exponent * 0.693147180369123816490 + (2 * t * sum + exponent * 1.90821492927058770002e-10)
    }

    /// 1/(1 + e^-x).
    static func logistic(_ value: Double) -> Double {
        if value >= 0 { return 1 / (1 + exponential(-value)) }
        let power = exponential(value)
        return power / (1 + power)
    }

    /// ln(1 + e^x).
    static func softplus(_ value: Double) -> Double {
        let tail = logarithm(1 + exponential(value > 0 ? -value : value))
        return value > 0 ? value + tail : tail
    }

    /// To four decimal places, halves away from zero.
    static func toFourPlaces(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
