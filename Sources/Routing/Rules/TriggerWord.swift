import OrchCore

/// Takes the word that called a tool out of a text. Works on bytes; what stays keeps its case and spelling.
enum TriggerWord {
    /// The text as an argument: what the group `argument` holds; else the text without the group `trigger`; else, when
    /// the match stands at the start and leaves something over, the text behind it; else the whole text.
    static func argument(of text: String, match: PatternMatch) -> String {
        if let marked = markedArgument(of: text, match: match) { return marked }
        let bytes = Array(text.utf8)
        let lead = bytes.firstIndex { !isSpace($0) } ?? bytes.count
        let trail = (bytes.lastIndex { !isSpace($0) } ?? -1) + 1
        guard match.range.lowerBound <= lead, match.range.upperBound < trail else { return text }
        return removing(match.range, from: bytes)
    }

    /// The argument as the expression's named groups mark it, or nil when it has neither group.
    static func markedArgument(of text: String, match: PatternMatch) -> String? {
        if let range = match.groups["argument"] {
            return String(decoding: Array(text.utf8)[range], as: UTF8.self)
        }
        guard let range = match.groups["trigger"] else { return nil }
        return removing(range, from: Array(text.utf8))
    }

    /// The bytes without a range, the white space around it, and one colon behind it. Where text stays on both sides,
    /// one space joins it.
    private static func removing(_ range: Range<Int>, from bytes: [UInt8]) -> String {
        var start = range.lowerBound
        while start > 0, isSpace(bytes[start - 1]) { start -= 1 }
        var end = range.upperBound
        while end < bytes.count, isSpace(bytes[end]) { end += 1 }
        if end < bytes.count, bytes[end] == UInt8(ascii: ":"), range.isEmpty || bytes[end - 1] != UInt8(ascii: ":") {
            end += 1
            while end < bytes.count, isSpace(bytes[end]) { end += 1 }
        }
        var rest = Array(bytes[..<start])
        if start > 0, end < bytes.count { rest.append(UInt8(ascii: " ")) }
        rest += bytes[end...]
        return String(decoding: rest, as: UTF8.self)
    }

    /// White space as RE2's `\s` knows it, and the vertical tab.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
