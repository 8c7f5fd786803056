/// Names of hosts with at least one dot.
enum DomainName {
    /// Endings of files, not of domains: `icon@2x.png`.
    private static func isFile(_ ending: UnsafeBufferPointer<UInt8>) -> Bool {
        guard ending.count <= 4 else { return false }
        var word: UInt32 = 0
        for byte in ending { word = word << 8 | UInt32(Byte.lowercased(byte)) }
        switch word {
        // png, jpg, jpeg, gif, svg, webp
        case 0x706E67, 0x6A7067, 0x6A70_6567, 0x676966, 0x737667, 0x7765_6270: return true
        // css, js, ts, html, so
        case 0x637373, 0x6A73, 0x7473, 0x6874_6D6C, 0x736F: return true
        default: return false
        }
    }

    /// The end of the domain name that begins here: labels of up to 63 bytes, the last of letters, or of punycode.
    static func end(from start: Int, in text: inout Probe) -> Int? {
        var index = start
        var lastDot: Int?
        var end: Int?
        while index < start + 253 {
            let label = index
            while index < label + 64, isLabel(text[index]) { index += 1 }
            guard index > label, index - label < 64, text[label] != UInt8(ascii: "-") else { break }
            if let lastDot, isTopLevel(lastDot + 1..<index, in: &text) { end = index }
            guard text[index] == UInt8(ascii: ".") else { break }
            lastDot = index
            index += 1
        }
        guard let end else { return nil }
        // A name that goes on behind its last good label is another thing, save after a full stop.
        return end == index || text[end] == UInt8(ascii: ".") ? end : nil
    }

    static func isLabel(_ byte: UInt8) -> Bool {
        Byte.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || Byte.isBeyondASCII(byte)
    }

    private static func isTopLevel(_ range: Range<Int>, in text: inout Probe) -> Bool {
        guard range.count >= 2 else { return false }
        if text.matches("xn--", at: range.lowerBound) { return true }
        for index in range where !Byte.isLetter(text[index]) && !Byte.isBeyondASCII(text[index]) { return false }
        return !isFile(text.bytes(range))
    }
}
