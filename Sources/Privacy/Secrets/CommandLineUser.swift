/// `-u user:password` of curl and its like.
enum CommandLineUser {
    static let detector = Detector(
        "curl-auth-user", .secret, confidence: Confidence.strong,
        [.literal("-u", match), .literal("--user", match)])

    private static let match: Matcher = { text, hit, report in
        let before = text[hit.lowerBound - 1]
        guard before == 0 || Byte.isSpace(before) else { return }
        var start = hit.upperBound
        if text[start] == UInt8(ascii: "=") { start += 1 } else { start = text.skipSpaces(start, limit: 5) }
        guard start > hit.upperBound, let end = end(from: start, in: &text), follows(hit.lowerBound, in: &text) else {
            return
        }
        report.add(start..<end)
    }

    /// The end of a user, a colon and a password, quoted as a whole, in parts, or not at all.
    private static func end(from start: Int, in text: inout Probe) -> Int? {
        var index = start
        var quote: UInt8 = 0
        var colon: Int?
        while index < start + 200 {
            let byte = text[index]
            if quote != 0, byte == quote {
                quote = 0
            } else if quote == 0, Byte.isQuote(byte) {
                quote = byte
            } else if byte == 0 || byte == 0x0A || (quote == 0 && Byte.isSpace(byte)) {
                break
            } else if byte == UInt8(ascii: ":"), colon == nil {
                colon = index
            }
            index += 1
        }
        guard quote == 0, let colon, colon > start else { return nil }
        var password = text.bytes(colon + 1..<index)
        while let first = password.first, Byte.isQuote(first) {
            password = UnsafeBufferPointer(rebasing: password[1...])
        }
        while let last = password.last, Byte.isQuote(last) {
            password = UnsafeBufferPointer(rebasing: password[..<(password.count - 1)])
        }
        guard password.count >= 3, Entropy.bits(of: password) >= 1.5, ConnectionString.isPassword(password) else {
            return nil
        }
        return index
    }

    /// Whether curl is called shortly in front.
    private static func follows(_ start: Int, in text: inout Probe) -> Bool {
        var index = start - 4
        while index >= max(0, start - 256) {
            if text[index] | 0x20 == UInt8(ascii: "c"), text.matches("curl", at: index) { return true }
            index -= 1
        }
        return false
    }
}
