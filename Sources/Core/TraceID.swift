/// The identity of a trace: a UUID of version 7 (RFC 9562), so that identities sort by the time they were made.
package struct TraceID: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// Makes an identity from a moment and 74 random bits.
    package init(at moment: Timestamp, random: (UInt64, UInt64)) {
        let milliseconds = UInt64(max(0, moment.microseconds / 1000))
        let high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
        let low = random.1 & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        description = String(unsafeUninitializedCapacity: 36) { buffer in
            var offset = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    buffer[offset] = UInt8(ascii: "-")
                    offset += 1
                }
                let word = index < 8 ? high : low
                let byte = UInt8(truncatingIfNeeded: word >> UInt64(56 - index % 8 * 8))
                buffer[offset] = Hexadecimal.digit(byte >> 4)
                buffer[offset + 1] = Hexadecimal.digit(byte & 0xF)
                offset += 2
            }
            return offset
        }
    }

    /// Reads an identity; nil unless it is a UUID in lower-case text.
    package init?(_ text: String) {
        let utf8 = Array(text.utf8)
        guard utf8.count == 36 else { return nil }
        for (index, byte) in utf8.enumerated() {
            let isDash = index == 8 || index == 13 || index == 18 || index == 23
            let isDigit = (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
            guard isDash ? byte == UInt8(ascii: "-") : isDigit else { return nil }
        }
        description = text
    }

    /// The moment in it, in milliseconds since the Unix epoch; nil for a UUID of another version.
    package var milliseconds: Int64? {
        let digits = description.utf8.filter { $0 != UInt8(ascii: "-") }
        guard digits[12] == UInt8(ascii: "7") else { return nil }
        return digits[..<12].reduce(0) { $0 << 4 | Int64(Hexadecimal.value($1) ?? 0) }
    }

    /// Makes an identity from the system's randomness.
    package static func generate(at moment: Timestamp) -> TraceID {
        TraceID(at: moment, random: (RandomBytes.word(), RandomBytes.word()))
    }
}
