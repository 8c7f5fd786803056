/// Cuts a Markdown text into sentences: at their ends (see ``SentenceEnds`` and ``SpacedStops``), and at the bounds of
/// paragraphs, list items, headings, table rows and code fences. What has no end for long is cut into pieces. Linear in
/// the text's length.
struct SentenceSplitter {
    private let bytes: [UInt8]
    private let limit: Int
    private var sentences: [Sentence] = []
    /// Where the sentence began that the last line did not end.
    private var start: Int?
    /// Where its last line, or the open fence's, ends.
    private var end = 0
    /// Where the open fence begins, and where its contents do, after its first line.
    private var fence: (start: Int, contents: Int)?

    /// The sentences of a text, in their order and apart.
    ///
    /// - Parameter limit: The length in bytes from which a sentence is cut into pieces.
    static func sentences(of text: String, limit: Int) -> [Sentence] {
        var splitter = SentenceSplitter(Array(text.utf8), limit: max(limit, 16))
        splitter.split()
        return splitter.sentences
    }

    private init(_ bytes: [UInt8], limit: Int) {
        self.bytes = bytes
        self.limit = limit
    }

    private mutating func split() {
        var blocks = MarkdownBlocks(bytes)
        var line = blocks.readLine()
        while let current = line {
            let next = blocks.readLine()
            read(current, before: next)
            line = next
        }
        endSentence()
        endFence(closing: nil)
    }

    private mutating func read(_ line: MarkdownBlocks.Line, before next: MarkdownBlocks.Line?) {
        switch line.kind {
        case .code:
            endSentence()
            if fence == nil { fence = (line.content.lowerBound, line.range.upperBound) }
            end = line.content.upperBound
            return
        case .codeEnd:
            endFence(closing: line)
            return
        default: endFence(closing: nil)
        }
        switch line.kind {
        case .header:
            endSentence()
            add(line.content, .heading)
        case .text, .item:
            if line.kind == .item { endSentence() }
            readProse(line.content, before: next)
        default: endSentence()
        }
    }

    private mutating func readProse(_ content: Range<Int>, before next: MarkdownBlocks.Line?) {
        guard !content.isEmpty else { return }
        if bytes[content.lowerBound] == UInt8(ascii: "|") {
            endSentence()
            add(content, .prose)
            return
        }
        if case .underline? = next?.kind {
            endSentence()
            add(content, .heading)
            return
        }
        var endsBlock = next?.kind != .text
        if let next, next.kind == .text, !next.content.isEmpty {
            endsBlock = bytes[next.content.lowerBound] == UInt8(ascii: "|")
        }
        start = start ?? content.lowerBound
        let line = MarkdownOutline.Prose(content: content, endsBlock: endsBlock, isCode: false)
        let ends = SentenceEnds(in: bytes, line: line).offsets + SpacedStops.ends(in: bytes, line: content)
        for end in ends.sorted() {
            if let start, start < end { add(start..<end, .prose) }
            let rest = bytes[end..<content.upperBound]
            start = rest.firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        }
        end = content.upperBound
    }

    private mutating func endSentence() {
        if let start { add(start..<max(start, end), .prose) }
        start = nil
    }

    /// - Parameter line: The one that closes it, where one does.
    private mutating func endFence(closing line: MarkdownBlocks.Line?) {
        guard let (start, contents) = fence else { return }
        fence = nil
        let whole = start..<(line?.content.upperBound ?? end)
        if whole.count <= limit, line != nil {
            add(whole, .code)
        } else {
            // Without the fence's own lines, which parts of it would leave open or close.
            add(contents..<max(contents, line?.range.lowerBound ?? end), .code)
        }
    }

    private mutating func add(_ range: Range<Int>, _ kind: Sentence.Kind) {
        let pieces =
            kind == .code && range.count <= limit ? [range] : SentencePieces.pieces(of: range, in: bytes, limit)
        sentences += pieces.map { trimmed($0) }.filter { !$0.isEmpty }.map { Sentence(range: $0, kind: kind) }
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        guard let first = bytes[range].firstIndex(where: { !Self.isSpace($0) }),
            let last = bytes[range].lastIndex(where: { !Self.isSpace($0) })
        else { return range.lowerBound..<range.lowerBound }
        return first..<last + 1
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
