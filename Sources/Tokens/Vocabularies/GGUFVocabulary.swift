/// The vocabulary inside a GGUF model file (versions 2 and 3), with llama.cpp's ids: those of `llama_tokenize` without
/// special tokens added or parsed. Tokens of type USER_DEFINED are taken out of the text, as llama.cpp does.
///
/// Only the metadata at the file's beginning is touched, so that a mapped file stays out of memory.
package struct GGUFVocabulary: Sendable {
    package let tokenizer: BytePairTokenizer
    /// `tokenizer.chat_template`, where the file has one that is UTF-8.
    package let chatTemplate: String?
    /// How many bytes at the file's beginning were read.
    package let endOfMetadata: Int

    /// Reads a file's metadata.
    ///
    /// - Throws: ``TokenizerError`` naming the first fault, or the part that is not supported.
    package init(named name: String, bytes: UnsafeRawBufferPointer) throws(TokenizerError) {
        let metadata = try GGUFMetadata(bytes)
        guard let model = try metadata.string("tokenizer.ggml.model") else {
            throw .invalid("tokenizer.ggml.model is missing")
        }
        guard model == "gpt2" else { throw .unsupported("tokenizer.ggml.model is not gpt2, the byte-level BPE") }
        guard let pre = try metadata.string("tokenizer.ggml.pre") else {
            throw .unsupported("tokenizer.ggml.pre is missing: the pattern is not known")
        }
        guard let kind = Self.kinds[pre] else {
            throw .unsupported(
                "tokenizer.ggml.pre is none of the known patterns: " + Self.kinds.keys.sorted().joined(separator: ", "))
        }
        var (vocabulary, added) = try Self.readTokens(metadata)
        try Self.readMerges(metadata, &vocabulary)
        tokenizer = try vocabulary.tokenizer(
            named: name,
            PairVocabulary.Settings(
                pattern: kind.pattern, profile: kind.profile, added: AddedTokens(oneByOne: added),
                takesWholePieces: kind.takesWholePieces))
        endOfMetadata = metadata.end
        chatTemplate = try metadata.string("tokenizer.chat_template")
    }

    /// The tokenizer alone.
    package static func tokenizer(
        named name: String, bytes: UnsafeRawBufferPointer
    ) throws(TokenizerError) -> BytePairTokenizer {
        try GGUFVocabulary(named: name, bytes: bytes).tokenizer
    }

    private struct Kind {
        var pattern: TokenPattern
        var profile = ScalarProfile.llama
        var takesWholePieces = false
    }

    /// What llama.cpp does for the values of `tokenizer.ggml.pre`.
    private static let kinds: [String: Kind] = [
        "gpt-2": Kind(pattern: .gpt2),
        "gpt-4o": Kind(pattern: .o200k, profile: .llamaCases),
        "llama-bpe": Kind(pattern: .llama3, takesWholePieces: true),
        "llama3": Kind(pattern: .llama3, takesWholePieces: true),
        "qwen2": Kind(pattern: .qwen2),
        "smollm": Kind(pattern: .gpt2Digits),
        "starcoder": Kind(pattern: .gpt2Digits),
    ]

    private static func readTokens(
        _ metadata: GGUFMetadata
    ) throws(TokenizerError) -> (PairVocabulary, [AddedTokens.Token]) {
        guard var tokens = try metadata.array("tokenizer.ggml.tokens", of: .string) else {
            throw .invalid("tokenizer.ggml.tokens is missing")
        }
        guard tokens.count <= VocabularyLimits.tokens else {
            throw .invalid("tokenizer.ggml.tokens has \(tokens.count) elements: more than \(VocabularyLimits.tokens)")
        }
        var types = try metadata.array("tokenizer.ggml.token_type", of: .int32)
        if let types, types.count != tokens.count {
            throw .invalid("tokenizer.ggml.token_type has \(types.count) elements for \(tokens.count) tokens")
        }
        var vocabulary = PairVocabulary()
        var added: [AddedTokens.Token] = []
        for id in 0..<tokens.count {
            let text = try tokens.reader.string()
            let type = try types?.reader.uint32() ?? 1
            switch type {
            case 1, 5: try vocabulary.append(text, .ordinary)
            case 2, 3: try vocabulary.append(text, .special)
            case 4:
                try vocabulary.append(text, .added)
                added.append(AddedTokens.Token(bytes: Array(text), id: id, isSpecial: false, isNormalized: false))
            default: throw .unsupported("token \(id) has the type \(Int32(bitPattern: type))")
            }
        }
        guard added.count <= 1024 else { throw .unsupported("the file has more than 1024 tokens of type USER_DEFINED") }
        return (vocabulary, added)
    }

    private static func readMerges(
        _ metadata: GGUFMetadata, _ vocabulary: inout PairVocabulary
    ) throws(TokenizerError) {
        guard var merges = try metadata.array("tokenizer.ggml.merges", of: .string) else {
            throw .invalid("tokenizer.ggml.merges is missing")
        }
        try vocabulary.beginMerges(merges.count)
        for index in 0..<merges.count {
            let text = try merges.reader.string()
            guard let blank = text.firstIndex(of: 0x20) else {
                throw .invalid("merge \(index) is not two tokens and a blank")
            }
            try vocabulary.merge(text[..<blank], text[(blank + 1)...])
        }
    }
}
