import Testing

@testable import OrchTokens

@Suite struct SentenceSplitterTests {
    private func split(_ text: String, limit: Int = 480) -> [String] {
        SentenceSplitter.sentences(of: text, limit: limit).map { String(text.utf8Slice($0.range)) }
    }

    @Test(
        arguments: [
            ("", []),
            (" \n\n ", []),
            ("no end", ["no end"]),
            ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
            ("Dr. Smith paid 3.50 dollars. Then he left.", ["Dr. Smith paid 3.50 dollars.", "Then he left."]),
            ("See e.g. Fig. 3 of v2.1. It is small.", ["See e.g. Fig. 3 of v2.1.", "It is small."]),
            ("\"Is it?\" he asked. \"Yes.\" She nodded.", ["\"Is it?\" he asked.", "\"Yes.\"", "She nodded."]),
            ("Das ist z.B. gut. Und das auch.", ["Das ist z.B. gut.", "Und das auch."]),
            ("¿Qué pasa? Nada. ¡Vamos!", ["¿Qué pasa?", "Nada.", "¡Vamos!"]),
            ("今天下雨。我们不去了！好吗？", ["今天下雨。", "我们不去了！", "好吗？"]),
            ("「行きます。」と彼は言った。雨だ。", ["「行きます。」", "と彼は言った。", "雨だ。"]),
            ("यह एक वाक्य है। यह दूसरा है।", ["यह एक वाक्य है।", "यह दूसरा है।"]),
            ("هل هذا سؤال؟ نعم.", ["هل هذا سؤال؟", "نعم."]),
            ("So . OK . It works , I think . And then", ["So .", "OK .", "It works , I think .", "And then"]),
            ("wait . . . What . net", ["wait . . .", "What . net"]),
        ] as [(String, [String])])
    func `sentences of prose`(text: String, expected: [String]) {
        #expect(split(text) == expected)
    }

    @Test func `a sentence may go over the end of a line, a paragraph's end ends it`() {
        #expect(split("One goes\non here. Two\n\nThree") == ["One goes\non here.", "Two", "Three"])
        #expect(split("One\r\nmore. Two\r\n\r\nThree\r\n") == ["One\r\nmore.", "Two", "Three"])
    }

    @Test func `list items, headings, quotes and rows are sentences without a full stop`() {
        let text = """
            # Plans
            - buy wood
            - ask Tom. He knows
              more
            1. first
            2) second

            Setext
            ======
            > quoted. Yes

            | a | b |
            | - | - |
            | 1 | 2 |
            """
        #expect(
            split(text) == [
                "# Plans", "buy wood", "ask Tom.", "He knows\n  more", "first", "second", "Setext", "quoted.", "Yes",
                "| a | b |", "| - | - |", "| 1 | 2 |",
            ])
        #expect(SentenceSplitter.sentences(of: text, limit: 480).count { $0.kind == .heading } == 2)
    }

    @Test func `a code fence is one, whatever is in it`() {
        let code = "```swift\nlet a = b.c. D\n\n# no heading\n```"
        #expect(split("Before. It\n\(code)\nAfter. End") == ["Before.", "It", code, "After.", "End"])
        #expect(SentenceSplitter.sentences(of: code, limit: 480) == [Sentence(range: 0..<code.utf8.count, kind: .code)])
    }

    @Test func `of a long fence, or one that is not closed, there are lines without the fence's own`() {
        let lines = (0..<20).map { "let value\($0) = \($0)" }
        for end in ["\n```", ""] {
            let pieces = split("```\n" + lines.joined(separator: "\n") + end, limit: 64)
            #expect(pieces.count > 5 && pieces.allSatisfy { !$0.contains("```") && $0.utf8.count <= 64 })
            #expect(pieces.joined(separator: "\n") == lines.joined(separator: "\n"))
        }
    }

    @Test func `what has no end is cut after a clause, else a word, else a character`() {
        let clauses = String(repeating: "some words here, ", count: 20)
        #expect(split(clauses, limit: 64).dropLast().allSatisfy { $0.hasSuffix(",") && $0.utf8.count <= 64 })
        let words = String(repeating: "word ", count: 100)
        #expect(split(words, limit: 64).allSatisfy { $0.hasSuffix("word") && $0.hasPrefix("word") })
        let han = String(repeating: "漢", count: 100)
        #expect(split(han, limit: 64).joined() == han)
        #expect(split(han, limit: 64).allSatisfy { $0.utf8.count <= 64 })
        let families = String(repeating: "👩‍👩‍👧‍👦", count: 20)
        #expect(split(families, limit: 64).allSatisfy { $0.count * 25 == $0.utf8.count })
        let marks = "e" + String(repeating: "\u{301}", count: 500)
        #expect(split(marks, limit: 64).joined().unicodeScalars.elementsEqual(marks.unicodeScalars))
    }

    @Test func `sentences are verbatim, in order, apart, and nothing but space is between them`() {
        let parts = [
            "One. ", "Two ", "\n", "\n\n", "- ", "# ", "> ", "```\n", "漢字。", "3.5 ", "Dr. ", "| x ", " . ", "e\u{301}",
        ]
        var state: UInt64 = 7
        for _ in 0..<300 {
            let text = (0..<SampleTalk.next(&state, 30)).map { _ in parts[SampleTalk.next(&state, parts.count)] }
                .joined()
            let sentences = SentenceSplitter.sentences(of: text, limit: 32)
            var place = 0
            for sentence in sentences {
                #expect(sentence.range.lowerBound >= place && !sentence.range.isEmpty)
                place = sentence.range.upperBound
                let slice = text.utf8Slice(sentence.range)
                #expect(slice.utf8.elementsEqual(Array(text.utf8)[sentence.range]))
                #expect(slice.first?.isWhitespace == false && slice.last?.isWhitespace == false)
            }
            let kept = Words.all(in: sentences.map { String(text.utf8Slice($0.range)) }.joined(separator: " "))
            #expect(kept == Words.all(in: text))
        }
    }
}
