/// Names of hosts with at least one dot.
enum DomainName {
    /// Endings of files, not of domains: `icon@2x.png`.
    private static let files = ["png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "html", "so"]
        .map { Array($0.utf8) }

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
        let label = text.bytes(range)
        return !files.contains { $0.count == label.count && zip($0, label).allSatisfy { $0 == Byte.lowercased($1) } }
    }
}
