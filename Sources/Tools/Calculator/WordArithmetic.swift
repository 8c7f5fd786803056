/// Multiplication and division on little-endian words, in time that the bounds of a calculation count on: the library's
/// are several times slower. Schoolbook methods, which are the best ones at the lengths that the bounds let through.
enum WordArithmetic {
    static func product(_ left: [UInt], _ right: [UInt]) -> [UInt] {
        var result = [UInt](repeating: 0, count: left.count + right.count)
        result.withUnsafeMutableBufferPointer { result in
            left.withUnsafeBufferPointer { left in
                for (place, factor) in right.enumerated() {
                    result[place + left.count] = addProduct(left, factor, to: result, at: place)
                }
            }
        }
        return result
    }

    /// Knuth's algorithm D (The Art of Computer Programming, 4.3.1): the quotient, and in `dividend` the remainder.
    ///
    /// The divisor has two words or more and its highest bit is set; the dividend is longer than it and less than the
    /// divisor shifted up to the dividend's last word.
    static func divide(_ dividend: inout [UInt], by divisor: ArraySlice<UInt>) -> [UInt] {
        let length = divisor.count
        let places = dividend.count - length
        var quotient = [UInt](repeating: 0, count: places)
        dividend.withUnsafeMutableBufferPointer { dividend in
            divisor.withUnsafeBufferPointer { divisor in
                for place in (0..<places).reversed() {
                    var digit = estimate(dividend, at: place + length, by: divisor)
                    let borrow = subtractProduct(divisor, digit, from: dividend, at: place)
                    let (rest, isTooMuch) = dividend[place + length].subtractingReportingOverflow(borrow)
                    dividend[place + length] = rest
                    if isTooMuch {
                        digit -= 1
                        dividend[place + length] &+= add(divisor, to: dividend, at: place)
                    }
                    quotient[place] = digit
                }
            }
        }
        return quotient
    }

    /// Takes a multiple of a number, shifted up by whole words, from one that is no less than that.
    static func subtract(_ row: [UInt], times factor: UInt, from difference: inout [UInt], at place: Int) {
        let top = place + row.count
        difference.withUnsafeMutableBufferPointer { difference in
            let borrow = row.withUnsafeBufferPointer { subtractProduct($0, factor, from: difference, at: place) }
            if top < difference.count { difference[top] -= borrow }
        }
    }

    /// By less than a word.
    static func shiftRight(_ words: inout [UInt], by shift: Int) {
        words.withUnsafeMutableBufferPointer { words in
            var carry: UInt = 0
            for index in words.indices.reversed() {
                let word = words[index]
                words[index] = word >> shift | carry
                carry = word << (UInt.bitWidth - shift)
            }
        }
    }

    // MARK: Rows

    private typealias Row = UnsafeBufferPointer<UInt>
    private typealias MutableRow = UnsafeMutableBufferPointer<UInt>

    /// The quotient's digit from the three highest words, at most 1 too large.
    private static func estimate(_ dividend: MutableRow, at top: Int, by divisor: Row) -> UInt {
        let (high, low) = (divisor[divisor.count - 1], divisor[divisor.count - 2])
        guard dividend[top] < high else { return .max }
        var (digit, rest) = high.dividingFullWidth((dividend[top], dividend[top - 1]))
        while true {
            let product = digit.multipliedFullWidth(by: low)
            guard (product.high, product.low) > (rest, dividend[top - 2]) else { return digit }
            digit -= 1
            let (sum, isBeyond) = rest.addingReportingOverflow(high)
            if isBeyond { return digit }
            rest = sum
        }
    }

    // Wide sums, since the compiler makes them free of branches: a carry is as often there as not.

    private static func addProduct(_ row: Row, _ factor: UInt, to sum: MutableRow, at place: Int) -> UInt {
        var carry: UInt = 0
        for index in 0..<row.count {
            // At most (2^64 - 1)² + 2 (2^64 - 1), which is 2^128 - 1.
            let wide =
                UInt128(row[index]) &* UInt128(factor) &+ UInt128(sum[place + index]) &+ UInt128(carry)
            sum[place + index] = UInt(truncatingIfNeeded: wide)
            carry = UInt(truncatingIfNeeded: wide &>> 64)
        }
        return carry
    }

    private static func subtractProduct(
        _ row: Row, _ factor: UInt, from difference: MutableRow, at place: Int
    ) -> UInt {
        var borrow: UInt = 0
        for index in 0..<row.count {
            let product = UInt128(row[index]) &* UInt128(factor) &+ UInt128(borrow)
            let rest = UInt128(difference[place + index]) &- product
            difference[place + index] = UInt(truncatingIfNeeded: rest)
            borrow = 0 &- UInt(truncatingIfNeeded: rest &>> 64)
        }
        return borrow
    }

    private static func add(_ row: Row, to sum: MutableRow, at place: Int) -> UInt {
        var carry: UInt = 0
        for index in 0..<row.count {
            let wide = UInt128(row[index]) &+ UInt128(sum[place + index]) &+ UInt128(carry)
            sum[place + index] = UInt(truncatingIfNeeded: wide)
            carry = UInt(truncatingIfNeeded: wide &>> 64)
        }
        return carry
    }
}
