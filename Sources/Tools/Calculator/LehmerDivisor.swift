/// The greatest common divisor by Lehmer's method, with Collins' condition for when to stop (Jebelean, A
/// Double-Digit Lehmer-Euclid Algorithm, 1995, section 4.2): Euclid's steps are done on the highest words until these
/// may no longer stand for the numbers, about 32 bits at a time, and then on the numbers at once.
struct LehmerDivisor {
    /// Without zeros at the top; `larger` is not the lesser one.
    private var larger: [UInt]
    private var smaller: [UInt]

    /// - Parameters:
    ///   - larger: words of a number, lowest first, without zeros at the top.
    ///   - smaller: those of one that is not larger, and not zero.
    ///   - remainder: what a division of numbers of more than a word leaves, without zeros at the top.
    static func of(
        _ larger: [UInt], _ smaller: [UInt], remainder: ([UInt], [UInt]) -> [UInt]
    ) -> [UInt] {
        var pair = LehmerDivisor(larger: larger, smaller: smaller)
        while pair.smaller.count > 1 {
            let steps = pair.simulated()
            if steps.isNone {
                (pair.larger, pair.smaller) = (pair.smaller, remainder(pair.larger, pair.smaller))
            } else {
                pair.apply(steps)
            }
        }
        guard let last = pair.smaller.first else { return pair.larger }
        return [of(last, Self.remainder(of: pair.larger, by: last))]
    }

    /// Euclid's method, on words.
    static func of(_ left: UInt, _ right: UInt) -> UInt {
        var (a, b) = (left, right)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    private static func remainder(of words: [UInt], by divisor: UInt) -> UInt {
        words.reversed().reduce(0) { divisor.dividingFullWidth(($0, $1)).remainder }
    }

    /// Several steps of Euclid's in one: the new numbers are the differences of the old ones' multiples.
    private struct Steps {
        /// Multiples of `larger` and `smaller` that make the new `larger`, then those that make the new `smaller`.
        var first: (UInt, UInt) = (0, 0)
        var second: (UInt, UInt) = (1, 0)
        var isEven = false

        var isNone: Bool { first.1 == 0 }
    }

    private func simulated() -> Steps {
        var steps = Steps()
        var next: (UInt, UInt) = (0, 1)
        let top = larger.count - 1
        let zeros = larger[top].leadingZeroBitCount
        func window(_ words: [UInt]) -> UInt {
            let high = top < words.count ? words[top] << zeros : 0
            let low = top - 1 < words.count ? words[top - 1] >> (UInt.bitWidth - zeros) : 0
            return high | low
        }
        var (a, b) = (window(larger), window(smaller))
        // Neither overflows: the multiples stay below the numbers' highest words.
        while b >= next.1, a - b >= steps.second.1 + next.1 {
            let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
            (a, b) = (b, rest)
            let following = (steps.second.0 + quotient * next.0, steps.second.1 + quotient * next.1)
            (steps.first, steps.second, next) = (steps.second, next, following)
            steps.isEven.toggle()
        }
        return steps
    }

    private mutating func apply(_ steps: Steps) {
        let count = larger.count
        smaller.append(contentsOf: repeatElement(0, count: count - smaller.count))
        let sign: Int128 = steps.isEven ? 1 : -1
        // Half a word each, so that a word's multiple, with what is carried, has room.
        let first = (sign * Int128(steps.first.0), -sign * Int128(steps.first.1))
        let second = (-sign * Int128(steps.second.0), sign * Int128(steps.second.1))
        larger.withUnsafeMutableBufferPointer { larger in
            smaller.withUnsafeMutableBufferPointer { smaller in
                var (firstCarry, secondCarry): (Int128, Int128) = (0, 0)
                for index in 0..<count {
                    let (a, b) = (Int128(larger[index]), Int128(smaller[index]))
                    firstCarry &+= first.0 &* a &+ first.1 &* b
                    secondCarry &+= second.0 &* a &+ second.1 &* b
                    larger[index] = UInt(truncatingIfNeeded: firstCarry)
                    smaller[index] = UInt(truncatingIfNeeded: secondCarry)
                    firstCarry &>>= 64
                    secondCarry &>>= 64
                }
            }
        }
        Self.trim(&larger)
        Self.trim(&smaller)
    }

    private static func trim(_ words: inout [UInt]) {
        while words.last == 0 { words.removeLast() }
    }

    private init(larger: [UInt], smaller: [UInt]) {
        self.larger = larger
        self.smaller = smaller
    }
}
