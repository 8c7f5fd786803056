/// A token that its own form gives away: a vendor's prefix, an alphabet, a length.
struct TokenRule: Sendable {
    let id: String
    let shapes: [Shape]
    /// Bits a byte that the token must have: made-up tokens of `xxxx` have less. With 0 these count too.
    let entropy: Double
    let ending: Ending
    /// Whether a digit must be in it, where words have the same form.
    let needsDigit: Bool
    /// Where the prefix alone says too little, what must stand in the 64 bytes in front.
    let context: ContextWords?

    /// What must follow.
    enum Ending: Sendable {
        /// No byte that could be more of the token.
        case token
        /// A quotation mark, a blank, a bracket, a comma: for alphabets with many signs in them.
        case delimiter
    }

    init(
        _ id: String, _ shapes: String..., ignoringCase: Bool = false, entropy: Double = 2.5, ending: Ending = .token,
        needsDigit: Bool = false, context: ContextWords? = nil
    ) {
        self.id = id
        self.shapes = shapes.map { Shape($0, ignoringCase: ignoringCase) }
        self.entropy = entropy
        self.ending = ending
        self.needsDigit = needsDigit
        self.context = context
    }

    var detector: Detector {
        Detector(id, .secret, confidence: Confidence.certain, shapes.map(trigger))
    }

    private func trigger(_ shape: Shape) -> Trigger {
        let anchor = shape.anchor
        return .literal(anchor.literal) { [self] text, hit, report in
            let start = hit.lowerBound - anchor.offset
            guard let end = end(of: shape, from: start, in: &text) else { return }
            report.add(start..<end)
        }
    }

    private func end(of shape: Shape, from start: Int, in text: inout Probe) -> Int? {
        guard Boundary.isBefore(start, in: &text), !shape.longSet.contains(text[start - 1]),
            let end = shape.end(in: &text, from: start)
        else { return nil }
        switch ending {
        case .token:
            guard Boundary.isBehind(end, last: shape.lastSet, in: &text) else { return nil }
        case .delimiter:
            guard Boundary.isDelimiter(text[start - 1]), Boundary.isDelimiter(text[end]) else { return nil }
        }
        let token = text.bytes(start..<end)
        guard Entropy.bits(of: token) >= entropy, !needsDigit || token.contains(where: Byte.isDigit),
            entropy == 0 || !Placeholder.isLikely(token)
        else { return nil }
        if let context { guard context.stand(before: start, behind: end, in: &text) else { return nil } }
        return end
    }
}

extension Shape {
    /// The literal that the engine looks for, and how many bytes of the shape stand in front of it: of the runs of
    /// single bytes whose offset is fixed, the longest.
    var anchor: (literal: [UInt8], offset: Int) {
        var best: (literal: [UInt8], offset: Int) = ([], 0)
        var run: [UInt8] = []
        var first = 0
        for (place, part) in parts.enumerated() {
            if part.minimum == 1, part.maximum == 1, let byte = part.set.singleLetter {
                if run.isEmpty { first = place }
                run.append(byte)
                if run.count > best.literal.count, let offset = fixedLength(upTo: first) { best = (run, offset) }
            } else {
                run = []
            }
        }
        return best
    }
}

/// Where a token may begin and end.
enum Boundary {
    /// Whether a token may begin here: no letter or digit stands in front, save one that belongs to `\n` and its like.
    static func isBefore(_ start: Int, in text: inout Probe) -> Bool {
        let before = text[start - 1]
        guard Byte.isAlphanumeric(before) else { return true }
        switch before {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): return text[start - 2] == UInt8(ascii: "\\")
        default: return false
        }
    }

    /// Whether a token may end here: no more of its bytes follow, and no dot behind which something goes on.
    static func isBehind(_ end: Int, last: ByteSet, in text: inout Probe) -> Bool {
        let behind = text[end]
        guard !Byte.isWord(behind), !last.contains(behind) else { return false }
        return behind != UInt8(ascii: ".") || !Byte.isAlphanumeric(text[end + 1])
    }

    /// Whether a byte stands between values in code and markup; the end of the text does.
    static func isDelimiter(_ byte: UInt8) -> Bool {
        byte == 0 || Byte.isSpace(byte) || Byte.isQuote(byte) || delimiters.contains(byte)
    }

    private static let delimiters = ByteSet("\\<>=:(),;[]{}&")
}
