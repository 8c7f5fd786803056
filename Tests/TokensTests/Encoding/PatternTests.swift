import OrchCore
import OrchTokens
import Testing

/// Each pattern's pieces, seen through a vocabulary in which exactly the wanted pieces are tokens.
struct PatternTests {
    static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    static let tail = #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    static let llama3 = contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"# + tail
    static let qwen2 = contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"# + tail
    static let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
    static let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
    static let o200k =
        #"[^\r\n\p{L}\p{N}]?"# + upper + "*" + lower + "+" + contractions + #"?|[^\r\n\p{L}\p{N}]?"# + upper + "+"
        + lower
        + "*" + contractions + #"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    static let digits: JSONValue = [
        "type": "Sequence",
        "pretokenizers": [["type": "Digits", "individual_digits": true], SmallVocabulary.byteLevel],
    ]

    private func check(_ pre: JSONValue, _ pieces: [String]) throws {
        let tokens = Set(pieces.filter { $0.utf8.count > 1 }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let bytes = SmallVocabulary.json(tokens: tokens, pre: pre, model: ["ignore_merges": true])
        let tokenizer = try TokenizerJSON.tokenizer(named: "pieces", bytes: bytes)
        let found = tokenizer.encode(pieces.joined()).map { tokenizer.bytes(of: $0) ?? [] }
        #expect(found == pieces.map { Array($0.utf8) })
    }

    @Test(arguments: [
        ["a", " b", " ", " c"], ["don", "'t", " stop"], ["'s", "'re", "'", "RE"], ["it", "'", "S"],
        ["x", " 123456", " ½"],
        ["a", "\n\n", "\n", "b"], ["a", "  \n"], [" ", " !!", " ", "\t", "x"], ["…", " ¿", "qué", "?"],
        ["\u{301}", "a"],
        [" ", "\u{A0}", "x"], ["a", "'", "ſ"],
    ])
    func `GPT-2 splits as its expression`(_ pieces: [String]) throws {
        try check(SmallVocabulary.byteLevel, pieces)
    }

    @Test(arguments: [
        ["a", " ", "1", "2", " b"], ["  ", "1"], ["\n\n", "½", "x"], ["x", "'s", "3", "'t"], [" ", " a"],
    ])
    func `digits come one by one before GPT-2's expression, and end the white space`(_ pieces: [String]) throws {
        try check(Self.digits, pieces)
    }

    @Test(arguments: [
        ["a", " b", " ", " c"], ["DON", "'T", "x"], ["x", "'ſ", "y"], ["123", "456", "7", " ", "8"],
        ["\tx", ".y", "-z"],
        ["!!\n\n", "a"], [" !\r\n", " ", " a"], ["a", " \n \n", "  ", " b"], ["a", "\n", "  "], ["\n", "a"],
        ["\u{301}a"],
        [" \u{301}", " b"], ["a", "\u{3000}b"], ["'", "1"], ["'s", "t"],
    ])
    func `Llama 3 splits as its expression`(_ pieces: [String]) throws {
        try check(SmallVocabulary.split(Self.llama3), pieces)
    }

    @Test(arguments: [["1", "2", "3"], ["a", "'LL", " b", " ", "4"], ["x", " \n", "  ", " y"]])
    func `Qwen 2 takes every digit alone`(_ pieces: [String]) throws {
        try check(SmallVocabulary.split(Self.qwen2), pieces)
    }

    @Test(arguments: [
        ["Hello", "World"], ["HTTPServer"], ["ABC", " DEf"], ["it's", " IT'S", "x"], ["don'ſ", "t"], ["a", "'", "1"],
        ["字a", "B"], ["A字", "B"], ["\u{301}", "ABC"], ["\u{301}abc"], ["\u{301}'s", "\n"], ["-\u{301}A\u{301}", "B"],
        ["../\n/", "x"], [" /\n", " ", " a"], ["ǅa"], ["aʰ", "A"], ["ʰAb"], ["123", "4"],
        ["a", " \n", "  ", " b"],
    ])
    func `o200k splits by case`(_ pieces: [String]) throws {
        try check(SmallVocabulary.split(Self.o200k), pieces)
    }
}
