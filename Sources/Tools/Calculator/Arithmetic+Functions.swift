import BigInt

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension Arithmetic {
    /// Calls a function; the parser has seen to it that the number of arguments is right.
    mutating func call(
        _ function: CalculatorFunction, _ arguments: [Quantity]
    ) throws(CalculationError) -> Quantity {
        guard let first = arguments.first else {
            throw failure(.wrongArgumentCount, "wrong number of arguments")
        }
        let second = arguments.count > 1 ? arguments[1] : nil
        switch function {
        case .abs: return first.magnitude
        case .floor, .ceil, .trunc: return .exact(try whole(try rounded(first, function)))
        case .round: return try rounded(first, toDigits: second)
        case .min: return try extreme(arguments, largest: false)
        case .max: return try extreme(arguments, largest: true)
        case .mod: return try remainder(first, try required(second))
        case .gcd, .lcm: return try folded(arguments, leastMultiple: function == .lcm)
        case .factorial: return .exact(try factorial(try wholeNumber(first)))
        case .isqrt: return .exact(Fraction(try wholeSquareRoot(try wholeNumber(first))))
        case .sqrt: return try squareRoot(first)
        case .hypot: return try hypotenuse(arguments)
        case .ln: return .approximate(try naturalLogarithm(first))
        case .log2: return .approximate(try logarithm(first, log2, perDoubling: 1))
        case .log10: return .approximate(try logarithm(first, log10, perDoubling: log10(2)))
        case .log:
            guard let second else { return .approximate(try naturalLogarithm(first)) }
            return try logarithm(first, base: second)
        case .atan2: return try real(atan2(try double(first), try double(try required(second))))
        case .asin, .acos: return try arc(function, try double(first))
        case .exp: return try real(exp(try double(first)))
        case .cbrt: return try real(cbrt(try double(first)))
        case .sin: return try real(sin(try double(first)))
        case .cos: return try real(cos(try double(first)))
        case .tan: return try real(tan(try double(first)))
        case .atan: return try real(atan(try double(first)))
        case .degrees: return try real(try double(first) * (180 / .pi))
        case .radians: return try real(try double(first) * (.pi / 180))
        }
    }

    private func required(_ argument: Quantity?) throws(CalculationError) -> Quantity {
        guard let argument else { throw failure(.wrongArgumentCount, "wrong number of arguments") }
        return argument
    }
}
