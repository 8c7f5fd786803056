import BigInt

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension Arithmetic {
    mutating func wholeSquareRoot(_ value: BigInt) throws(CalculationError) -> BigInt {
        guard value.sign == .plus else { throw notReal }
        return BigInt(try squareRoot(value.magnitude))
    }

    /// A square of half the length, and divisions of lengths that double.
    mutating func squareRoot(_ value: BigUInt) throws(CalculationError) -> BigUInt {
        try pay(value.wordCount * value.wordCount + Self.stepsPerRoot)
        return value.floorSquareRoot
    }

    /// Exact where numerator and denominator are squares, else rounded to the nearest floating-point number.
    mutating func squareRoot(_ value: Quantity) throws(CalculationError) -> Quantity {
        guard !value.isNegative else { throw notReal }
        guard case .exact(let value) = value else { return .approximate(try double(value).squareRoot()) }
        let numerator = try squareRoot(value.numerator.magnitude)
        let denominator = try squareRoot(value.denominator)
        try payForProduct(numerator, numerator)
        try payForProduct(denominator, denominator)
        if numerator.times(numerator) == value.numerator.magnitude, denominator.times(denominator) == value.denominator
        {
            return .exact(Fraction(reduced: BigInt(numerator), over: denominator))
        }
        try payForNearest(value)
        return try real(value.squareRoot)
    }

    /// The root of the exact sum of squares.
    mutating func hypotenuse(_ arguments: [Quantity]) throws(CalculationError) -> Quantity {
        var sum = Quantity.exact(Fraction(0))
        var isExact = true
        for argument in arguments {
            if case .approximate = argument { isExact = false }
            let value = Quantity.exact(exact(argument))
            sum = try add(sum, try multiply(value, value))
        }
        let root = try squareRoot(sum)
        return isExact ? root : .approximate(try double(root))
    }

    mutating func naturalLogarithm(_ value: Quantity) throws(CalculationError) -> Double {
        try logarithm(value, log, perDoubling: log(2))
    }

    /// A logarithm, also of exact numbers that floating point cannot hold.
    mutating func logarithm(
        _ value: Quantity, _ function: (Double) -> Double, perDoubling: Double
    ) throws(CalculationError) -> Double {
        guard !value.isZero, !value.isNegative else {
            throw failure(.argumentOutOfRange, "the logarithm is defined for positive numbers only")
        }
        switch value {
        case .approximate(let value): return function(value)
        case .exact(let value):
            try payForNearest(value)
            let nearest = value.nearestDouble
            if nearest.isNormal { return function(nearest) }
            let excess = value.numerator.magnitude.bitWidth - value.denominator.bitWidth
            let scaled =
                excess > 0
                ? Fraction(reduced: value.numerator, over: value.denominator << excess)
                : Fraction(reduced: value.numerator << -excess, over: value.denominator)
            return function(scaled.nearestDouble) + Double(excess) * perDoubling
        }
    }

    mutating func logarithm(_ value: Quantity, base: Quantity) throws(CalculationError) -> Quantity {
        if base == .exact(Fraction(2)) { return .approximate(try logarithm(value, log2, perDoubling: 1)) }
        if base == .exact(Fraction(10)) { return .approximate(try logarithm(value, log10, perDoubling: log10(2))) }
        let numerator = try naturalLogarithm(value)
        let denominator = try naturalLogarithm(base)
        guard denominator != 0 else {
            throw failure(.argumentOutOfRange, "1 is not a base of logarithms")
        }
        return try real(numerator / denominator)
    }

    func arc(_ function: CalculatorFunction, _ value: Double) throws(CalculationError) -> Quantity {
        guard value.magnitude <= 1 else {
            throw failure(.argumentOutOfRange, "the argument must be between -1 and 1")
        }
        return try real(function == .asin ? asin(value) : acos(value))
    }
}
