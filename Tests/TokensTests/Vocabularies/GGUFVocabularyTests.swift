import OrchCore
import OrchTokens
import Testing

struct GGUFVocabularyTests {
    typealias Value = SmallVocabulary.Value

    private func fault(_ bytes: [UInt8]) -> String? {
        do {
            _ = try SmallVocabulary.readGGUF(bytes)
            return nil
        } catch {
            return error.description
        }
    }

    /// The fault of a file in which one key has another value, or none.
    private func fault(_ key: String, _ value: Value?) -> String? {
        var values = SmallVocabulary.ggufValues(tokens: ["ab"], merges: ["a b"]).filter {
            $0.0 != "tokenizer.ggml." + key
        }
        if let value { values.append(("tokenizer.ggml." + key, value)) }
        return fault(SmallVocabulary.gguf(values))
    }

    @Test(arguments: [UInt32(2), 3]) func `versions 2 and 3 are read`(_ version: UInt32) throws {
        let values = SmallVocabulary.ggufValues(tokens: ["ab"], merges: ["a b"])
        let vocabulary = try SmallVocabulary.readGGUF(SmallVocabulary.gguf(values, version: version))
        #expect(vocabulary.tokenizer.encode("ab") == [256])
        #expect(vocabulary.chatTemplate == nil)
    }

    @Test func `control tokens are never made from a text, user-defined ones are`() throws {
        let types = [UInt32](repeating: 1, count: 256) + [3, 4, 4]
        let values = SmallVocabulary.ggufValues(tokens: ["<|end|>", "<a>", "<a><a>"], types: types)
        let vocabulary = try SmallVocabulary.readGGUF(
            SmallVocabulary.gguf(values + [("tokenizer.chat_template", .string("{{ x }}"))]))
        #expect(vocabulary.tokenizer.encode("<|end|>").count == 7)
        #expect(vocabulary.tokenizer.encode("<a><a><a>") == [258, 257])
        #expect(vocabulary.tokenizer.specialTokens == ["<|end|>": 256])
        #expect(vocabulary.chatTemplate == "{{ x }}")
    }

    @Test func `gpt-4o's pattern is llama.cpp's stand-in`() throws {
        let values = SmallVocabulary.ggufValues(tokens: ["ÉÀ"].map { SmallVocabulary.written($0.utf8) }, pre: "gpt-4o")
        #expect(try SmallVocabulary.readGGUF(SmallVocabulary.gguf(values)).tokenizer.encode("a'ſ").count == 4)
    }

    @Test func `a part that is missing or of another kind is refused by name`() {
        #expect(fault("model", nil) == "invalid_vocabulary: tokenizer.ggml.model is missing")
        #expect(
            fault("model", .string("llama"))
                == "unsupported_vocabulary: tokenizer.ggml.model is not gpt2, the byte-level BPE")
        #expect(fault("model", .uint32(1)) == "invalid_vocabulary: tokenizer.ggml.model is not a text")
        #expect(
            fault("pre", nil) == "unsupported_vocabulary: tokenizer.ggml.pre is missing: the pattern is not known")
        #expect(
            fault("pre", .string("new"))?.hasPrefix(
                "unsupported_vocabulary: tokenizer.ggml.pre is none of the known patterns: gpt-2, ") == true)
        #expect(fault("tokens", nil) == "invalid_vocabulary: tokenizer.ggml.tokens is missing")
        #expect(fault("merges", nil) == "invalid_vocabulary: tokenizer.ggml.merges is missing")
        #expect(
            fault("merges", .string("a b")) == "invalid_vocabulary: tokenizer.ggml.merges is not an array of string")
        #expect(fault("merges", .strings(["ab"])) == "invalid_vocabulary: merge 0 is not two tokens and a blank")
        #expect(
            fault("token_type", .int32s([1]))
                == "invalid_vocabulary: tokenizer.ggml.token_type has 1 elements for 257 tokens")
        let bytesType = [UInt32](repeating: 1, count: 256) + [6]
        #expect(fault("token_type", .int32s(bytesType)) == "unsupported_vocabulary: token 256 has the type 6")
        #expect(fault("token_type", nil) == nil)
    }

    @Test func `another file or version is refused`() {
        #expect(fault([]) == "invalid_vocabulary: the file is no GGUF")
        #expect(fault(Array("GGML".utf8)) == "invalid_vocabulary: the file is no GGUF")
        #expect(
            fault(SmallVocabulary.gguf([], version: 1))
                == "unsupported_vocabulary: the file is a GGUF of version 1; 2 and 3 are known")
        #expect(fault(Array("GGUF".utf8)) == "invalid_vocabulary: the file ends at byte 4, inside its metadata")
    }

    static let hostile: [([UInt8], String)] = [
        (SmallVocabulary.gguf([], keys: .max), "byte 16: a length of 9223372036854775807 is more than the file holds"),
        (SmallVocabulary.gguf([], keys: -1), "byte 16: a length of 18446744073709551615 is more than the file holds"),
        (
            SmallVocabulary.gguf([]).dropLast(8) + Value.long(1) + Value.long(1 << 40),
            "byte 24: a length of 1099511627776 is more than the file holds"
        ),
        (
            SmallVocabulary.gguf([("k", Value(bytes: Value.word(9) + Value.word(8) + Value.long(8) + Value.long(0)))]),
            "byte 37: an array of 8 elements is more than the file holds"
        ),
        (
            SmallVocabulary.gguf([("k", Value(bytes: Value.word(9) + Value.word(9) + Value.long(0)))]),
            "byte 37: an array of arrays"
        ),
        (SmallVocabulary.gguf([("k", Value(bytes: Value.word(13)))]), "byte 33: 13 is no type of a value"),
        (
            SmallVocabulary.gguf([("tokenizer.a", .uint32(1)), ("tokenizer.a", .uint32(1))]),
            "byte 51: a key is there twice"
        ),
        (
            SmallVocabulary.gguf([("k", Value(bytes: [UInt8](repeating: 0, count: 100_000)))], keys: 70000),
            "the file has 70000 keys: more than 65536"
        ),
    ]

    @Test(arguments: hostile)
    func `hostile lengths are refused before anything is taken`(_ bytes: [UInt8], _ message: String) {
        #expect(fault(bytes) == "invalid_vocabulary: " + message)
    }

    @Test func `more merges than any vocabulary has are refused`() {
        let merges = Value(
            bytes: Value.word(9) + Value.word(8) + Value.long(2_097_153) + [UInt8](repeating: 0, count: 2_097_153 * 8))
        #expect(
            fault("merges", merges) == "invalid_vocabulary: the vocabulary has 2097153 merges: more than 2097152")
    }

    @Test func `files that are cut or changed anywhere are read or refused, never a trap`() throws {
        let types = [UInt32](repeating: 1, count: 258) + [4, 3]
        let values = SmallVocabulary.ggufValues(
            tokens: ["ab", "abc", "<t>", "<s>"], merges: ["a b", "ab c"], types: types)
        try Damage.each(SmallVocabulary.gguf(values), rounds: 100) { bytes in
            _ = try SmallVocabulary.readGGUF(bytes).tokenizer.count("abc <t> é 123")
        }
    }
}
