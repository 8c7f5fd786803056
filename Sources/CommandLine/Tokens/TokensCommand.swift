import ArgumentParser

/// `orch tokens`
struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "Count, encode and decode the tokens of texts, and see what pruning would drop.",
        discussion: """
            Tokens are those of a model's vocabulary, by config/tokenizers.yaml. Where it is not installed, bytes are \
            counted: never too few, and about four times as many for English. ./scripts/assets install brings the \
            vocabularies.
            """,
        subcommands: [
            TokensCountCommand.self, TokensEncodeCommand.self, TokensDecodeCommand.self, TokensPruneCommand.self,
        ])
}
