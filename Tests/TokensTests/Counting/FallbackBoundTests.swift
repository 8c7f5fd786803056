import OrchCore
import OrchTestSupport
import OrchTokens
import Testing

/// Bytes are never fewer than tokens, of no vocabulary and no text.
@Suite struct FallbackBoundTests {
    private static let alphabets: [ClosedRange<UInt32>] = [
        0x20...0x7E, 0...0x1F, 0xC0...0x24F, 0x370...0x3FF, 0x900...0x97F, 0x958...0x95F, 0x3040...0x30FF,
        0x4E00...0x4FFF, 0xAC00...0xACFF, 0x1F300...0x1F6FF, 0x300...0x36F, 0x1D15E...0x1D164, 0x2FA00...0x2FA1D,
        0xE0020...0xE007F,
    ]

    private static func text(_ generator: inout SeededGenerator) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            let alphabet = alphabets[Int.random(in: 0..<alphabets.count, using: &generator)]
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                if let scalar = Unicode.Scalar(UInt32.random(in: alphabet, using: &generator)) {
                    scalars.append(scalar)
                }
            }
        }
        return String(scalars)
    }

    @Test(
        .enabled(if: InstalledVocabulary.isWanted, "no vocabularies: run scripts/assets install"),
        arguments: ["o200k_base", "cl100k_base", "local"])
    func `no installed vocabulary makes more tokens of a text than its bytes count`(_ name: String) throws {
        let tokenizer = try InstalledVocabulary.tokenizer(name)
        let counter = TokenCounter(fallback: ByteFallbackCounter(margin: 1))
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<3000 {
            let text = Self.text(&generator)
            guard counter.tokens(of: text) >= tokenizer.count(text) else {
                Issue.record("\(Array(text.unicodeScalars))")
                return
            }
        }
    }

    @Test func `nor does one that brings texts into Form C`() throws {
        // Every byte is a token, so that counts are as large as they can be.
        let json = SmallVocabulary.json(root: ["normalizer": ["type": "NFC"]])
        let tokenizer = try TokenizerJSON.tokenizer(named: "nfc", bytes: json)
        let counter = TokenCounter(fallback: ByteFallbackCounter(margin: 1))
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<3000 {
            let text = Self.text(&generator)
            #expect(counter.tokens(of: text) >= tokenizer.count(text))
        }
        #expect(tokenizer.count("\u{958}") == 6, "it grows")
    }
}
