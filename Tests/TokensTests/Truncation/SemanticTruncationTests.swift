import OrchTokens
import Testing

/// In these cases each byte is a token, and | stands where the limit is; it is not part of the text.
@Suite struct SemanticTruncationTests {
    private func cut(_ marked: String) -> TextCut {
        let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let text = parts.joined()
        return SemanticTruncation.cut(text, tokenEnds: Array(1...text.utf8.count), limit: parts[0].utf8.count)
    }

    private func expect(
        _ marked: String, _ kept: String, _ boundary: TextCut.Boundary = .sentence,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let cut = cut(marked)
        #expect(cut.text == kept[...] && cut.boundary == boundary, sourceLocation: location)
        #expect(cut.tokens == kept.utf8.count, sourceLocation: location)
        let limit = marked.split(separator: "|", omittingEmptySubsequences: false)[0].utf8.count
        #expect(boundary == .whole || cut.deltaTokens == limit - cut.tokens, sourceLocation: location)
    }

    @Test func `a text within the limit stays whole, and nothing is given up`() {
        for limit in [9, 10, Int.max] {
            let cut = SemanticTruncation.cut("One. Two.", tokenEnds: Array(1...9), limit: limit)
            #expect(cut == TextCut(text: "One. Two.", tokens: 9, deltaTokens: 0, boundary: .whole))
        }
        let cut = SemanticTruncation.cut("One. Two.", tokenEnds: Array(1...9), limit: 8)
        #expect(cut == TextCut(text: "One.", tokens: 4, deltaTokens: 4, boundary: .sentence))
    }

    @Test func `the cut is at the last sentence end within the limit`() {
        expect("One. Two! Three? Fo|ur.", "One. Two! Three?")
        expect("One. Two!| Three?", "One. Two!")
        expect("One. Two|! Three?", "One.")
        expect("Wait… What?! Y|es", "Wait… What?!")
        expect("So it goes... And the|n", "So it goes...")
        expect("One.\nTwo goes o|n", "One.")
    }

