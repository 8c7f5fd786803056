import BigInt

/// The operations whose time matters, each in place of the library's own.
extension BigUInt {
    func times(_ other: BigUInt) -> BigUInt {
        let (left, right) = (words.count, other.words.count)
        if left <= 1 || right <= 1 { return self * other }
        return BigUInt(words: WordArithmetic.product(wordList, other.wordList))
    }

    /// For a divisor that is not zero.
    func divided(by divisor: BigUInt) -> (quotient: BigUInt, remainder: BigUInt) {
        if divisor.words.count <= 1 || bitWidth < divisor.bitWidth { return quotientAndRemainder(dividingBy: divisor) }
        let shift = divisor.leadingZeroBitCount
        var dividend = words(shiftedBy: shift)
        let quotient = WordArithmetic.divide(&dividend, by: divisor.words(shiftedBy: shift).dropLast())
        WordArithmetic.shiftRight(&dividend, by: shift)
        return (BigUInt(words: quotient), BigUInt(words: dividend))
    }

    /// This number raised to a power, without the last squaring that is not needed.
    func raised(to exponent: Int) -> BigUInt {
        var result = BigUInt(1)
        for bit in (0..<(Int.bitWidth - exponent.leadingZeroBitCount)).reversed() {
            result = result.times(result)
            if exponent >> bit & 1 == 1 { result = result.times(self) }
        }
        return result
    }

    /// The square root rounded down: the root of the highest bits, then twice as many bits with each division (as
    /// CPython's `math.isqrt`, whose source holds the proof).
    var floorSquareRoot: BigUInt {
        guard !isZero else { return 0 }
        let half = (bitWidth - 1) / 2
        var root = BigUInt(1)
        var known = 0
        for shift in (0..<(Int.bitWidth - half.leadingZeroBitCount)).reversed() {
            let before = known
            known = half >> shift
            let quotient = (self >> (2 * half - before - known + 1)).divided(by: root).quotient
            root = (root << (known - before - 1)) + quotient
        }
        return root.times(root) > self ? root - 1 : root
    }

    /// The product of all whole numbers of a range that begins at 1 or later.
    static func product(of factors: ClosedRange<Int>) -> BigUInt {
        BigUInt(words: productWords(of: factors))
    }

    /// By halves of the range, so that most products are of numbers of the same length.
    private static func productWords(of factors: ClosedRange<Int>) -> [UInt] {
        // Four of 16 bits fit into a word.
        if factors.count <= 4, factors.upperBound < 1 << 16 { return [factors.reduce(1) { $0 * UInt($1) }] }
        if factors.count == 1 { return [UInt(factors.lowerBound)] }
        let middle = factors.lowerBound + factors.count / 2
        let (low, high) = (factors.lowerBound...(middle - 1), middle...factors.upperBound)
        var words = WordArithmetic.product(productWords(of: low), productWords(of: high))
        while words.last == 0 { words.removeLast() }
        return words
    }

    /// The words of this number times a power of two less than that of a word, and one word more.
    private func words(shiftedBy shift: Int) -> [UInt] {
        let words = words
        return [UInt](unsafeUninitializedCapacity: words.count + 1) { list, count in
            count = words.count + 1
            var carry: UInt = 0
            for index in 0..<(count - 1) {
                let word = words[index]
                list.initializeElement(at: index, to: word << shift | carry)
                carry = word >> (UInt.bitWidth - shift)
            }
            list.initializeElement(at: count - 1, to: carry)
        }
    }

    /// The words, lowest first, without zeros at the top.
    var wordList: [UInt] {
        let words = words
        return [UInt](unsafeUninitializedCapacity: words.count) { list, count in
            count = words.count
            for index in 0..<count { list.initializeElement(at: index, to: words[index]) }
        }
    }
}
