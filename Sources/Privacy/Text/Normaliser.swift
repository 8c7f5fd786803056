/// Takes off what hides a secret from a pattern: characters without width, digits and signs in other clothes, percent
/// signs. It changes what detectors see, never what is written out.
///
/// Only what stands for one ASCII byte is changed, and never into a blank or a quotation mark, so that a URL with
/// `%20` in it stays one word.
struct Normaliser {
    /// Characters without width that are taken off behind one byte. More of them stay, so that a span of a normalised
    /// text cannot stand for any length of text.
    private static let maximumRemoved = 16

    private var removed = 0

    enum Step: Equatable {
        /// The bytes from `at` on stand for one byte, or for none.
        case change(at: Int, width: Int, byte: UInt8?)
        /// What begins at `at` is cut off.
        case incomplete(at: Int)
        case end
    }

    /// The next thing to change.
    ///
    /// - Parameter isLast: Whether nothing comes behind these bytes.
    mutating func next(in raw: UnsafeRawBufferPointer, from start: Int, isLast: Bool) -> Step {
        var index = start
        while true {
            let special = Self.firstSpecial(in: raw, from: index)
            if special > index { removed = 0 }
            guard special < raw.count else { return .end }
            index = special
            if raw[index] == UInt8(ascii: "%") {
                switch Self.percent(in: raw, at: index, isLast: isLast) {
                case .incomplete: return .incomplete(at: index)
                case .none: index += 1
                case .byte(let byte, let width):
                    removed = 0
                    return .change(at: index, width: width, byte: byte)
                }
                removed = 0
                continue
            }
            let width = Self.width(raw[index])
            guard index + width <= raw.count else {
                if !isLast { return .incomplete(at: index) }
                index += 1
                continue
            }
            guard (index + 1..<index + width).allSatisfy({ raw[$0] & 0xC0 == 0x80 }) else {
                removed = 0
                index += 1
                continue
            }
            switch Substitution.of(raw, at: index, width: width) {
            case .keep:
                removed = 0
                index += width
            case .drop where removed >= Self.maximumRemoved:
                index += width
            case .drop:
                removed += 1
                return .change(at: index, width: width, byte: nil)
            case .byte(let byte):
                removed = 0
                return .change(at: index, width: width, byte: byte)
            }
        }
    }

    /// The first byte that is not plain ASCII, or a percent sign.
    private static func firstSpecial(in raw: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        let highBits: UInt64 = 0x8080_8080_8080_8080
        while index + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // A byte of `other` is 0 where the word has a percent sign.
            let other = word ^ 0x2525_2525_2525_2525
            guard (word | ((other &- 0x0101_0101_0101_0101) & ~other)) & highBits == 0 else { break }
            index += 8
        }
        while index < raw.count, raw[index] < 0x80, raw[index] != UInt8(ascii: "%") { index += 1 }
        return index
    }

    /// The bytes of a UTF-8 sequence by its first; 1 for what begins none.
    private static func width(_ lead: UInt8) -> Int {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }

    private enum Percent {
        case none
        case incomplete
        case byte(UInt8, width: Int)
    }

    /// Reads `%41`, and `%2541`, which is the same wrapped twice.
    private static func percent(in raw: UnsafeRawBufferPointer, at start: Int, isLast: Bool) -> Percent {
        var digits = start + 1
        for _ in 0..<4 {
            var value: UInt8 = 0
            for place in digits..<digits + 2 {
                guard place < raw.count else { return isLast ? .none : .incomplete }
                guard let digit = hexadecimal(raw[place]) else { return .none }
                value = value << 4 | digit
            }
            digits += 2
            guard value == UInt8(ascii: "%") else {
                return Self.unwrapped.contains(value) ? .byte(value, width: digits - start) : .none
            }
        }
        return .none
    }

    private static let unwrapped = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~@+=/:|")

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
