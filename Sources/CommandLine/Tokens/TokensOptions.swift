import ArgumentParser
import OrchTokens

/// The option of every command about tokens.
struct TokensOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Whose tokens: a model, or a vocabulary such as o200k_base. The chat model's unless given.",
            valueName: "name"))
    var model: String?

    func validate() throws {
        guard model.map({ !$0.isEmpty }) ?? true else { throw ValidationError("--model wants a name") }
    }

    /// What counts, with a warning where it is bytes.
    func counter(_ bench: TokenBench, in session: Session) throws -> TokenCounter {
        let counter = bench.catalog.counter(for: model ?? bench.defaultModel)
        if counter.isFallback { try session.warn(Self.fallbackWarning) }
        return counter
    }

    /// What encodes and decodes.
    ///
    /// - Throws: ``CommandFailure`` where there are only bytes to count.
    func tokenizer(_ bench: TokenBench) throws(CommandFailure) -> BytePairTokenizer {
        guard let tokenizer = bench.catalog.counter(for: model ?? bench.defaultModel).tokenizer else {
            throw CommandFailure(
                .unavailable,
                "there is no vocabulary for this model, only its bytes are counted; ./scripts/assets install brings "
                    + "vocabularies")
        }
        return tokenizer
    }

    static let fallbackWarning =
        "there is no vocabulary for this model: its bytes are counted; ./scripts/assets install brings vocabularies"
}
