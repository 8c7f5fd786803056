/// Where a Markdown text may be cut, up to the end of a window.
struct MarkdownOutline {
    /// The lines of ordinary text, and the last ones of code fences, that reach into the window.
    private(set) var prose: [Prose] = []
    /// Where the lines of headers begin, ascending; without those that have nothing before them.
    private(set) var headers: [Int] = []
    /// Where a cut would leave a fence open, from the beginning of its first line to where it is closed; at the bounds
    /// themselves it would not. Ascending and apart.
    private var code: [Range<Int>] = []

    struct Prose {
        /// Without what marks the line as a quote or list item, and without the spaces at its end.
        var content: Range<Int>
        /// Whether a paragraph, a list item or a code fence ends with it.
        var endsBlock: Bool
        var isCode: Bool
    }

    init(_ bytes: [UInt8], window: ClosedRange<Int>) {
        var blocks = MarkdownBlocks(bytes)
        var current: MarkdownBlocks.Line?
        var firstContent: Int?
        // One line more than the window has: what a line is may depend on the next.
        while (current?.range.lowerBound ?? 0) <= window.upperBound, let next = blocks.readLine() {
            if let current { settle(current, before: next, reaching: window.lowerBound) }
            let start: Int?
            switch next.kind {
            case .header: start = next.range.lowerBound
            case .underline(let paragraph, let isCertain):
                start = paragraph
                while isCertain, let last = prose.last, last.content.lowerBound >= paragraph { prose.removeLast() }
            default: start = nil
            }
            if let start, let firstContent, start > firstContent { headers.append(start) }
            if next.kind != .blank { firstContent = firstContent ?? next.range.lowerBound }
            current = next
        }
        if let current { settle(current, before: nil, reaching: window.lowerBound) }
        code = blocks.openRanges
    }

    /// The place itself, or the beginning of the code that it is in the middle of.
    func outsideCode(_ place: Int) -> Int {
        let before = code.partitionPoint { $0.lowerBound < place }
        guard before > 0, place < code[before - 1].upperBound else { return place }
        return code[before - 1].lowerBound
    }

    private mutating func settle(_ line: MarkdownBlocks.Line, before next: MarkdownBlocks.Line?, reaching start: Int) {
        guard line.content.upperBound > start else { return }
        switch line.kind {
        case .text, .item:
            var endsBlock = true
            switch next?.kind {
            case nil, .blank: break
            case .item: endsBlock = line.isInList
            default: endsBlock = false
            }
            prose.append(Prose(content: line.content, endsBlock: endsBlock, isCode: false))
        case .codeEnd: prose.append(Prose(content: line.content, endsBlock: true, isCode: true))
        case .blank, .header, .underline, .rule, .code: break
        }
    }
}
