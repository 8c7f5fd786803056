import Testing

@testable import OrchTokens

@Suite struct WordsTests {
    @Test(
        arguments: [
            ("", []),
            (" \n.,!?", []),
            ("Hello, World 42!", ["hello", "world", "42"]),
            ("It's the C3-level", ["it", "s", "the", "c3", "level"]),
            ("ÉCOLE Straße Ωmega", ["école", "straße", "ωmega"]),
            ("snake_case a1b2", ["snake", "case", "a1b2"]),
        ] as [(String, [String])])
    func `words are runs of letters and digits in small letters`(text: String, words: [String]) {
        #expect(Words.all(in: text) == words)
    }

    @Test(arguments: [
        ("meetings", "meeting"), ("studies", "study"), ("glass", "glass"), ("bus", "bus"), ("this", "this"),
        ("gas", "gas"), ("ties", "tie"), ("flies", "fly"), ("houses", "house"), ("élèves", "élèves"),
    ])
    func `plain plurals lose their s`(word: String, expected: String) {
        #expect(Words.all(in: word) == [expected])
    }

    @Test func `composed and decomposed letters are the same word`() {
        #expect(Words.all(in: "cafe\u{301}") == Words.all(in: "caf\u{E9}"))
    }

    @Test(
        arguments: [
            ("漢字", ["漢字"]),
            ("猫", ["猫"]),
            ("東京都に", ["東京", "京都", "都に"]),
            ("abc東京def", ["abc", "東京", "def"]),
            ("東 京", ["東", "京"]),
            ("한국어", ["한국", "국어"]),
            ("ราคา", ["รา", "าค", "คา"]),
        ] as [(String, [String])])
    func `scripts without spaces give pairs of characters`(text: String, words: [String]) {
        #expect(Words.all(in: text) == words)
    }
}
