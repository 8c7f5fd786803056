import BigInt

extension BigUInt {
    /// Decimal digits in a word, and what they count to.
    private static let digitsPerWord = 19
    private static let wordOfDigits: UInt = 10_000_000_000_000_000_000
    /// A run of digits up to this is written word by word; a longer one is split by a power of ten.
    private static let shortDigits = 8 * digitsPerWord

    /// The number that ASCII digits stand for.
    init(decimalDigits digits: ArraySlice<UInt8>) {
        self.init()
        var rest = digits
        while !rest.isEmpty {
            let run = rest.prefix(Self.digitsPerWord)
            rest = rest.dropFirst(Self.digitsPerWord)
            var (value, scale): (UInt, UInt) = (0, 1)
            for digit in run {
                value = value * 10 + UInt(digit - UInt8(ascii: "0"))
                scale *= 10
            }
            if isZero {
                self = BigUInt(value)
            } else {
                multiply(byWord: scale)
                self += BigUInt(value)
            }
        }
    }

    var decimalDigits: String {
        if bitWidth <= UInt.bitWidth { return String(UInt(truncatingIfNeeded: self)) }
        var powers: [BigUInt] = []
        var power = BigUInt(10).raised(to: Self.shortDigits)
        while power.bitWidth <= bitWidth {
            powers.append(power)
            // The square is longer than this number.
            if power.bitWidth * 2 - 1 > bitWidth { break }
            power = power.times(power)
        }
        var text: [UInt8] = []
        appendDigits(to: &text, powers[...])
        let zeros = text.prefix { $0 == UInt8(ascii: "0") }.count
        return String(decoding: text.dropFirst(Swift.min(zeros, text.count - 1)), as: UTF8.self)
    }

    /// With zeros in front, as many digits as two numbers below the last power have together.
    private func appendDigits(to text: inout [UInt8], _ powers: ArraySlice<BigUInt>) {
        guard let power = powers.last else { return appendShortDigits(to: &text) }
        let (high, low) = divided(by: power)
        high.appendDigits(to: &text, powers.dropLast())
        low.appendDigits(to: &text, powers.dropLast())
    }

    private func appendShortDigits(to text: inout [UInt8]) {
        var words = wordList
        var place = text.count + Self.shortDigits
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Self.shortDigits))
        while !words.isEmpty {
            var remainder: UInt = 0
            for index in words.indices.reversed() {
                (words[index], remainder) = Self.wordOfDigits.dividingFullWidth((remainder, words[index]))
            }
            while words.last == 0 { words.removeLast() }
            for _ in 0..<Self.digitsPerWord {
                place -= 1
                text[place] += UInt8(remainder % 10)
                remainder /= 10
            }
        }
    }
}
