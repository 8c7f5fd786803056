/// Cuts texts where a reader would: after a sentence or before a header, not in the middle of a character or of code.
package enum SemanticTruncation {
    /// How many of the last tokens may be given up to reach a sentence's end or a header.
    package static let window = 50

    /// The longest beginning of at most `limit` tokens that ends at a sentence or before a Markdown header within the
    /// last 50 of them; where there is none, at the last whole character. Never inside a code fence: a cut that would
    /// fall there moves to before it, however far that is. Linear in the text's length.
    ///
    /// - Parameters:
    ///   - tokenEnds: Where each token ends, in bytes of the text's UTF-8; not always between characters. Ends outside
    ///     the text count as its ends, ends that go back as the one before, and a rest without an end as one token.
    ///   - limit: In tokens; in 0 and less, no text fits but the empty one.
    package static func cut(_ text: String, tokenEnds: [Int], limit: Int) -> TextCut {
        let bytes = Array(text.utf8)
        let tokens = TokenOffsets(tokenEnds, length: bytes.count)
        let last = tokens.end(of: limit)
        guard last < bytes.count else {
            return TextCut(
                text: text[...], tokens: tokens.count(coveringPrefix: bytes.count), deltaTokens: 0, boundary: .whole)
        }
        // Saturates for the least of integers; below 0 there is no token, and so no window.
        let first = limit > window ? tokens.end(of: limit - window) : 0
        let (end, boundary) = bestCut(text, bytes, within: first...last)
        let used = tokens.count(coveringPrefix: end)
        return TextCut(
            text: text[..<text.utf8.index(text.startIndex, offsetBy: end)], tokens: used,
            deltaTokens: max(limit, 0) - used, boundary: boundary)
    }

    /// - Parameter window: From the end of the last token before those that may be given up, to the end of the last
    ///   that fits.
    private static func bestCut(
        _ text: String, _ bytes: [UInt8], within window: ClosedRange<Int>
    ) -> (end: Int, boundary: TextCut.Boundary) {
        guard window.upperBound > 0 else { return (0, .none) }
        let outline = MarkdownOutline(bytes, window: window)
        let characters = characterEnds(text, bytes, within: window)
        // The end of the character before, even where that one begins before the window.
        let character = characters.last ?? 0
        let fallback = outline.outsideCode(character)

        let sentence = outline.prose.reversed().lazy
            .flatMap { SentenceEnds(in: bytes, line: $0).offsets.reversed() }
            .first { end in
                end > window.lowerBound && end <= fallback && characters.containsSorted(end)
                    && outline.outsideCode(end) == end
            }
        let header = outline.headers.last {
            $0 >= window.lowerBound && $0 > 0 && $0 <= fallback && outline.outsideCode($0) == $0
        }
        if let header, header > sentence ?? 0 { return (header, .header) }
        if let sentence { return (sentence, .sentence) }
        if fallback == 0 { return (0, .none) }
        return (fallback, fallback == character ? .token : .fence)
    }

    /// Where characters end, ascending: the last at or before the window's end, and those in the window before it.
    ///
    /// One pass from the beginning of a line, which is always a character's; stepping back from the window instead
    /// would look at a long run of marks or flags again and again.
    private static func characterEnds(_ text: String, _ bytes: [UInt8], within window: ClosedRange<Int>) -> [Int] {
        var offset = window.lowerBound
        while offset > 0, bytes[offset - 1] != UInt8(ascii: "\n") { offset -= 1 }
        var ends = [offset]
        for character in text[text.utf8.index(text.startIndex, offsetBy: offset)...] {
            offset += character.utf8.count
            if offset > window.upperBound { break }
            if offset <= window.lowerBound { ends[0] = offset } else { ends.append(offset) }
        }
        return ends
    }
}

/// Where the tokens of a text end, put in order.
private struct TokenOffsets {
    /// Ascending, from 0 to the text's length.
    private let ends: [Int]

    init(_ given: [Int], length: Int) {
        var ends: [Int] = []
        ends.reserveCapacity(given.count + 1)
        var last = 0
        for end in given {
            last = max(last, min(end, length))
            ends.append(last)
        }
        if last < length { ends.append(length) }
        self.ends = ends
    }

    /// Where the token of that number ends, from 1; the last one where there are fewer, 0 before the first.
    func end(of number: Int) -> Int {
        number <= 0 ? 0 : ends.isEmpty ? 0 : ends[min(number, ends.count) - 1]
    }

    /// How many tokens the first bytes reach into.
    func count(coveringPrefix length: Int) -> Int {
        length <= 0 ? 0 : min(ends.partitionPoint { $0 < length } + 1, ends.count)
    }
}

extension [Int] {
    /// Of an ascending array.
    fileprivate func containsSorted(_ element: Int) -> Bool {
        let place = partitionPoint { $0 < element }
        return place < count && self[place] == element
    }
}
