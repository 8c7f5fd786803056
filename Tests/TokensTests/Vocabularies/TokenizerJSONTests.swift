import OrchCore
import OrchTokens
import Testing

struct TokenizerJSONTests {
    private func fault(_ bytes: [UInt8]) -> String? {
        do {
            _ = try TokenizerJSON.tokenizer(named: "small", bytes: bytes)
            return nil
        } catch {
            return error.description
        }
    }

    static let unsupportedModels: [([String: JSONValue], String)] = [
        (["type": "WordPiece"], "model.type is not BPE"), (["type": "Unigram"], "model.type is not BPE"),
        (["continuing_subword_prefix": "##"], "model.continuing_subword_prefix is set"),
        (["end_of_word_suffix": "</w>"], "model.end_of_word_suffix is set"), (["dropout": 0.1], "model.dropout is set"),
        (["byte_fallback": true], "model.byte_fallback is set"),
    ]

    @Test(arguments: unsupportedModels)
    func `a model of another kind is refused by name`(_ model: [String: JSONValue], _ message: String) {
        #expect(fault(SmallVocabulary.json(model: model)) == "unsupported_vocabulary: " + message)
    }

    static let unsupportedParts: [([String: JSONValue], String)] = [
        (["decoder": nil], "decoder is not ByteLevel"),
        (["decoder": ["type": "Metaspace"]], "decoder is not ByteLevel"),
        (["normalizer": ["type": "NFKC"]], "normalizer is not NFC"),
        (
            ["normalizer": ["type": "Sequence", "normalizers": [["type": "NFC"], ["type": "Lowercase"]]]],
            "normalizer holds more than NFC"
        ),
        (["pre_tokenizer": nil], "pre_tokenizer is missing"),
        (
            ["pre_tokenizer": ["type": "Whitespace"]],
            "pre_tokenizer is not ByteLevel, alone or after one Split or Digits"
        ),
        (
            ["pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": true]],
            "pre_tokenizer ByteLevel puts a blank before the text (add_prefix_space)"
        ),
        (
            ["pre_tokenizer": SmallVocabulary.split(#"\w+|\s+"#)],
            "the regular expression of pre_tokenizer Split is not a known one"
        ),
        (
            ["added_tokens": [["id": 256, "content": "x y", "lstrip": true]]], "added_tokens[0].lstrip is set"
        ),
        (
            ["added_tokens": [["id": 233, "content": "é"]]],
            "token 233 is looked for in the text, and stands for other bytes too"
        ),
    ]

    @Test(arguments: unsupportedParts)
    func `a part that is not known exactly is refused by name`(_ root: [String: JSONValue], _ message: String) {
        #expect(fault(SmallVocabulary.json(root: root)) == "unsupported_vocabulary: " + message)
    }

    static let invalidModels: [([String: JSONValue], String)] = [
        (["vocab": nil], "model.vocab is missing"), (["merges": nil], "model.merges is missing"),
        (["vocab": ["a": 0, "b": 0]], "two tokens of model.vocab have the id 0"),
        (["vocab": ["a": -1]], "an id of model.vocab is not a number from 0 to 1048575"),
        (["vocab": ["a": 1_048_576]], "an id of model.vocab is not a number from 0 to 1048575"),
        (["vocab": ["a": "0"]], "an id of model.vocab is not a number from 0 to 1048575"),
        (["vocab": ["": 0]], "token 0 has 0 bytes: a token has 1 to 65536"),
        (["vocab": ["字": 0]], "the vocabulary has no token for any byte"),
        (["merges": ["ab"]], "merge 0 is not two tokens and a blank"),
        (["merges": ["a b c"]], "merge 0 is not two tokens and a blank"),
        (["merges": [["a"]]], "merge 0 is neither a text nor a pair of texts"),
        (["merges": [7]], "merge 0 is neither a text nor a pair of texts"),
        (["merges": ["a 字"]], "merge 0 is not two tokens in the alphabet of bytes"),
        (["merges": [" b"]], "merge 0 is not two tokens in the alphabet of bytes"),
        (["merges": ["a bc"]], "merge 0 is of something that is not in the vocabulary"),
        (["merges": ["a b"]], "merge 0 makes a token that is not in the vocabulary"),
        (["ignore_merges": 1], "model.ignore_merges is not a boolean"),
        (["vocab": ["a": 0], "unk_token": "?"], "model.unk_token is not in model.vocab"),
    ]

    @Test(arguments: invalidModels)
    func `a malformed model is refused with its fault`(_ model: [String: JSONValue], _ message: String) {
        #expect(fault(SmallVocabulary.json(model: model)) == "invalid_vocabulary: " + message)
    }

    @Test func `a merge that is there twice is refused`() {
        let bytes = SmallVocabulary.json(tokens: ["ab"], merges: ["a b", "a b"])
        #expect(fault(bytes) == "invalid_vocabulary: merge 1 is there twice")
    }

    @Test func `what is no JSON, or no object, is refused with the place`() {
        #expect(fault(Array("{".utf8))?.hasPrefix("invalid_vocabulary: the file is not JSON: ") == true)
        #expect(fault(Array("[]".utf8)) == "invalid_vocabulary: the file is not an object, but an array")
        #expect(fault(Array("{}".utf8)) == "invalid_vocabulary: model is missing")
    }

    static let invalidAdded: [(JSONValue, String)] = [
        (7, "added_tokens is not an array"),
        ([["id": -1, "content": "x"]], "added_tokens[0].id is not a number from 0 to 1048575"),
        ([["id": 256, "content": ""]], "added_tokens[0].content is not a text, or empty"),
        ([["id": 256, "content": "x y"], ["id": 256, "content": "z z"]], "two of added_tokens have the id 256"),
        ([["id": 256, "content": "a"]], "the added token 256 stands in model.vocab under another id or text"),
        ([["id": 5, "content": "a b"]], "the added token 5 stands in model.vocab under another id or text"),
    ]

    @Test(arguments: invalidAdded)
    func `malformed added tokens are refused with their fault`(_ added: JSONValue, _ message: String) {
        #expect(fault(SmallVocabulary.json(root: ["added_tokens": added])) == "invalid_vocabulary: " + message)
    }

    @Test func `merges as pairs are merges as texts`() throws {
        let pairs = SmallVocabulary.json(tokens: ["ab"], model: ["merges": [["a", "b"]]])
        #expect(try TokenizerJSON.tokenizer(named: "small", bytes: pairs).encode("ab") == [256])
    }

    @Test func `files that are cut or changed anywhere are read or refused, never a trap`() throws {
        let added: JSONValue = [
            ["id": 258, "content": "<t>", "special": false], ["id": 259, "content": "<s>", "special": true],
        ]
        let bytes = SmallVocabulary.json(
            tokens: ["ab", "abc"], merges: ["a b", "ab c"],
            root: ["added_tokens": added, "normalizer": ["type": "NFC"]])
        try Damage.each(bytes, rounds: 60) { bytes in
            _ = try TokenizerJSON.tokenizer(named: "small", bytes: bytes).count("abc <t> e\u{301} 123")
        }
    }
}
