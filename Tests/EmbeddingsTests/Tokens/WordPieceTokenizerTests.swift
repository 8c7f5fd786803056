import OrchEmbeddings
import Testing

/// Ids by a vocabulary that is made up; scripts/measure-embeddings holds real ones against Hugging Face's tokenizers.
struct WordPieceTokenizerTests {
    private func pieces(_ text: String, limit: Int = .max) throws -> [String] {
        let tokenizer = try WordPieceTokenizer(json: Array(TinyModel.tokenizer(TinyModel.pieces).utf8))
        return tokenizer.ids(of: text, limit: limit).map { TinyModel.pieces[Int($0)] }
    }

    @Test(
        arguments: [
            ("", []), ("   \t\n", []), ("a", ["a"]), ("A B", ["a", "b"]), ("ab", ["ab"]), ("aba", ["ab", "##a"]),
            ("ababc", ["ab", "##abc"]), ("abx", ["[UNK]"]), ("abx a", ["[UNK]", "a"]), ("a.b", ["a", ".", "b"]),
            ("..", [".", "."]), ("[CLS]", ["[UNK]", "[UNK]", "[UNK]"]), ("a\u{0}b", ["ab"]), ("a\u{200D}b", ["ab"]),
            ("á", ["a"]), ("a\u{301}\u{327}", ["a"]), ("Ａ", ["[UNK]"]), ("a字b", ["a", "字", "b"]),
            ("字字", ["字", "字"]),
            ("a\u{A0}b", ["a", "b"]), ("a\u{3000}b", ["a", "b"]), ("a\u{2028}b", ["a", "b"]), ("a\u{85}b", ["ab"]),
            ("a\u{FFFD}b", ["ab"]), ("a—b", ["a", "[UNK]", "b"]), ("👩‍👩‍👧", ["[UNK]"]), ("\u{301}", []),
            ("\u{E000}", []),
            ("a\u{37E}b", ["a", "[UNK]", "b"]),
        ] as [(String, [String])])
    func `a text has these pieces`(text: String, expected: [String]) throws {
        #expect(try pieces(text) == expected)
    }

    @Test func `a word of 100 letters has pieces, one of 101 is unknown`() throws {
        #expect(try pieces(String(repeating: "b", count: 100)).count == 100)
        #expect(try pieces(String(repeating: "b", count: 101)) == ["[UNK]"])
        #expect(try pieces(String(repeating: "b\u{301}", count: 100)).count == 100)
    }

    @Test func `a limit cuts inside a word`() throws {
        #expect(try pieces("a aba b", limit: 2) == ["a", "ab"])
        #expect(try pieces("a", limit: 0) == [])
    }

    @Test(arguments: ["a", "a ", ".", " ", "\u{0}", "\u{301}", "\u{302E}", "字", "ab.", "\u{1D165}\u{1D16E}a"])
    func `a mebibyte of one thing takes no long time`(unit: String) throws {
        let text = String(repeating: unit, count: (1 << 20) / unit.utf8.count / 4)
        _ = try pieces(text, limit: 254)
    }

    @Test func `marks that stay are put in the order of their classes`() throws {
        // U+302E has the class 224, U+1D165 the class 216: canonical order puts the second first.
        let names = ["[UNK]", "[CLS]", "[SEP]", "b\u{1D165}\u{302E}", "b\u{302E}\u{1D165}"]
        let tokenizer = try WordPieceTokenizer(json: Array(TinyModel.tokenizer(names).utf8))
        #expect(tokenizer.ids(of: "b\u{302E}\u{1D165}", limit: 9) == [3])
        #expect(tokenizer.ids(of: "b\u{1D165}\u{302E}", limit: 9) == [3])
    }

    @Test func `syllables of Hangul become their letters`() throws {
        let names = ["[UNK]", "[CLS]", "[SEP]", "\u{1112}\u{1161}\u{11AB}", "\u{1100}\u{1161}"]
        let tokenizer = try WordPieceTokenizer(json: Array(TinyModel.tokenizer(names).utf8))
        #expect(tokenizer.ids(of: "한 가", limit: 9) == [3, 4])
    }

    @Test(arguments: [
        ("[1", "invalid_model"), ("{}", "invalid_model"), (#"{"model":{"type":"BPE"}}"#, "unsupported_model"),
        (#"{"model":{"type":"WordPiece","vocab":{}}}"#, "unsupported_model"),
        (TinyModel.tokenizer(["[UNK]", "[CLS]"]), "invalid_model"),
        (
            TinyModel.tokenizer(["[UNK]", "[CLS]", "[SEP]"]).replacing(
                "\"lowercase\":true", with: "\"lowercase\":false"),
            "unsupported_model"
        ),
        (TinyModel.tokenizer(["[UNK]", "[CLS]", "[SEP]"]).replacing("[SEP]\":2", with: "[SEP]\":-2"), "invalid_model"),
        (
            TinyModel.tokenizer(["[UNK]", "[CLS]", "[SEP]"]).replacing("[SEP]\":2", with: "[SEP]\":9999999"),
            "invalid_model"
        ),
        (
            TinyModel.tokenizer(["[UNK]", "[CLS]", "[SEP]"]).replacing("_word\":100", with: "_word\":0"),
            "invalid_model"
        ),
    ])
    func `a tokenizer that is not this one is refused`(json: String, code: String) {
        let error = #expect(throws: EmbedderError.self) { try WordPieceTokenizer(json: Array(json.utf8)) }
        #expect(error?.codeName == code)
    }
}
