/// Bounds of one calculation; each has an error of its own.
package struct CalculatorLimits: Sendable, Hashable {
    /// UTF-8 bytes of an expression.
    package var maximumExpressionBytes = 1_000
    /// Levels of parentheses, calls, signs and right-hand sides of `**` inside each other.
    package var maximumNestingDepth = 64
    /// Decimal digits of any whole number, intermediate ones too; estimated before it is computed.
    package var maximumDigits = 10_000
    /// Exponent of a whole number raised to a whole number, unless the base is -1, 0 or 1.
    package var maximumExponent = 100_000
    /// Bits of the numerator, and of the denominator, of an exact fraction.
    package var maximumFractionBits = 16_384
    /// Exponents of fractions, and negative ones, up to this are computed exactly, if the result has at most a quarter of
    /// `maximumFractionBits`, or, for whole numbers, all of them; all others in floating point.
    package var maximumExactFractionExponent = 1_000
    /// Digits that `round` may be asked to keep or to drop.
    package var maximumRoundingDigits = 1_000
    /// Steps on 64-bit words that all operations of an expression may take together, estimated before each.
    package var maximumSteps = 1_500_000

    package init() {}
}
