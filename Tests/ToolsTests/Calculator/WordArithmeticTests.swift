import BigInt
import Testing

@testable import OrchTools

/// The calculator's own operations on words, beside the library's.
@Suite struct WordArithmeticTests {
    private struct Numbers {
        private var source: SeededSource

        init(seed: UInt64) { source = SeededSource(seed: seed) }

        /// Not zero. Many words are 0, 1, the highest bit or all bits, where carries and corrections are.
        mutating func next(words: Int) -> BigUInt {
            let edges: [UInt] = [0, 1, 1 << 63, .max, .max - 1]
            let count = 1 + source.below(words)
            let list = (0..<count).map { _ in source.below(2) == 0 ? UInt(source.next()) : edges[source.below(5)] }
            return max(1, BigUInt(words: list))
        }
    }

    @Test(arguments: [2, 5, 40, 300]) func `products, quotients and powers`(words: Int) {
        var numbers = Numbers(seed: UInt64(words))
        for _ in 0..<(6_000 / words) {
            let (a, b, c) = (numbers.next(words: words), numbers.next(words: words), numbers.next(words: words))
            let product = a.times(b)
            #expect(product == a * b)
            let (quotient, remainder) = (product + c).divided(by: b)
            #expect(quotient * b + remainder == product + c)
            #expect(remainder < b)
            #expect(BigUInt(0).divided(by: a) == (0, 0))
        }
        let base = numbers.next(words: 3)
        #expect(base.raised(to: 77) == base.power(77))
        #expect(base.raised(to: 0) == 1)
    }

    @Test(arguments: [2, 5, 40, 100]) func `greatest common divisors`(words: Int) {
        var numbers = Numbers(seed: UInt64(words))
        for _ in 0..<(2_000 / words) {
            let (a, b, c) = (numbers.next(words: words), numbers.next(words: words), numbers.next(words: words))
            #expect(commonDivisor(a, b) == a.greatestCommonDivisor(with: b))
            #expect(commonDivisor(a * c, b * c) == (a * c).greatestCommonDivisor(with: b * c))
        }
        // The longest run of Euclid's steps for its length.
        var (fibonacci, next): (BigUInt, BigUInt) = (1, 1)
        for _ in 0..<(words * 90) { (fibonacci, next) = (next, fibonacci + next) }
        #expect(commonDivisor(fibonacci, next) == 1)
    }

    /// Quotients around the largest that are done at once, those of a word, and those of more.
    @Test(arguments: [1, 19, 20, 21, 22, 23, 31, 32, 33, 42, 43, 62, 63, 64, 65, 127, 128, 200])
    func `greatest common divisors with large partial quotients`(bits: Int) {
        var numbers = Numbers(seed: UInt64(bits))
        var source = SeededSource(seed: UInt64(bits))
        for _ in 0..<200 {
            let divisor = numbers.next(words: 3)
            var (larger, smaller) = (divisor, BigUInt(0))
            for _ in 0...source.below(30) {
                let edge = BigUInt(1) << bits
                let quotients = [edge - 1, edge, edge + 1, edge + BigUInt(source.next()), 1, 2]
                (larger, smaller) = (source.pick(quotients) * larger + smaller, larger)
            }
            #expect(commonDivisor(larger, smaller) == divisor)
        }
    }

    private func commonDivisor(_ a: BigUInt, _ b: BigUInt) -> BigUInt {
        var pair = LehmerDivisor(larger: max(a, b).wordList, smaller: min(a, b).wordList)
        var length = pair.length
        while !pair.isShort {
            pair.shorten()
            #expect(pair.length <= length)
            length = pair.length
        }
        return BigUInt(words: pair.divisor)
    }

    @Test func `square roots are rounded down`() {
        var numbers = Numbers(seed: 3)
        for value in (0..<200).map({ BigUInt($0) }) + (0..<200).map({ _ in numbers.next(words: 40) }) {
            let root = value.floorSquareRoot
            #expect(root * root <= value)
            #expect((root + 1) * (root + 1) > value)
            #expect((value * value).floorSquareRoot == value)
        }
    }

    @Test func `decimal digits, there and back`() {
        var numbers = Numbers(seed: 4)
        let borders = [0, 1, 18, 19, 20, 38, 151, 152, 153, 304, 456, 608, 1_216, 5_000].flatMap { digits in
            let power = BigUInt(10).power(digits)
            return [power - 1, power, power + 1]
        }
        for value in borders + (0..<100).map({ _ in numbers.next(words: 200) }) {
            #expect(value.decimalDigits == String(value))
            #expect(BigUInt(decimalDigits: Array(String(value).utf8)[...]) == value)
        }
    }

    @Test func `products of ranges`() {
        var factorial = BigUInt(1)
        for number in 1...300 {
            factorial *= BigUInt(number)
            #expect(BigUInt.product(of: 1...number) == factorial)
        }
        #expect(BigUInt.product(of: 65_534...65_538) == (65_534...65_538).reduce(1) { $0 * BigUInt($1) })
    }
}
