import OrchTokens
import Testing

/// Ids that tiktoken 0.14 and llama.cpp gave; scripts/measure-tokens compares hundreds of thousands of texts.
@Suite(.enabled(if: InstalledVocabulary.isWanted, "scripts/assets install brings the vocabularies"))
struct PublishedIDsTests {
    static let o200k: [(String, [Int])] = [
        ("", []), ("Hello, world!", [13225, 11, 2375, 0]), ("tiktoken is great!", [83, 8251, 2488, 382, 2212, 0]),
        ("don't DON'T don\u{17F}t I'LL we'vE", [91418, 153384, 1700, 70067, 83, 3413, 7454, 581, 6, 85, 36]),
        ("  \n\n  x", [11691, 220, 1215]), ("a\n  ", [64, 198, 256]),
        ("\t\tif x:\r\n\r\n    y", [197, 1224, 1215, 69313, 271, 342]), ("12345 67", [7633, 2548, 220, 5462]),
        ("HelloWorld HTTPServer's ABCdef", [13225, 13046, 21929, 6444, 885, 33047, 1314]),
        ("\u{301}abc \u{301}ABC", [13430, 26682, 220, 13430, 44197]),
        ("Übergröße straße", [70249, 175163, 9642, 13153]),
        ("今天天气很好。", [10941, 1487, 25896, 148483, 788]), ("<|endoftext|>", [27, 91, 419, 1440, 919, 91, 29]),
        ("a/b//\n/c ../", [64, 7611, 22704, 14, 66, 51574]), ("café cafe\u{301}", [66, 103112, 50672, 13430]),
        ("   ", [271]), ("x   y", [87, 256, 342]), ("\u{3000}\u{A0} z", [1397, 5310, 579]),
        ("'s's'S", [885, 885, 31233]), ("x'\u{17F}", [87, 6, 70067]), ("…\r\n!", [1131, 370, 0]),
        ("٣٤٥٦ ½", [81473, 98713, 97336, 122513, 220, 27124]),
    ]
    static let cl100k: [(String, [Int])] = [
        ("", []), ("Hello, world!", [9906, 11, 1917, 0]), ("tiktoken is great!", [83, 1609, 5963, 374, 2294, 0]),
        (
            "don't DON'T don\u{17F}t I'LL we'vE",
            [15357, 956, 45373, 17773, 1541, 129, 123, 83, 358, 6, 4178, 584, 6, 85, 36]
        ),
        ("  \n\n  x", [19124, 220, 865]), ("a\n  ", [64, 198, 256]),
        ("\t\tif x:\r\n\r\n    y", [197, 748, 865, 33080, 262, 379]), ("12345 67", [4513, 1774, 220, 3080]),
        ("HelloWorld HTTPServer's ABCdef", [9906, 10343, 10339, 5592, 596, 19921, 755]),
        ("<|endoftext|>", [27, 91, 8862, 728, 428, 91, 29]), ("a/b//\n/c ../", [64, 3554, 2341, 2971, 22857]),
        ("x'\u{17F}", [87, 6, 129, 123]), ("٣٤٥٦ ½", [149, 96, 149, 97, 149, 98, 149, 99, 220, 27154]),
    ]

    @Test(arguments: o200k) func `o200k_base gives the published ids`(_ text: String, _ ids: [Int]) throws {
        try check("o200k_base", text, ids)
    }

    @Test(arguments: cl100k) func `cl100k_base gives the published ids`(_ text: String, _ ids: [Int]) throws {
        try check("cl100k_base", text, ids)
    }

    private func check(_ name: String, _ text: String, _ ids: [Int]) throws {
        let tokenizer = try InstalledVocabulary.tokenizer(name)
        #expect(tokenizer.encode(text) == ids)
        #expect(tokenizer.count(text) == ids.count)
        #expect(try tokenizer.decode(ids) == Array(text.utf8))
    }

    @Test func `sizes and special tokens are as published`() throws {
        let o200k = try InstalledVocabulary.tokenizer("o200k_base")
        #expect(o200k.size == 200_019)
        #expect(o200k.specialTokens == ["<|endoftext|>": 199_999, "<|endofprompt|>": 200_018])
        #expect(try o200k.decode([199_999]) == Array("<|endoftext|>".utf8))
        #expect(o200k.bytes(of: 199_998) == nil)
        let cl100k = try InstalledVocabulary.tokenizer("cl100k_base")
        #expect(cl100k.size == 100_277)
        #expect(cl100k.specialTokens["<|fim_suffix|>"] == 100_260)
    }

    @Test func `long runs of one letter give the known counts`() throws {
        let mebibyte = String(repeating: "a", count: 1 << 20)
        #expect(try InstalledVocabulary.tokenizer("cl100k_base").count(mebibyte) == 1 << 17)
        #expect(try InstalledVocabulary.tokenizer("o200k_base").count(String(mebibyte.prefix(1 << 16))) == 1 << 13)
    }

    @Test(arguments: ["o200k_base", "cl100k_base"])
    func `what is encoded is given back, whatever the scalars`(_ name: String) throws {
        let tokenizer = try InstalledVocabulary.tokenizer(name)
        // A prime step, so that over the ranges every block of scalars is met.
        for start in stride(from: UInt32(0), to: 0x110000, by: 0x8000) {
            var text = ""
            for value in stride(from: start, to: start + 0x8000, by: 17) {
                if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
            }
            #expect(try tokenizer.decode(tokenizer.encode(text)) == Array(text.utf8))
        }
    }

    @Test func `the local model's vocabulary gives llama.cpp's ids, and its chat template`() throws {
        let vocabulary = try InstalledVocabulary.local.get()
        #expect(vocabulary.tokenizer.size == 49_152)
        #expect(vocabulary.tokenizer.specialTokens["<|im_start|>"] == 1)
        #expect(vocabulary.chatTemplate?.hasPrefix("{% for message in messages %}") == true)
        // The bytes 04 and F1 have no token: they are left out, as llama.cpp does.
        #expect(vocabulary.tokenizer.encode("\u{04}").isEmpty)
        let text = "The 12 cats' hats  are\n\n\tfine; it's <|im_start|> 今天"
        #expect(try vocabulary.tokenizer.decode(vocabulary.tokenizer.encode(text)) == Array(text.utf8))
        #expect(!vocabulary.tokenizer.encode(text).contains(1))
    }
}
