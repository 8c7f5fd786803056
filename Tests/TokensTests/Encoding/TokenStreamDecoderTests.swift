import OrchTokens
import Testing

struct TokenStreamDecoderTests {
    /// Ids 0 to 255 are the bytes.
    private func tokenizer(_ tokens: [String] = []) throws -> BytePairTokenizer {
        try RankFile.tokenizer(named: "cl100k_base", bytes: SmallVocabulary.rankFile(tokens))
    }

    @Test func `a character comes when its last byte does`() throws {
        var decoder = TokenStreamDecoder(try tokenizer())
        let pieces = try Array("aé字👍".utf8).map { try decoder.append(Int($0)) }
        #expect(pieces == ["a", "", "é", "", "", "字", "", "", "", "👍"])
        #expect(decoder.finish() == "")
    }

    @Test func `what is left at the end is replaced`() throws {
        var decoder = TokenStreamDecoder(try tokenizer())
        #expect(try decoder.append(0xF0) == "")
        #expect(try decoder.append(0x9F) == "")
        #expect(decoder.finish() == "\u{FFFD}")
        #expect(decoder.finish() == "")
    }

    @Test func `an unknown id is an error and changes nothing`() throws {
        var decoder = TokenStreamDecoder(try tokenizer())
        _ = try decoder.append(0xC3)
        #expect(throws: TokenizerError.self) { try decoder.append(5000) }
        #expect(try decoder.append(0xA9) == "é")
    }

    @Test func `all pieces together are the text of all bytes, whatever the tokens`() throws {
        let tokenizer = try tokenizer(["é!", "字字", "a👍"])
        var random = SystemRandomNumberGenerator()
        let leads: [Int] = [0x41, 0x80, 0x9F, 0xA0, 0xBF, 0xC1, 0xC3, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5]
        for _ in 0..<3000 {
            let ids = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? leads.randomElement(using: &random) ?? 0 : Int.random(in: 0..<259, using: &random)
            }
            var decoder = TokenStreamDecoder(tokenizer)
            var text = try ids.map { try decoder.append($0) }.joined()
            text += decoder.finish()
            let whole = String(decoding: try tokenizer.decode(ids), as: UTF8.self)
            guard Array(text.utf8) == Array(whole.utf8) else {
                Issue.record("the pieces of \(ids) differ from the whole")
                return
            }
        }
    }
}
