/// The natural logarithm by basic arithmetic in a fixed order: the same bits on every machine, which the platform's
/// own does not promise.
enum FixedLogarithm {
    /// To within 1e-15 or so of the number itself; of 0 and less, and of what is not finite, 0.
    static func of(_ number: Double) -> Double {
        guard number > 0, number.isFinite else { return 0 }
        var fraction = number.significand
        var exponent = Double(number.exponent)
        if fraction > 1.414_213_562_373_095 {
            fraction /= 2
            exponent += 1
        }
        // ln f = 2 artanh((f - 1) / (f + 1)) with at most 0.1716 in the brackets: 0.1716^23 / 23 is below 1e-18.
        let root = (fraction - 1) / (fraction + 1)
        let square = root * root
        var sum = 0.0
        for divisor in stride(from: 21, through: 1, by: -2) { sum = sum * square + 1 / Double(divisor) }
        return exponent * 0.693_147_180_559_945_3 + 2 * root * sum
    }
}
