/// Base 64 with padding (RFC 4648 section 4), read strictly.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    package static func encode(_ bytes: some Collection<UInt8>) -> String { encode(Array(bytes)) }

    package static func encode(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text in
            var place = 0
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let left = bytes.count - start
                let bits =
                    UInt32(bytes[start]) << 16 | (left > 1 ? UInt32(bytes[start + 1]) << 8 : 0)
                    | (left > 2 ? UInt32(bytes[start + 2]) : 0)
                for digit in 0..<4 {
                    text[place] =
                        digit <= left ? alphabet[Int(bits >> UInt32(18 - 6 * digit)) & 0x3F] : UInt8(ascii: "=")
                    place += 1
                }
            }
            return place
        }
    }

    /// The bytes of a text that ``encode(_:)`` could have written; nil for any other. White space, a missing or
    /// superfluous padding, and bits beyond the last byte are refused, so that no two texts mean the same bytes.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 4) else { return nil }
        let padding = digits.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for digit in digits.dropLast(padding) {
            let value = values[Int(digit)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        guard bits & (1 << UInt32(count) - 1) == 0 else { return nil }
        return bytes
    }

    /// Whether ``decode(_:)`` would take a text.
    package static func isValid(_ text: String.UTF8View) -> Bool {
        var (digits, padding) = (0, 0)
        var last: UInt8 = 0
        for byte in text {
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let value = values[Int(byte)]
            guard padding == 0, value < 64 else { return false }
            last = value
            digits += 1
        }
        guard (digits + padding).isMultiple(of: 4) else { return false }
        return switch padding {
        case 0: true
        case 1: last & 0b11 == 0
        case 2: last & 0b1111 == 0
        default: false
        }
    }
}
