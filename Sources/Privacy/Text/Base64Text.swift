/// Text that is wrapped in base64, by either alphabet (RFC 4648), with its padding or without.
enum Base64Text {
    static let alphabet = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")

    /// The text, or the longest beginning of it that is printable ASCII; nil where that is hardly any.
    ///
    /// Most of what looks like base64 is none: it is given up at the first byte that is no text.
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var decoded: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            guard let value = value(byte) else { break }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            let character = UInt8(truncatingIfNeeded: bits >> UInt32(count))
            guard isText(character) else { break }
            decoded.append(character)
        }
        return decoded.count >= 6 && decoded.count * 4 + 16 >= bytes.count * 3 / 2 ? decoded : nil
    }

    /// Whether the first three bytes are text: what most words fail at.
    static func mayBeText(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> Bool {
        guard let one = value(first), let two = value(second), let three = value(third), let four = value(fourth) else {
            return false
        }
        return isText(one << 2 | two >> 4) && isText(two << 4 | three >> 2) && isText(three << 6 | four)
    }

    private static func isText(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x47
        case 0x30...0x39: byte + 4
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
