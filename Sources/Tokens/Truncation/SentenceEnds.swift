/// Where sentences end in a line of text, in bytes, ascending; the end of a paragraph or list item counts as one.
///
/// A full stop ends none in numbers, names of files and hosts, after an initial or an abbreviation, after a list item's
/// number, or before a small letter; in doubt it does not.
struct SentenceEnds {
    private(set) var offsets: [Int] = []
    private let bytes: [UInt8]
    private let line: Range<Int>

    init(in bytes: [UInt8], line: MarkdownOutline.Prose) {
        self.bytes = bytes
        self.line = line.content
        if !line.isCode { scan() }
        let end = line.content.upperBound
        if line.endsBlock, !line.content.isEmpty, offsets.last != end { offsets.append(end) }
    }

    private mutating func scan() {
        var place = line.lowerBound
        while place < line.upperBound {
            let (first, length) = scalar(at: place)
            guard Self.isTerminator(first) else {
                place += length
                continue
            }
            let marks = run(from: place, while: Self.isTerminator)
            let isWide = marks.contains { Self.wide.contains($0) }
            let stop = place + marks.reduce(0) { $0 + UTF8.width($1) }
            let closers = run(from: stop) { Self.closers.contains($0) || (!isWide && $0 == "\u{201C}") }
            let end = stop + closers.reduce(0) { $0 + UTF8.width($1) }
            if isWide || isEnd(of: marks, at: place, closed: !closers.isEmpty, upTo: end) { offsets.append(end) }
            place = end
        }
    }

    /// Whether marks that need a space after them end a sentence.
    private func isEnd(of marks: [Unicode.Scalar], at start: Int, closed: Bool, upTo end: Int) -> Bool {
        guard end == line.upperBound || scalar(at: end).value.properties.isWhitespace else { return false }
        let next = nextCharacter(from: end)
        let isSoft = closed || marks.allSatisfy { $0 == "." || $0 == "…" }
        if isSoft, let next, next.properties.isLowercase { return false }
        guard marks == ["."] else { return true }
        return !isPartOfWord(at: start, before: next)
    }

    /// Whether the full stop belongs to the word before it.
    private func isPartOfWord(at stop: Int, before next: Unicode.Scalar?) -> Bool {
        var start = stop
        while start > line.lowerBound, stop - start < Abbreviations.longest + 1, Self.isWordByte(bytes[start - 1]) {
            start -= 1
        }
        let word = bytes[start..<stop]
        guard let last = word.last else { return stop == line.lowerBound || bytes[stop - 1] == UInt8(ascii: " ") }
        let isNumber = word.allSatisfy { Self.isDigit($0) || $0 == UInt8(ascii: ".") }
        if isNumber { return start == line.lowerBound }
        // An initial, or the last letter of one like "e.g.".
        let letter = word.split(separator: UInt8(ascii: ".")).last ?? []
        if !Self.isDigit(last), String(decoding: letter, as: UTF8.self).unicodeScalars.count == 1 { return true }
        return Abbreviations.contain(word, beforeNumber: next?.properties.numericType != nil)
    }

    /// The first scalar after spaces and ends of lines.
    private func nextCharacter(from start: Int) -> Unicode.Scalar? {
        var place = start
        while place < bytes.count {
            let (value, length) = scalar(at: place)
            if !value.properties.isWhitespace { return value }
            place += length
        }
        return nil
    }

    private func run(from start: Int, while belongs: (Unicode.Scalar) -> Bool) -> [Unicode.Scalar] {
        var (place, found) = (start, [Unicode.Scalar]())
        while place < line.upperBound {
            let (value, length) = scalar(at: place)
            guard belongs(value) else { break }
            found.append(value)
            place += length
        }
        return found
    }

    /// What is decoded is a String's UTF-8, and so well formed.
    private func scalar(at place: Int) -> (value: Unicode.Scalar, length: Int) {
        let first = bytes[place]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        let rest = bytes[place...].dropFirst().prefix(length - 1)
        let value = rest.reduce(UInt32(first) & (0x7F >> UInt32(length))) { $0 << 6 | UInt32($1 & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    private static func isTerminator(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "." || scalar == "!" || scalar == "?" || (!scalar.isASCII && otherTerminators.contains(scalar))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Letters, and what may stand between them.
    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...: true
        case UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: "-"): true
        default: isDigit(byte)
        }
    }

    /// Those that need no space after them.
    private static let wide: Set<Unicode.Scalar> = ["。", "！", "？", "｡"]
    private static let otherTerminators: Set<Unicode.Scalar> = wide.union(["…", "؟", "۔", "।"])
    private static let closers: Set<Unicode.Scalar> = [
        "\"", "'", ")", "]", "}", "*", "_", "`", "\u{201D}", "\u{2019}", "»", "›", "」", "』", "）", "】", "》", "〉", "〕",
        "］", "｝",
    ]
}
