/// A name, an operator, a value: `api_key = "…"`, `"token": "…"`, `<secret>…`, `--password=…`.
enum Assignment {
    /// Longer values are no secrets that people assign.
    static let maximumValue = 300

    /// Bytes that values are made of; quotation marks, blanks, brackets, commas and semicolons end one.
    static let valueBytes = ByteSet(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=.+/~:%|@!#$^*?")

    /// The value that is assigned to a name which ends here, or nil.
    ///
    /// - Parameter nameEnd: Behind the word that tells what the value is; more of the name may follow.
    static func value(behind nameEnd: Int, in text: inout Probe, _ report: inout Report) -> Range<Int>? {
        var index = nameEnd
        while index < nameEnd + 24, isName(text[index]) { index += 1 }
        let end = index
        while index < end + 4, isAround(text[index]) { index += 1 }
        guard let behind = operatorEnd(index, in: &text) else { return nil }
        index = behind
        while index < behind + 12, isAroundValue(text[index]) { index += 1 }
        index = skipScheme(index, in: &text)
        let stop = report.valueRun.end(of: valueBytes, from: index, limit: maximumValue + 1, in: &text)
        guard stop > index, stop - index <= maximumValue, endsValue(text[stop]) else { return nil }
        return index..<stop
    }

    /// What may stand between the telling word and the operator: the rest of the name, and blanks.
    private static func isName(_ byte: UInt8) -> Bool {
        Byte.isWord(byte) || byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    private static func isAround(_ byte: UInt8) -> Bool {
        Byte.isSpace(byte) || Byte.isQuote(byte) || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "]")
    }

    private static func isAroundValue(_ byte: UInt8) -> Bool {
        Byte.isSpace(byte) || Byte.isQuote(byte) || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "=")
    }

    /// Where an operator ends that begins here: `=`, `:`, `>`, `,`, and what begins with them or with `?` and `|`.
    private static func operatorEnd(_ start: Int, in text: inout Probe) -> Int? {
        var end = start
        while end < start + 4, operators.contains(text[end]) { end += 1 }
        guard end > start else { return nil }
        if end == start + 1, text[start] == UInt8(ascii: "?") || text[start] == UInt8(ascii: "|") { return nil }
        return end
    }

    private static let operators = ByteSet("=:>,?|")

    /// Skips the word that names an authorization's kind.
    private static func skipScheme(_ start: Int, in text: inout Probe) -> Int {
        let scheme: StaticString
        switch Byte.lowercased(text[start]) {
        case UInt8(ascii: "b"): scheme = Byte.lowercased(text[start + 1]) == UInt8(ascii: "e") ? "bearer " : "basic "
        case UInt8(ascii: "t"): scheme = "token "
        case UInt8(ascii: "a"): scheme = "apikey "
        default: return start
        }
        if text.matches(scheme, at: start) { return text.skipSpaces(start + scheme.utf8CodeUnitCount, limit: 4) }
        return start
    }

    private static func endsValue(_ byte: UInt8) -> Bool {
        byte == 0 || Byte.isSpace(byte) || Byte.isQuote(byte) || ends.contains(byte)
    }

    private static let ends = ByteSet("\\;,)]}<&")

    /// Whether the word before which this place is begins a name or a part of one: `api_key`, `myApiKey`, not
    /// `rapikey`.
    static func beginsWord(_ start: Int, in text: inout Probe) -> Bool {
        let before = text[start - 1]
        guard Byte.isLetter(before) else { return true }
        return Byte.isLower(before) && Byte.isUpper(text[start])
    }
}
