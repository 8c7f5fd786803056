import OrchCore
import OrchTokens

/// A vocabulary of the 256 bytes and of some words, in the form of o200k_base.
enum TinyVocabulary {
    /// Each is a merge of two that come before it.
    static let words = ["he", "ll", "hell", "hello", " w", "or", " wor", "ld", " world", "us", "er", "user"]

    static func tokenizer(named name: String = "o200k_base") throws -> BytePairTokenizer {
        let tokens = (0..<256).map { [UInt8($0)] } + words.map { Array($0.utf8) }
        let lines = tokens.enumerated().map { "\(Base64.encode($1)) \($0)\n" }
        return try RankFile.tokenizer(named: name, bytes: Array(lines.joined().utf8))
    }

    /// Counts by it whatever the model, but for those named `bytes…`.
    static func catalog() throws -> TokenizerCatalog {
        let tokenizer = try tokenizer()
        return TokenizerCatalog(
            table: TokenizerTable(rows: [.init(models: ["bytes*"], tokenizer: "not-installed")]),
            standard: "o200k_base", local: nil, installed: ["o200k_base"], fallback: ByteFallbackCounter(margin: 1)
        ) { (_) throws(TokenizerError) in TokenizerCatalog.Vocabulary(tokenizer) }
    }
}
