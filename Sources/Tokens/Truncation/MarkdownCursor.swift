/// A place in a line of Markdown and the column that it has there.
struct MarkdownCursor {
    let bytes: [UInt8]
    /// Without what ends it.
    let line: Range<Int>
    private(set) var place: Int
    /// From the last quote mark, or the line's beginning; a tab goes to the next multiple of 4.
    private(set) var column = 0

    init(_ bytes: [UInt8], line: Range<Int>) {
        self.bytes = bytes
        self.line = line
        place = line.lowerBound
    }

    var isAtEnd: Bool { place >= line.upperBound }

    /// The line from here, without the spaces at its end.
    var content: Range<Int> {
        var end = line.upperBound
        while end > place, Self.isSpace(bytes[end - 1]) { end -= 1 }
        return place..<end
    }

    mutating func skipSpaces() {
        while !isAtEnd, Self.isSpace(bytes[place]) { step() }
    }

    /// Goes past `>`, up to three spaces before it and one after it.
    mutating func skipQuote() -> Bool {
        var ahead = self
        ahead.skipSpaces()
        guard !ahead.isAtEnd, ahead.column - column <= 3, bytes[ahead.place] == UInt8(ascii: ">") else { return false }
        ahead.step()
        if !ahead.isAtEnd, Self.isSpace(bytes[ahead.place]) { ahead.step() }
        ahead.column = 0
        self = ahead
        return true
    }

    /// Goes past `-`, `+`, `*`, `1.` or `1)` and one space; the column where the item's content begins.
    mutating func skipItemMark() -> Int? {
        var ahead = self
        guard !isAtEnd else { return nil }
        switch bytes[place] {
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*"): ahead.step()
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            while !ahead.isAtEnd, ahead.place - place < 10, Self.isDigit(bytes[ahead.place]) { ahead.step() }
            guard !ahead.isAtEnd, ahead.place - place < 10,
                bytes[ahead.place] == UInt8(ascii: ".") || bytes[ahead.place] == UInt8(ascii: ")")
            else { return nil }
            ahead.step()
        default: return nil
        }
        guard ahead.isAtEnd || Self.isSpace(bytes[ahead.place]) else { return nil }
        let mark = ahead
        var content = ahead
        content.skipSpaces()
        // With nothing after it, or with indented code, the content begins one column after the mark.
        let isDeep = content.isAtEnd || content.column - mark.column > 4
        if !ahead.isAtEnd { ahead.step() }
        self = ahead
        return isDeep ? mark.column + 1 : content.column
    }

    /// The repetitions, from here, of the byte that stands here, if it is one of those.
    func run(of marks: [UInt8]) -> Range<Int>? {
        guard !isAtEnd, marks.contains(bytes[place]) else { return nil }
        var end = place
        while end < line.upperBound, bytes[end] == bytes[place] { end += 1 }
        return place..<end
    }

    func isBlank(from start: Int) -> Bool { bytes[start..<line.upperBound].allSatisfy(Self.isSpace) }

    /// Whether one to six `#` stand here, and a space or the end after them.
    var isHeader: Bool {
        guard let run = run(of: [UInt8(ascii: "#")]), run.count <= 6 else { return false }
        return run.upperBound == line.upperBound || Self.isSpace(bytes[run.upperBound])
    }

    /// Whether there is nothing but `=` or nothing but `-`.
    var isUnderline: Bool {
        guard let run = run(of: [UInt8(ascii: "="), UInt8(ascii: "-")]) else { return false }
        return isBlank(from: run.upperBound)
    }

    /// Whether there are three or more of `-`, `_` or `*`, and nothing else but spaces.
    var isRule: Bool {
        guard let run = run(of: [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "*")]) else { return false }
        let mark = bytes[run.lowerBound]
        var count = 0
        for byte in bytes[place..<line.upperBound] {
            if byte == mark { count += 1 } else if !Self.isSpace(byte) { return false }
        }
        return count >= 3
    }

    private mutating func step() {
        column = bytes[place] == UInt8(ascii: "\t") ? (column / 4 + 1) * 4 : column + 1
        place += 1
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
