/// The greatest common divisor by Lehmer's method, with Collins' condition for when to stop (Jebelean, A
/// Double-Digit Lehmer-Euclid Algorithm, 1995, section 4.2): Euclid's steps are done on the highest words until these
/// may no longer stand for the numbers, about 32 bits at a time, and then on the numbers at once.
///
/// It goes in rounds, so that whoever counts can do so before each.
struct LehmerDivisor {
    /// Without zeros at the top; `larger` is not the lesser one.
    private var larger: [UInt]
    private var smaller: [UInt]

    /// - Parameters:
    ///   - larger: words of a number, lowest first, without zeros at the top.
    ///   - smaller: those of one that is not larger, and not zero.
    init(larger: [UInt], smaller: [UInt]) {
        self.larger = larger
        self.smaller = smaller
    }

    /// Words that a round, or the division by the last word, goes over.
    var length: Int { larger.count }

    /// Whether rounds have made the lesser number one of a word, or zero.
    var isShort: Bool { smaller.count <= 1 }

    /// Makes both numbers shorter, by about half a word; their divisors stay the same.
    mutating func shorten() {
        let steps = simulated()
        if steps.isNone {
            subtractMultiple()
        } else {
            apply(steps)
        }
    }

    /// Of numbers that are short.
    var divisor: [UInt] {
        guard let last = smaller.first else { return larger }
        let rest = larger.reversed().reduce(0) { last.dividingFullWidth(($0, $1)).remainder }
        return [Self.of(last, rest)]
    }

    /// Euclid's method, on words.
    static func of(_ left: UInt, _ right: UInt) -> UInt {
        var (a, b) = (left, right)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    // MARK: Several steps at once

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
        var (a, b) = (Self.window(larger, at: top, zeros), Self.window(smaller, at: top, zeros))
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

    // MARK: One step, or a part of it

    /// Takes a multiple of `smaller` from `larger`: what a division would take, or a little less of it, where the
    /// quotient is too large for a step of ``apply(_:)``. What is left to take is taken in the next round.
    private mutating func subtractMultiple() {
        let (factor, place) = quotientDigit()
        WordArithmetic.subtract(smaller, times: factor, from: &larger, at: place)
        Self.trim(&larger)
        if Self.isLess(larger, smaller) { swap(&larger, &smaller) }
    }

    /// The quotient's highest word and its place, from the numbers' highest words; never too large, and not zero.
    private func quotientDigit() -> (digit: UInt, place: Int) {
        let top = larger.count - 1
        let zeros = smaller[smaller.count - 1].leadingZeroBitCount
        // One more than the highest bits of the divisor, so that the quotient is not too large.
        let (divisor, isPower) = Self.window(smaller, at: smaller.count - 1, zeros).addingReportingOverflow(1)
        var high = larger[top] >> (UInt.bitWidth - zeros)
        var low = Self.window(larger, at: top, zeros)
        var place = larger.count - smaller.count
        while true {
            let digit = isPower ? high : divisor.dividingFullWidth((high, low)).quotient
            if digit > 0 { return (digit, place) }
            // Of equal length, and close to each other.
            if place == 0 { return (1, 0) }
            place -= 1
            (high, low) = (low, Self.window(larger, at: top - 1, zeros))
        }
    }

    // MARK: Words

    /// The word at a place, with as many bits of the one below it as leave out bits at its top.
    private static func window(_ words: [UInt], at place: Int, _ bits: Int) -> UInt {
        let high = place < words.count ? words[place] << bits : 0
        let low = place > 0 && place - 1 < words.count ? words[place - 1] >> (UInt.bitWidth - bits) : 0
        return high | low
    }

    private static func isLess(_ left: [UInt], _ right: [UInt]) -> Bool {
        guard left.count == right.count else { return left.count < right.count }
        for index in left.indices.reversed() where left[index] != right[index] { return left[index] < right[index] }
        return false
    }

    private static func trim(_ words: inout [UInt]) {
        while words.last == 0 { words.removeLast() }
    }
}