    @Test func `closing quotes and brackets belong to the sentence`() {
        expect(#"He said "no." The|n"#, #"He said "no.""#)
        expect(#"He said "no.|" Then"#, "He said \"no.", .token)
        expect("(All of it.) Th|en", "(All of it.)")
        expect("It is **so.** Th|en", "It is **so.**")
        expect("«C’est fini.» El|le", "«C’est fini.»")
        expect("„Es ist so.“ Da|nn", "„Es ist so.“")
        expect("Er sagt „So ist es“. Da|nn", "Er sagt „So ist es“.")
    }

    @Test func `Chinese, Japanese, Hindi and Arabic sentences end, without spaces where they have none`() {
        expect("你好。我很好！你呢？都|好", "你好。我很好！你呢？")
        expect("「終わり。」次の|文", "「終わり。」")
        expect("他说。“你|好”", "他说。")
        expect("यह है। और व|ह", "यह है।")
        expect("كيف؟ ن|عم", "كيف؟")
        expect("Number three.Four fi|ve", "Number three.Four fi", .token)
    }

    @Test(arguments: [
        "Ask Dr. Who", "Ask Mr. Poe", "See e.g. Poe", "See i.e. Poe", "By J. R. R. Tolkien", "See Fig. Two",
        "The U.S. Senate",
        "About 3.14 or", "Version 1.2.3 of", "See orch.example.com or", "Read a.txt or", "At 5 p.m. Sharp",
        "Item No. 5 is",
        "Poe vs. Doe", "Doe et al. Wrote", "Use approx. five", "Some etc. are", "On Jan. 5 it", "A list . Of",
        "So z. B. Bern",
        "Wait... what", "\"Why?\" he said", "A Ph.D. Thesis", "Go to https://a.b/c?d=e or",
    ])
    func `what looks like a sentence end and is none is passed by`(text: String) {
        let cut = cut("Yes. \(text) whi|ch")
        #expect(cut.text == "Yes." && cut.boundary == .sentence)
        #expect(self.cut("\(text) whi|ch").boundary == .token)
    }

    @Test(arguments: [
        "The answer is no.", "They don't.", "It is 5.", "It was in 2024.", "Eat them, etc.", "Use C++.", "Call f(x).",
        "On a Sat.", "Costs 5%.", "Ends with incomprehensibility.",
    ])
    func `what looks like an abbreviation and is a sentence end counts`(text: String) {
        let cut = cut("\(text) Then whi|ch")
        #expect(cut.text == text[...] && cut.boundary == .sentence)
    }

    @Test func `a paragraph's and a list item's end count, a line's does not`() {
        expect("A title without a stop\n\nmore te|xt", "A title without a stop")
        expect("A line without a stop\nmore te|xt", "A line without a stop\nmore te", .token)
        expect("A line with spaces  \t\n \t\nmore te|xt", "A line with spaces")
        expect("- one\n- two\n- thr|ee", "- one\n- two")
        expect("1. one\n2. two\n3. thr|ee", "1. one\n2. two")
        expect("- one\n  goes on\n- tw|o", "- one\n  goes on")
        expect("Rules:\n- on|e", "Rules:\n- on", .token)
        expect("> quoted text\n>\n> mor|e", "> quoted text")
        expect("one\r\n\r\ntwo th|ree", "one")
        expect("one\r\rtwo th|ree", "one")
        expect("- \n- \n- x|y", "- \n- \n- x", .token)
    }

    @Test func `a header is cut off with all that follows it`() {
        expect("Some text\n# Head|er", "Some text\n", .header)
        expect("Some text\n# Header\nmore te|xt", "Some text\n", .header)
        expect("Some text.\n\n### Is it so? Yes. Or|", "Some text.\n\n### Is it so? Yes. Or", .whole)
        expect("Some text.\n\n### Is it so? Yes. Or| not", "Some text.\n\n", .header)
        expect("Some text.\n\n# Header\nIt is so. An|d", "Some text.\n\n# Header\nIt is so.")
        expect("Some text\n|# Header", "Some text\n", .header)
        expect("Some text|\n# Header", "Some text", .token)
        expect("Some text\n#hashtag is no|ne", "Some text\n#hashtag is no", .token)
        expect("Some text\n\n    # code is no|ne", "Some text")
        expect("Some text\n####### seven are no|ne", "Some text\n####### seven are no", .token)
        expect("Some text\r\n  ## Head|er", "Some text\r\n", .header)
        expect("# The first hea|der", "# The first hea", .token)
        expect("\n\n# The first hea|der", "\n\n# The first hea", .token)
    }

    @Test func `a header may be underlined`() {
        expect("Some text\n\nThe hea|der\n===\nmore", "Some text\n\n", .header)
        expect("Some text\n\nThe header\n---\nmo|re", "Some text\n\n", .header)
        expect("Some text\n\nThe header! It\nhas two lines\n===\nmo|re", "Some text\n\n", .header)
        // Perhaps no header, but a paragraph and a line under it.
        expect("Some text\n\nA sentence. It\nhas two lines\n---\nmo|re", "Some text\n\nA sentence.")
        expect("Some text\n\n---\nmo|re", "Some text")
        expect("- item one\n---\nmo|re", "- item one\n---\nmo", .token)
        expect("The first\n===\nmo|re", "The first\n===\nmo", .token)
    }

    @Test func `only the last 50 tokens are given up for it`() {
        let filler = String(repeating: "X", count: 49)
        // The stop is the 50th token from the limit, and then the 51st.
        expect("One.\(" " + filler.dropFirst())|y", "One.")
        expect("One.\(" " + filler)|y", "One. " + filler, .token)
        // The same for the header's first byte.
        expect("One\n# \(filler.dropFirst())|y", "One\n", .header)
        expect("One\n# \(filler)|y", "One\n# " + filler, .token)
    }

    @Test func `a character is kept whole or not at all`() {
        for (character, name) in [
            ("é", "one scalar"), ("e\u{301}", "a combining mark"), ("👩‍👩‍👧‍👦", "a family"), ("🇨🇭", "a flag"),
            ("\r\n", "an end of line"),
            ("한", "a syllable"), ("\u{1112}\u{1161}\u{11AB}", "its parts"), ("क्षि", "a conjunct"),
            ("👍🏽", "a tone of skin"),
        ] {
            let text = "ab\(character)c"
            let length = text.utf8.count
            for limit in 2..<length - 1 {
                let cut = SemanticTruncation.cut(text, tokenEnds: Array(1...length), limit: limit)
                #expect(cut.text == "ab" && cut.tokens == 2 && cut.deltaTokens == limit - 2, "\(name)")
            }
            let cut = SemanticTruncation.cut(text, tokenEnds: Array(1...length), limit: length - 1)
            #expect(cut.text == "ab\(character)" && cut.boundary == .token, "\(name)")
        }
        // Each flag is two scalars: an odd half is never left, nor taken from the next.
        expect("🇨🇭🇩🇪🇫🇷|", "🇨🇭🇩🇪🇫🇷", .whole)
        let flags = SemanticTruncation.cut("🇨🇭🇩🇪🇫🇷", tokenEnds: [4, 8, 12, 16, 20, 24], limit: 3)
        #expect(flags == TextCut(text: "🇨🇭", tokens: 2, deltaTokens: 1, boundary: .token))
        // A mark after the full stop makes it a character of its own.
        expect("One. Two.\u{301} thr|ee", "One.")
        let family = SemanticTruncation.cut("👩‍👩‍👧‍👦", tokenEnds: Array(1...25), limit: 24)
        #expect(family == TextCut(text: "", tokens: 0, deltaTokens: 24, boundary: .none))
    }

    @Test func `tokens are counted up to the cut, the one that it parts included`() {
        // "One. Two" and " three": the sentence's end is inside the first token.
        let cut = SemanticTruncation.cut("One. Two three four", tokenEnds: [8, 14, 19], limit: 2)
        #expect(cut == TextCut(text: "One.", tokens: 1, deltaTokens: 1, boundary: .sentence))
        // Tokens that end inside characters.
        let half = SemanticTruncation.cut("ééé", tokenEnds: [1, 3, 5, 6], limit: 3)
        #expect(half == TextCut(text: "éé", tokens: 3, deltaTokens: 0, boundary: .token))
    }
}
