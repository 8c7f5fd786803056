import OrchCore
import OrchTokens
import Testing

struct BytePairTokenizerTests {
    private func json(
        tokens: [String] = [], merges: [String] = [], model: [String: JSONValue] = [:], root: [String: JSONValue] = [:]
    ) throws -> BytePairTokenizer {
        try TokenizerJSON.tokenizer(
            named: "small", bytes: SmallVocabulary.json(tokens: tokens, merges: merges, model: model, root: root))
    }

    @Test func `ranks of bytes decide what merges first, from the left`() throws {
        // 256 ab, 257 bc, 258 abc, 259 aa
        let tokenizer = try RankFile.tokenizer(
            named: "cl100k_base", bytes: SmallVocabulary.rankFile(["ab", "bc", "abc", "aa"]))
        #expect(tokenizer.encode("abc") == [258])
        #expect(tokenizer.encode("abcd") == [258, 100])
        #expect(tokenizer.encode("xbcab") == [120, 257, 256])
        #expect(tokenizer.encode("aaaaa") == [259, 259, 97])
        #expect(tokenizer.encode("aab") == [97, 256])
    }

    @Test func `listed merges decide by their order, not by ids`() throws {
        let tokenizer = try json(tokens: ["ab", "bc", "abc"], merges: ["b c", "a b", "a bc"])
        #expect(tokenizer.encode("abc") == [258])
        #expect(tokenizer.encode("abx") == [256, tokenizer.encode("x")[0]])
        let other = try json(tokens: ["ab", "bc", "abc"], merges: ["a b", "b c", "a bc"])
        #expect(other.encode("abc").count == 2, "ab comes first, and no merge makes abc of it")
    }

    @Test func `ignore_merges takes a piece that is a token whole`() throws {
        let merges = ["a b", "b c", "a bc"]
        let tokenizer = try json(tokens: ["ab", "bc", "abc"], merges: merges, model: ["ignore_merges": true])
        #expect(tokenizer.encode("abc") == [258])
        #expect(tokenizer.encode("abcd").first == 256)
    }

    @Test(arguments: [61, 100, 5000, 30000])
    func `long pieces give what short ones do`(_ length: Int) throws {
        let tokenizer = try RankFile.tokenizer(
            named: "cl100k_base", bytes: SmallVocabulary.rankFile(["aa", "ab", "ba", "aab", "aaaa", "abab"]))
        // The pieces of a and b by themselves, looked through again and again.
        var state: UInt64 = 7
        let bytes = (0..<length).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return state >> 60 < 9 ? 0x61 : 0x62
        }
        let ids = tokenizer.encode(String(decoding: bytes, as: UTF8.self))
        #expect(try tokenizer.decode(ids) == bytes)
        if length <= 100 { #expect(ids == Self.merged(bytes, tokenizer)) }
    }

    /// The definition: merge the leftmost of the pairs whose bytes are the token with the lowest id, until none is.
    private static func merged(_ bytes: [UInt8], _ tokenizer: BytePairTokenizer) -> [Int] {
        var ranks: [[UInt8]: Int] = [:]
        for id in 0..<262 { ranks[tokenizer.bytes(of: id) ?? []] = id }
        var parts = bytes.map { [$0] }
        while true {
            let candidates = zip(parts, parts.dropFirst()).enumerated().compactMap { place, pair in
                ranks[pair.0 + pair.1].map { (rank: $0, place: place) }
            }
            guard let best = candidates.min(by: { ($0.rank, $0.place) < ($1.rank, $1.place) }) else { break }
            parts[best.place] += parts.remove(at: best.place + 1)
        }
        return parts.compactMap { ranks[$0] }
    }

    @Test func `ends of tokens are offsets in the text`() throws {
        let tokenizer = try RankFile.tokenizer(named: "cl100k_base", bytes: SmallVocabulary.rankFile(["ab"]))
        var ends: [Int] = []
        Array("abé ab".utf8).withUnsafeBufferPointer { text in
            tokenizer.encode(utf8: text) { _, end in ends.append(end) }
            #expect(tokenizer.count(utf8: text) == ends.count)
        }
        #expect(ends == [2, 3, 4, 5, 7])
    }

