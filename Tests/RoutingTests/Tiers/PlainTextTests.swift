import OrchRouting
import Testing

@Suite struct PlainTextTests {
    static let folds: [(String, String)] = [
        ("dr\u{200B}op", "drop"), ("ｄｒｏｐ", "drop"), ("ＡＺ～！", "AZ~!"), ("a\u{3000}b", "a b"), ("a  b", "a b"),
        ("a \u{200B} b", "a b"), ("a\t\r\nb", "a b"), ("so\u{AD}ft", "soft"), ("d\u{E0064}r", "dr"),
        ("a\u{FE0F}b", "ab"), ("a\u{E0101}b", "ab"), ("\u{202E}abc\u{202C}", "abc"), ("\u{FEFF}a", "a"),
        ("a\u{0}b", "ab"), ("a\u{85}b\u{A0}c\u{2028}d", "a b c d"), ("a\u{34F}b", "ab"), ("a\u{3164}b", "ab"),
        ("\u{200B}", ""), ("\u{2003}", " "), ("a\u{7F}b", "ab"), (" \u{3000}ａ", " a"),
    ]

    @Test(arguments: folds)
    func `what hides words is gone`(_ text: String, _ plain: String) throws {
        let folded = try #require(PlainText.folded(text))
        #expect(Array(folded.unicodeScalars) == Array(plain.unicodeScalars))
    }

    static let plain = [
        "", "a", " ", "drop table", " a b ", "Ünïcödé", "e\u{301}", "日本語", "😀", "ｱ", "«»", "²", "\u{1F1E9}\u{1F1EA}",
    ]

    @Test(arguments: plain)
    func `a text that hides nothing is itself`(_ text: String) { #expect(PlainText.folded(text) == nil) }

    // MARK: Laws

    /// In steps, each over the whole text.
    private static func reference(_ text: String) -> [Unicode.Scalar] {
        let shown = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
        }
        let spaced = shown.map { $0.properties.isWhitespace ? " " : $0 }
        let visible = spaced.filter { scalar in
            let category = scalar.properties.generalCategory
            return category != .control && category != .format && !scalar.properties.isDefaultIgnorableCodePoint
        }
        var result: [Unicode.Scalar] = []
        for scalar in visible where scalar != " " || result.last != " " { result.append(scalar) }
        return result
    }

    private static func check(_ text: String) {
        let (before, expected) = (Array(text.unicodeScalars), reference(text))
        let folded = PlainText.folded(text)
        let after = Array((folded ?? text).unicodeScalars)
        let isLawful =
            after == expected && (folded == nil) == (before == expected) && after.count <= before.count
            && PlainText.folded(String(String.UnicodeScalarView(after))) == nil
        if !isLawful { Issue.record("\(before.map { String($0.value, radix: 16) })") }
    }

    @Test func `of any text it is the same in steps, nil exactly where nothing changes, never longer, and final`() {
        var generator = Generator(state: 20_261_127)
        // Places where much is hidden, then all of them.
        let ranges: [ClosedRange<UInt32>] = [
            0x20...0x20, 0x20...0x7E, 0...0x20, 0x7F...0xAD, 0x2000...0x206F, 0xFF00...0xFF60, 0xFE00...0xFE0F,
            0xE0000...0xE01EF, 0x3000...0x3000, 0x1160...0x1160, 0x300...0x36F, 0x80...0xD7FF, 0xE000...0x10FFFF,
        ]
        for _ in 0..<20_000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...10, using: &generator) {
                let range = ranges[Int.random(in: 0..<ranges.count, using: &generator)]
                if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) { text.append(scalar) }
            }
            Self.check(String(text))
        }
    }

    @Test(arguments: [0...0xFFFF, 0xE0000...0xE0FFF] as [ClosedRange<UInt32>])
    func `the laws hold of every scalar where any is hidden, between letters`(_ values: ClosedRange<UInt32>) {
        for value in values {
            if let scalar = Unicode.Scalar(value) { Self.check("a\(scalar)b") }
        }
    }

    /// SplitMix64.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }
}
