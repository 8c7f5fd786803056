import OrchCore
import OrchOrchestrator
import OrchTokens

@testable import OrchCommandLine

/// A vocabulary of the 256 bytes and of some words, in the form of o200k_base.
enum TinyVocabulary {
    /// Each is a merge of two that come before it; `he` is 256.
    private static let words = ["he", "ll", "hell", "hello", " w", "or", " wor", "ld", " world"]

    /// Counts by it whatever the model, but for those named `bytes…`.
    static func bench(budget: Int = 0) throws -> TokenBench {
        let tokens = (0..<256).map { [UInt8($0)] } + words.map { Array($0.utf8) }
        let lines = tokens.enumerated().map { "\(Base64.encode($1)) \($0)\n" }
        let tokenizer = try RankFile.tokenizer(named: "o200k_base", bytes: Array(lines.joined().utf8))
        let catalog = TokenizerCatalog(
            table: TokenizerTable(rows: [.init(models: ["bytes*"], tokenizer: "not-installed")]),
            standard: "o200k_base", local: nil, installed: ["o200k_base"], fallback: ByteFallbackCounter(margin: 1)
        ) { (_) throws(TokenizerError) in TokenizerCatalog.Vocabulary(tokenizer) }
        return TokenBench(
            catalog: catalog, defaultModel: "small", budget: TokenBudget(maximumTokens: budget))
    }

    /// An environment that has it.
    static func environment(budget: Int = 0) throws -> CommandEnvironment {
        var fixture = Fixture()
        fixture.tokens = try bench(budget: budget)
        return fixture.environment
    }
}
