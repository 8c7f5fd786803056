import BigInt

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension Arithmetic {
    func wholeNumber(_ value: Quantity) throws(CalculationError) -> BigInt {
        guard case .exact(let value) = value, let whole = value.whole else {
            throw failure(.wholeNumberExpected, "a whole number is expected")
        }
        return whole
    }

    /// Over several arguments; 0 is the neutral divisor, 1 the neutral multiple.
    mutating func folded(_ arguments: [Quantity], leastMultiple: Bool) throws(CalculationError) -> Quantity {
        var result: BigUInt = leastMultiple ? 1 : 0
        for argument in arguments {
            let value = try wholeNumber(argument).magnitude
            let divisor = try greatestCommonDivisor(result, value)
            if !leastMultiple {
                result = divisor
            } else if value.isZero {
                result = 0
            } else if !result.isZero {
                try payForQuotient(result, divisor)
                result = try product(result.divided(by: divisor).quotient, value)
            }
        }
        return .exact(try whole(BigInt(result)))
    }

    /// A few factors are a product of words, in lists of their own.
    private static let stepsPerFactor = 8

    mutating func factorial(_ value: BigInt) throws(CalculationError) -> Fraction {
        guard value.sign == .plus else {
            throw failure(.argumentOutOfRange, "the factorial of a negative number is not defined")
        }
        // n! has more digits than (n/e)^n.
        let estimate = Fraction(value).nearestDouble
        if estimate > 1, estimate * log10(estimate / Expression.Constant.e.value) > Double(limits.maximumDigits) {
            throw resultTooLarge
        }
        // More than the length of the result asks for: most factors are short.
        try payForPower(bits: estimate * log2(max(2, estimate)) * 1.5)
        try pay(Int(estimate), times: Self.stepsPerFactor)
        return try whole(BigInt(BigUInt.product(of: 1...max(1, Int(value)))))
    }
}
