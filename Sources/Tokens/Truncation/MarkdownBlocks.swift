/// Reads a Markdown text line by line, as far as CommonMark's blocks matter for cutting it: code fences, headers, list
/// items and paragraphs, also inside quotes and lists. Linear in the text's length.
struct MarkdownBlocks {
    enum Kind: Equatable {
        case blank
        /// A paragraph's line, or anything else that is none of the others.
        case text
        /// Text that begins a list item.
        case item
        /// A line of `#`.
        case header
        /// The line under a header, which is the paragraph that begins there. One of `-` is in doubt: many write it to
        /// set off what follows.
        case underline(of: Int, isCertain: Bool)
        /// A thematic break.
        case rule
        /// A line of a code fence.
        case code
        /// The line that closes a code fence.
        case codeEnd
    }

    struct Line {
        var kind: Kind
        /// Without what ends it.
        var range: Range<Int>
        /// Without the marks of quotes and list items before it, and the spaces after it.
        var content: Range<Int>
        var isInList: Bool
    }

    private struct Fence {
        /// Where its first line begins.
        var start: Int
        var mark: UInt8
        var length: Int
        /// In how many quotes it stands.
        var quotes: Int
        /// The column, inside the quotes, where the content of its list item begins.
        var base: Int
    }

    /// Of list items in one another; deeper marks are text, so that a line of nothing else is read in linear time.
    private static let maximumDepth = 16

    private let bytes: [UInt8]
    private var place = 0
    private var fence: Fence?
    /// The columns where the contents of the open list items begin.
    private var items: [Int] = []
    /// In how many quotes the last line with content stood.
    private var quotes = 0
    /// Where the open paragraph begins.
    private var paragraph: Int?
    private var closed: [Range<Int>] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Where a text must not end, as it would leave a fence open; ascending and apart.
    var openRanges: [Range<Int>] {
        guard let fence else { return closed }
        var copy = self
        copy.close(fence.start..<bytes.count + 1)
        return copy.closed
    }

    /// The next line; nil at the end.
    mutating func readLine() -> Line? {
        guard place < bytes.count else { return nil }
        let start = place
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "\r") { end += 1 }
        place = min(end + 1, bytes.count)
        if place < bytes.count, bytes[end] == UInt8(ascii: "\r"), bytes[place] == UInt8(ascii: "\n") { place += 1 }
        var cursor = MarkdownCursor(bytes, line: start..<end)
        if let kind = readFenced(&cursor) {
            return Line(kind: kind, range: start..<end, content: cursor.content, isInList: !items.isEmpty)
        }
        cursor = MarkdownCursor(bytes, line: start..<end)
        let kind = readOpen(&cursor)
        return Line(kind: kind, range: start..<end, content: cursor.content, isInList: !items.isEmpty)
    }

    /// What the line is to the open fence; nil where there is none, or the line ends the quote or item around it.
    private mutating func readFenced(_ cursor: inout MarkdownCursor) -> Kind? {
        guard let fence else { return nil }
        var depth = 0
        while depth < fence.quotes, cursor.skipQuote() { depth += 1 }
        cursor.skipSpaces()
        guard depth == fence.quotes, cursor.isAtEnd || cursor.column >= fence.base else {
            // An empty line ends a quote with its end; another, with its first character.
            close(fence.start..<(cursor.isAtEnd ? place : cursor.place + 1))
            self.fence = nil
            return nil
        }
        guard cursor.column - fence.base <= 3, let run = cursor.run(of: [fence.mark]), run.count >= fence.length,
            cursor.isBlank(from: run.upperBound)
        else { return .code }
        close(fence.start..<cursor.line.upperBound)
        self.fence = nil
        return .codeEnd
    }

    /// What the line is outside of fences; may open one.
    private mutating func readOpen(_ cursor: inout MarkdownCursor) -> Kind {
        let openParagraph = paragraph
        let isItem = readContainers(&cursor)
        if cursor.isAtEnd {
            paragraph = nil
            return isItem ? .item : .blank
        }
        // Deeper, it is indented code or the paragraph goes on.
        if cursor.column - (items.last ?? 0) <= 3 {
            if !isItem, let openParagraph, paragraph != nil, cursor.isUnderline {
                paragraph = nil
                return .underline(of: openParagraph, isCertain: bytes[cursor.place] == UInt8(ascii: "="))
            }
            if let kind = readLeaf(cursor) {
                paragraph = nil
                return kind
            }
        }
        if isItem || paragraph == nil { paragraph = cursor.line.lowerBound }
        return isItem ? .item : .text
    }

    /// Headers, rules and the first lines of fences.
    private mutating func readLeaf(_ cursor: MarkdownCursor) -> Kind? {
        if cursor.isHeader { return .header }
        if cursor.isRule { return .rule }
        guard let run = cursor.run(of: [UInt8(ascii: "`"), UInt8(ascii: "~")]), run.count >= 3 else { return nil }
        let mark = bytes[run.lowerBound]
        if mark == UInt8(ascii: "`"),
            let next = bytes[run.upperBound..<cursor.line.upperBound].firstIndex(of: UInt8(ascii: "`"))
        {
            // Code inside a line; what ends before its second mark would be a fence.
            close(cursor.line.lowerBound..<next + 1)
            return nil
        }
        fence = Fence(
            start: cursor.line.lowerBound, mark: mark, length: run.count, quotes: quotes, base: items.last ?? 0)
        return .code
    }

    /// Goes past the marks of quotes and list items, and says whether an item begins.
    private mutating func readContainers(_ cursor: inout MarkdownCursor) -> Bool {
        var depth = 0
        while cursor.skipQuote() { depth += 1 }
        cursor.skipSpaces()
        if cursor.isAtEnd { return false }
        if depth != quotes {
            items.removeAll()
            paragraph = nil
        }
        while let base = items.last, cursor.column < base {
            items.removeLast()
            paragraph = nil
        }
        var isItem = false
        while cursor.column - (items.last ?? 0) <= 3 {
            if items.count < Self.maximumDepth, !(paragraph != nil && !isItem && cursor.isUnderline), !cursor.isRule,
                let base = cursor.skipItemMark()
            {
                isItem = true
                items.append(base)
            } else if isItem, cursor.skipQuote() {
                depth += 1
                items.removeAll()
            } else {
                break
            }
            cursor.skipSpaces()
            if cursor.isAtEnd { break }
        }
        quotes = depth
        return isItem
    }

    /// Ranges come by their beginnings; one that begins inside the last one is joined to it.
    private mutating func close(_ range: Range<Int>) {
        if let last = closed.last, range.lowerBound < last.upperBound {
            closed[closed.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
        } else {
            closed.append(range)
        }
    }
}
