import Testing

@testable import OrchRouting

@Suite struct FoldedTextTests {
    private func fold(_ text: String) -> String {
        var bytes: [UInt8] = []
        FoldedText.append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("", ""), (" ", ""), ("\u{0}\u{1F}\u{7F}\u{85}\u{A0}\u{3000}", ""), ("a", "a"), ("  a  b ", "a b"),
        ("a\u{0}b", "a b"), ("a\u{1B}\u{9B}b", "a b"), ("a\u{7F}b", "a b"), ("a\r\n\tb", "a b"), ("a\u{A0}b", "a b"),
        ("a\u{85}b", "a b"), ("a\u{2028}\u{2029}b", "a b"), ("a\u{1680}b", "a b"), ("a\u{2009} \u{202F}b", "a b"),
        ("a\u{205F}\u{3000}b", "a b"), ("HELLO World", "hello world"), ("@[`{AZ", "@[`{az"), ("ÀÉ", "àé"),
        ("ПРИВЕТ", "привет"), ("\u{1E9E}", "ß"), ("STRAßE", "straße"), ("İ", "i\u{307}"), ("Ⱥ", "ⱥ"), ("𐐀", "𐐨"),
        ("\u{212A}", "k"), ("ΟΔΟΣ", "οδοσ"), ("ꭰ Ꭰ", "ꭰ ꭰ"), ("日本 語", "日本 語"), ("🙂  🙂", "🙂 🙂"),
    ])
    func `texts that ask the same fold to the same`(text: String, folded: String) {
        #expect(Array(fold(text).utf8) == Array(folded.utf8))
    }

    @Test(arguments: [
        ("ａｂｃ", "abc"), ("ＡＢＣ", "abc"), ("ı", "i"), ("I", "ı"), ("İ", "i"), ("ß", "ss"), ("οδος", "οδοσ"),
        ("é", "e\u{301}"), ("é", "e"), ("ﬁ", "fi"), ("a\u{200B}b", "a b"), ("a\u{200B}b", "ab"), ("a\u{AD}b", "ab"),
        ("\u{FEFF}a", "a"), ("a b", "ab"), ("１", "1"), ("ẞ", "ss"), ("a\u{180E}b", "a b"),
    ])
    func `texts that differ otherwise stay different`(one: String, other: String) {
        #expect(Array(fold(one).utf8) != Array(fold(other).utf8))
    }

    @Test func `every scalar folds as its properties say`() {
        for value in (0 as UInt32)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let properties = scalar.properties
            let isSpace = properties.isWhitespace || properties.generalCategory == .control
            let folded = isSpace ? " " : properties.lowercaseMapping
            var bytes: [UInt8] = []
            FoldedText.append("x\(scalar)Y", to: &bytes)
            guard bytes != Array("x\(folded)y".utf8) else { continue }
            Issue.record("U+\(String(value, radix: 16)) folds to \(bytes)")
        }
    }

    @Test func `what was folded folds to itself`() {
        var state: UInt64 = 1
        let alphabet: [Unicode.Scalar] = [
            "a", "B", " ", "\n", "\u{0}", "\u{85}", "\u{A0}", "İ", "ß", "ẞ", "Σ", "Ⱥ", "ａ", "Ａ", "𐐀", "\u{301}", "🙂",
            "\u{3000}",
        ]
        for _ in 0..<5000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            let once = fold(String(text))
            #expect(Array(fold(once).utf8) == Array(once.utf8))
            #expect(!once.unicodeScalars.contains { $0.properties.isWhitespace && $0 != " " })
            #expect(once.utf8.first != 0x20 && once.utf8.last != 0x20)
        }
    }
}
