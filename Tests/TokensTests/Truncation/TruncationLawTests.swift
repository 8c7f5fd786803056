import OrchTestSupport
import OrchTokens
import Testing

/// What holds for any text, tokens and limit whatsoever.
@Suite struct TruncationLawTests {
    @Test func `a cut is a beginning of whole characters within the limit, outside of fences`() {
        var generator = SeededGenerator(seed: 1)
        var seen: [TextCut.Boundary: Int] = [:]
        for _ in 0..<2000 {
            let text = markdown(&generator)
            let ends = tokenEnds(text.utf8.count, &generator)
            let limit = Int.random(in: 0...ends.count + 1, using: &generator)
            let cut = SemanticTruncation.cut(text, tokenEnds: ends, limit: limit)
            check(cut, of: text, ends: ends, limit: limit)
            if cut.boundary != .whole { #expect(!endsInFence(cut.text), "\(text.debugDescription) \(cut)") }
            checkBoundary(cut, of: text, ends: ends, limit: limit)
            seen[cut.boundary, default: 0] += 1
        }
        for boundary in [TextCut.Boundary.whole, .sentence, .header, .fence, .token, .none] {
            #expect(seen[boundary, default: 0] >= 50, "the generator makes each boundary: \(boundary)")
        }
    }

    @Test func `no bytes, tokens or limit make it trap, and the laws hold`() {
        var generator = SeededGenerator(seed: 2)
        let scalars: [Unicode.Scalar] = [
            "a", "Z", "0", " ", "\n", "\r", "\t", ".", "!", "`", "~", "#", "-", "=", ">", "*", "\"", ")", "é",
            "\u{301}",
            "。", "…", "🇨", "👩", "\u{200D}", "\u{0600}", "\u{1100}", "\u{1161}", "\u{94D}", "\u{0}", "\u{10FFFF}",
            "\u{2028}",
        ]
        for round in 0..<2500 {
            var text = ""
            for _ in 0..<Int.random(in: 0...60, using: &generator) {
                text.unicodeScalars.append(scalars.randomElement(using: &generator) ?? "a")
            }
            let ends =
                round.isMultiple(of: 3)
                ? tokenEnds(text.utf8.count, &generator)
                : (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                    [.min, -1, .max, .random(in: 0...200, using: &generator)].randomElement(using: &generator) ?? 0
                }
            let limit = [.min, .max, -1, .random(in: 0...70, using: &generator)].randomElement(using: &generator) ?? 0
            check(SemanticTruncation.cut(text, tokenEnds: ends, limit: limit), of: text, ends: ends, limit: limit)
        }
    }

    @Test func `a larger limit gives no shorter text while no boundary is near`() {
        // Prose without stops: the cut is at the token, and so grows with the limit.
        let text = String(repeating: "word 言葉 ", count: 100)
        let ends = Array(stride(from: 3, through: text.utf8.count, by: 3))
        var last = 0
        for limit in 0...ends.count {
            let cut = SemanticTruncation.cut(text, tokenEnds: ends, limit: limit)
            #expect(cut.text.utf8.count >= last)
            last = cut.text.utf8.count
        }
        #expect(last == text.utf8.count)
    }

    @Test func `the same text is cut the same 100 times over`() {
        var generator = SeededGenerator(seed: 3)
        let text = (0..<40).map { _ in markdown(&generator) }.joined(separator: "\n\n")
        let ends = tokenEnds(text.utf8.count, &generator)
        let cut = SemanticTruncation.cut(text, tokenEnds: ends, limit: ends.count / 2)
        for _ in 0..<100 { #expect(SemanticTruncation.cut(text, tokenEnds: ends, limit: ends.count / 2) == cut) }
    }

    @Test func `empty texts, tokens and limits give an answer`() {
        func cut(_ text: String, _ ends: [Int], _ limit: Int) -> TextCut {
            SemanticTruncation.cut(text, tokenEnds: ends, limit: limit)
        }
        for limit in [Int.min, -1, 0] {
            #expect(cut("Yes. No.", [4, 8], limit) == TextCut(text: "", tokens: 0, deltaTokens: 0, boundary: .none))
            #expect(cut("", [], limit) == TextCut(text: "", tokens: 0, deltaTokens: 0, boundary: .whole))
        }
        #expect(cut("Yes.", [], 1) == TextCut(text: "Yes.", tokens: 1, deltaTokens: 0, boundary: .whole))
        #expect(cut("Yes. No.", [4], 1) == TextCut(text: "Yes.", tokens: 1, deltaTokens: 0, boundary: .sentence))
        #expect(cut("Yes. No.", [4, 99], 1).text == "Yes." && cut("Yes. No.", [4, 99], 2).boundary == .whole)
        #expect(
            cut("Yes. No.", [-5, 4, 2, 8], 3) == TextCut(text: "Yes.", tokens: 2, deltaTokens: 1, boundary: .sentence))
    }

    /// What could be looked at again and again: each a unit that is repeated, and what comes before.
    @Test(arguments: [
        ("e", "\u{301}"), ("", "🇨"), ("", "👩\u{200D}"), ("", "a."), ("", ".)"), ("x. ", " "), ("", ". "), ("", "- "),
        ("a", "\n- "),
        ("", "> "), ("- a", "\n```\n"), ("", "``` ` a. "), ("", "``` ` a.\u{301}\n"), ("", "# a\n"), ("", "a\n=\n"),
        ("", "- > "),
        ("", "\n"), ("", "\u{94D}\u{915}"), ("", "```a. b. "), ("", "1. "),
    ])
    func `time grows with the text, not with its square`(start: String, unit: String) {
        for single in [false, true] {
            let growth = ThreadTime.growth(from: 1000, to: 8000) { count in
                let text = start + String(repeating: unit, count: count / unit.utf8.count) + "a"
                let length = text.utf8.count
                // Many small tokens, or two that hold all of it.
                let ends = single ? [length - 1, length] : Array(1...length)
                return { _ = SemanticTruncation.cut(text, tokenEnds: ends, limit: ends.count - 1) }
            }
            #expect(growth < 32, "\(unit.debugDescription)")
        }
    }

    @Test func `a character of a megabyte is dropped whole`() {
        let text = "Yes. e" + String(repeating: "\u{301}", count: 500_000)
        let ends = Array(stride(from: 2, through: text.utf8.count, by: 4))
        let cut = SemanticTruncation.cut(text, tokenEnds: ends, limit: ends.count - 1)
        #expect(cut.text == "Yes. " && cut.boundary == .token)
    }

    // MARK: Checks

    private func check(_ cut: TextCut, of text: String, ends: [Int], limit: Int) {
        #expect(text.utf8.starts(with: cut.text.utf8) && cut.text.startIndex == text.startIndex)
        #expect(text.indices.contains(cut.text.endIndex) || cut.text.endIndex == text.endIndex, "whole characters")
        let length = cut.text.utf8.count
        #expect((cut.boundary == .whole) == (length == text.utf8.count))
        #expect((cut.boundary == .none) == (length == 0 && !text.isEmpty))
        #expect(cut.tokens <= max(limit, 0) && cut.tokens >= 0)
        if cut.boundary == .whole { return #expect(cut.deltaTokens == 0) }
        #expect(cut.deltaTokens == max(limit, 0) - cut.tokens)
        // Slowly and plainly: the tokens that begin before the cut.
        var (begin, reached) = (0, 0)
        for end in ends + [text.utf8.count] where begin < length {
            begin = max(begin, min(end, text.utf8.count))
            reached += 1
        }
        #expect(cut.tokens == reached)
        if cut.boundary == .sentence { #expect(cut.deltaTokens < 50) }
        if cut.boundary == .header {
            #expect(cut.deltaTokens <= 50 && (cut.text.last?.isNewline ?? false))
        }
    }

    /// Whether the text really ends where the answer says, seen from both sides of the cut.
    private func checkBoundary(_ cut: TextCut, of text: String, ends: [Int], limit: Int) {
        let rest = text[cut.text.endIndex...]
        let lines = rest.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.drop { $0 == " " } }
        switch cut.boundary {
        case .whole: #expect(rest.isEmpty)
        case .none: #expect(cut.text.isEmpty)
        case .sentence:
            let isStop = cut.text.last.map { ".!?".contains($0) } == true && rest.first?.isWhitespace == true
            let endsParagraph = lines[0].isEmpty && lines.dropFirst().first?.isEmpty ?? true
            let endsCode = lines[0].isEmpty && ["```", "~~~"].contains { cut.text.hasSuffix($0) }
            #expect(isStop || cut.text.last == "。" || endsParagraph || endsCode)
        case .header: #expect(lines[0].hasPrefix("#") || lines.dropFirst().contains { $0.hasPrefix("===") })
        case .fence: #expect(["```", "~~~"].contains { lines[0].hasPrefix($0) })
        case .token:
            let next = rest.first.map { String($0).utf8.count } ?? 0
            #expect(cut.text.utf8.count + next > ends[limit - 1], "the next character does not fit")
        }
    }

    /// By CommonMark's rules for fences outside of lists and quotes, written down anew.
    private func endsInFence(_ text: Substring) -> Bool {
        var open: (mark: Character, count: Int)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let body = line.drop { $0 == " " }
            guard line.count - body.count <= 3, let mark = body.first, mark == "`" || mark == "~" else { continue }
            let count = body.prefix { $0 == mark }.count
            let rest = body.dropFirst(count)
            if let fence = open {
                if mark == fence.mark, count >= fence.count, rest.allSatisfy({ $0 == " " }) { open = nil }
            } else if count >= 3, mark == "~" || !rest.contains("`") {
                open = (mark, count)
            }
        }
        return open != nil
    }

    // MARK: Texts

    private func markdown(_ generator: inout SeededGenerator) -> String {
        let pieces = [
            "It is so. ", "Is it? ", "Dr. No said 3.14! ", "没有。", "word ", "and more words ", "👩‍👩‍👧‍👦", "e\u{301}", "\n",
            "\n", "\n\n", "\n# Head\n",
            "\n## Two words\n\n", "\nTitle\n===\n", "\n```\n", "\n````sh\n", "\n  ~~~\n", "\n~~~\n", "\n    ```\n",
            "\n```x``` y\n",
            "code(); ", "\n   ```` \n",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 1...24, using: &generator) {
            text += pieces.randomElement(using: &generator) ?? ""
        }
        return text
    }

    /// Of tokens of one to five bytes, as they come.
    private func tokenEnds(_ length: Int, _ generator: inout SeededGenerator) -> [Int] {
        var ends: [Int] = []
        while ends.last ?? 0 < length {
            ends.append(min((ends.last ?? 0) + .random(in: 1...5, using: &generator), length))
        }
        return ends
    }
}
