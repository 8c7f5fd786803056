import Foundation
import OrchCore
import OrchTokens

/// Vocabularies of a few tokens, made for a test: the 256 bytes, then some longer tokens.
enum SmallVocabulary {
    /// How GPT-2's kind of file writes bytes.
    static func written(_ bytes: some Sequence<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.compactMap { alphabet[Int($0)] }))
    }

    private static let alphabet: [Unicode.Scalar] = {
        var next: UInt32 = 256
        return (UInt32(0)..<256).compactMap { byte in
            if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE {
                return Unicode.Scalar(byte)
            }
            defer { next += 1 }
            return Unicode.Scalar(next)
        }
    }()

    /// The texts of the 256 single bytes.
    static let bytes = (UInt8.min...UInt8.max).map { written([$0]) }

    // MARK: - Rank files

    static func rankFile(_ tokens: [String] = []) -> [UInt8] {
        let all = (UInt8.min...UInt8.max).map { [$0] } + tokens.map { Array($0.utf8) }
        return Array(all.enumerated().map { "\(Base64.encode($1)) \($0)\n" }.joined().utf8)
    }

    // MARK: - tokenizer.json

    static let byteLevel: JSONValue = ["type": "ByteLevel", "add_prefix_space": false, "use_regex": true]

    static func split(_ expression: String) -> JSONValue {
        [
            "type": "Sequence",
            "pretokenizers": [
                ["type": "Split", "pattern": ["Regex": .string(expression)], "behavior": "Isolated", "invert": false],
                ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false],
            ],
        ]
    }

    /// The members of a file; a test changes what it is about.
    static func json(
        tokens: [String] = [], merges: [String] = [], pre: JSONValue = byteLevel, model: [String: JSONValue] = [:],
        root: [String: JSONValue] = [:]
    ) -> [UInt8] {
        var vocab = JSONObject()
        vocab = JSONObject(
            (bytes + tokens.map { written($0.utf8) }).enumerated().map {
                JSONObject.Member(key: $1, value: .integer($0))
            })
        var modelObject: JSONObject = [
            "type": "BPE", "dropout": nil, "unk_token": nil, "byte_fallback": false, "vocab": .object(vocab),
            "merges": .array(merges.map { .string($0) }),
        ]
        for (key, value) in model { modelObject[key] = value }
        var object: JSONObject = [
            "version": "1.0", "added_tokens": [], "normalizer": nil, "pre_tokenizer": pre,
            "decoder": ["type": "ByteLevel"], "model": .object(modelObject),
        ]
        for (key, value) in root { object[key] = value }
        return JSONValue.object(object).serialized
    }

    // MARK: - GGUF

    /// A value of a GGUF file, type and bytes.
    struct Value {
        var bytes: [UInt8]

        static func string(_ text: String) -> Value { Value(bytes: word(8) + self.text(text)) }

        static func strings(_ texts: [String]) -> Value {
            Value(bytes: word(9) + word(8) + long(texts.count) + texts.flatMap { text($0) })
        }

        static func int32s(_ values: [UInt32]) -> Value {
            Value(bytes: word(9) + word(5) + long(values.count) + values.flatMap { word($0) })
        }

        static func uint32(_ value: UInt32) -> Value { Value(bytes: word(4) + word(value)) }

        static func word(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        static func long(_ value: Int) -> [UInt8] {
            withUnsafeBytes(of: UInt64(bitPattern: Int64(value)).littleEndian) { Array($0) }
        }
        static func text(_ text: String) -> [UInt8] { long(text.utf8.count) + text.utf8 }
    }

    static func gguf(_ values: [(String, Value)], version: UInt32 = 3, keys: Int? = nil) -> [UInt8] {
        var bytes = Array("GGUF".utf8) + Value.word(version) + Value.long(0) + Value.long(keys ?? values.count)
        for (key, value) in values { bytes += Value.text(key) + value.bytes }
        return bytes
    }

    /// The values of a small vocabulary; a test changes what it is about.
    static func ggufValues(
        tokens: [String] = [], merges: [String] = [], pre: String = "gpt-2", types: [UInt32]? = nil
    ) -> [(String, Value)] {
        [
            ("general.architecture", .string("llama")), ("general.count", .uint32(1)),
            ("tokenizer.ggml.model", .string("gpt2")), ("tokenizer.ggml.pre", .string(pre)),
            ("tokenizer.ggml.tokens", .strings(bytes + tokens)),
            ("tokenizer.ggml.token_type", .int32s(types ?? [UInt32](repeating: 1, count: 256 + tokens.count))),
            ("tokenizer.ggml.merges", .strings(merges)),
        ]
    }

    static func readGGUF(_ bytes: [UInt8]) throws(TokenizerError) -> GGUFVocabulary {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(TokenizerError) in try GGUFVocabulary(named: "small", bytes: bytes) }
        }
        return try result.get()
    }
}
