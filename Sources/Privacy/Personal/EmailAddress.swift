/// E-mail addresses (RFC 5321, section 4.1.2) with a domain that has a dot.
enum EmailAddress {
    static let detector = Detector(
        "email", .personal, confidence: Confidence.certain,
        [
            .atSign { text, hit, report in
                guard DomainName.isLabel(text[hit.upperBound]), text[hit.upperBound + 1] != UInt8(ascii: "@"),
                    let start = start(before: hit.lowerBound, in: &text),
                    let end = DomainName.end(from: hit.upperBound, in: &text)
                else { return }
                report.add(start..<end)
            }
        ])

    private static let local = ByteSet(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._%+-'!#$&*/=?^`{|}~")

    /// Where the local part begins: at most 64 bytes, none of its ends a dot or a sign that rather is a bracket.
    private static func start(before end: Int, in text: inout Probe) -> Int? {
        var start = end
        while start > end - 64, local.contains(text[start - 1]) || Byte.isBeyondASCII(text[start - 1]) { start -= 1 }
        while start < end, !isFirst(text[start]) { start += 1 }
        // `name=user@host` and `mailto/user@host` begin behind the sign.
        var index = end - 1
        while index > start {
            if splitters.contains(text[index]) {
                start = index + 1
                break
            }
            index -= 1
        }
        while start < end, !isFirst(text[start]) { start += 1 }
        return start < end && text[end - 1] != UInt8(ascii: ".") ? start : nil
    }

    private static let splitters = ByteSet("=/?&`{|}'!#$*^")

    private static func isFirst(_ byte: UInt8) -> Bool {
        Byte.isWord(byte) || Byte.isBeyondASCII(byte) || byte == UInt8(ascii: "+")
    }
}
