import OrchCore
import OrchTokens
import Testing

struct RankFileTests {
    static let faults: [(String, String)] = [
        ("", "the file is empty"),
        ("YQ== 0\nYg==\n", "line 2: not a token in base 64, a blank and a rank"),
        ("YQ= 0\n", "line 1: not a token in base 64, a blank and a rank"),
        ("YR== 0\n", "line 1: not a token in base 64, a blank and a rank"),
        ("YQ==  0\n", "line 1: not a token in base 64, a blank and a rank"),
        ("YQ== x\n", "line 1: not a token in base 64, a blank and a rank"),
        ("YQ== 0 \n", "line 1: not a token in base 64, a blank and a rank"),
        ("YQ== -1\n", "line 1: not a token in base 64, a blank and a rank"),
        ("YQ== 123456789\n", "line 1: not a token in base 64, a blank and a rank"),
        (" 0\n", "line 1: not a token in base 64, a blank and a rank"),
        ("YQ== 0\n\n", "line 2: not a token in base 64, a blank and a rank"),
        ("Y!== 0\n", "line 1: not a token in base 64, a blank and a rank"),
        ("YQ==YQ== 0\n", "line 1: not a token in base 64, a blank and a rank"),
        ("YQ== 1\n", "line 1: the rank 1 is too high for a file of 1 tokens"),
        ("YQ== 0\nYg== 0\n", "line 2: line 1 has the rank 0 too"),
        ("YQ== 0\nYQ== 1\n", "the tokens 0 and 1 have the same bytes"),
        ("YQ== 0\nYg== 1\n", "no token is the byte 0 alone"),
        (String(repeating: "YWFh", count: 30000) + " 0\n", "line 1: a token has more than 65536 bytes"),
    ]

    @Test(arguments: faults) func `a malformed file is refused with its fault`(_ text: String, _ message: String) {
        #expect {
            try RankFile.tokenizer(named: "o200k_base", bytes: Array(text.utf8))
        } throws: { error in
            (error as? TokenizerError)?.description == "invalid_vocabulary: " + message
        }
    }

    @Test func `a name without a known pattern is refused`() {
        #expect {
            try RankFile.tokenizer(named: "p50k_base", bytes: SmallVocabulary.rankFile())
        } throws: { error in
            (error as? TokenizerError)?.description
                == "unsupported_vocabulary: no rank file of this name is known: its pattern is not in the file; "
                + "known are cl100k_base, o200k_base"
        }
    }

    @Test func `lines may come in any order, and end as on Windows`() throws {
        let lines = String(decoding: SmallVocabulary.rankFile(["ab"]), as: UTF8.self).split(separator: "\n")
        let bytes = Array(lines.reversed().joined(separator: "\r\n").utf8)
        #expect(try RankFile.tokenizer(named: "o200k_base", bytes: bytes).encode("ab") == [256])
    }

    @Test func `files that are cut or changed anywhere are read or refused, never a trap`() throws {
        try Damage.each(SmallVocabulary.rankFile(["ab", "abc"]), rounds: 60) { bytes in
            _ = try RankFile.tokenizer(named: "cl100k_base", bytes: bytes).count("abc é 123")
        }
    }
}