    @Test func `bytes that are no UTF-8 are encoded as they are`() throws {
        let tokenizer = try RankFile.tokenizer(named: "o200k_base", bytes: SmallVocabulary.rankFile())
        let bytes: [UInt8] = [0x61, 0xFF, 0xC3, 0x20, 0xE2, 0x82, 0x0A, 0xF4, 0x9F, 0xBF, 0xBF, 0x80, 0xF0, 0x9F]
        var ids: [Int] = []
        bytes.withUnsafeBufferPointer { text in tokenizer.encode(utf8: text) { id, _ in ids.append(id) } }
        #expect(try tokenizer.decode(ids) == bytes)
    }

    @Test func `special tokens in a text are text, others are taken out`() throws {
        let added: JSONValue = [
            ["id": 257, "content": "<|end|>", "special": true, "normalized": false],
            ["id": 258, "content": "<tool>", "special": false, "normalized": false],
            ["id": 259, "content": "end", "special": false, "normalized": false],
        ]
        let tokenizer = try json(tokens: ["ab"], merges: ["a b"], root: ["added_tokens": added])
        #expect(tokenizer.encode("ab<tool>ab") == [256, 258, 256])
        #expect(tokenizer.encode("end") == [259])
        // The special token hides what begins inside it, as Hugging Face has it.
        #expect(tokenizer.encode("<|end|>").count == 7)
        #expect(tokenizer.specialTokens == ["<|end|>": 257])
        #expect(try tokenizer.decode([257, 258]) == Array("<|end|><tool>".utf8))
        #expect(tokenizer.size == 260)
    }

    @Test func `Form C comes first where the vocabulary asks for it`() throws {
        let tokenizer = try json(root: ["normalizer": ["type": "NFC"]])
        #expect(tokenizer.normalized("e\u{301}x").utf8.elementsEqual("\u{E9}x".utf8))
        #expect(tokenizer.encode("e\u{301}") == tokenizer.encode("\u{E9}"))
        // Signs that Unicode 9 did not have stay where they are, and Tibetan vowel signs are taken apart.
        let late = "a\u{345}\u{1ADB}\u{334}"
        #expect(tokenizer.normalized(late).utf8.elementsEqual(late.utf8))
        #expect(tokenizer.normalized("a\u{345}\u{F73}").utf8.elementsEqual("a\u{F71}\u{F72}\u{345}".utf8))
        let plain = try json()
        #expect(plain.encode("e\u{301}").count == 3)
    }

    @Test func `bytes without a token vanish, or become the unknown token`() throws {
        let vocab: JSONValue = ["a": 0, "b": 1, "ab": 2, "?": 3]
        let vanishing = try json(model: ["vocab": vocab, "merges": ["a b"]])
        #expect(vanishing.encode("a_b") == [0, 1])
        #expect(vanishing.encode("a\u{1}b") == [0, 1])
        let unknown = try json(model: ["vocab": vocab, "merges": ["a b"], "unk_token": "?"])
        #expect(unknown.encode("ab_") == [2, 3])
    }

    @Test(arguments: [-1, 260, 1_000_000, Int.max, Int.min])
    func `an unknown id is an error that names it and the range`(_ id: Int) throws {
        let tokenizer = try json(tokens: ["ab"], merges: ["a b"])
        #expect(throws: TokenizerError.self) { try tokenizer.decode([97, id]) }
        do {
            _ = try tokenizer.decode([id])
        } catch {
            #expect(error.description == "unknown_token: no token of small has the id \(id): ids are 0 to 256")
        }
        #expect(tokenizer.bytes(of: id) == nil)
    }

    @Test func `the same text gives the same ids from many callers at once`() async throws {
        let tokenizer = try RankFile.tokenizer(named: "o200k_base", bytes: SmallVocabulary.rankFile(["ab", "abab"]))
        let text = String(repeating: "ababa ", count: 200)
        let wanted = tokenizer.encode(text)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { tokenizer.encode(text) == wanted } }
            for await isSame in group { #expect(isSame) }
        }
    }
}
