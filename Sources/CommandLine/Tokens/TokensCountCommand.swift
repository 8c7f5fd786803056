import ArgumentParser
import OrchCore
import OrchTokens

/// `orch tokens count`
struct TokensCountCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "count",
        abstract: "Say how many tokens a text has.",
        discussion: """
            The text alone is counted, without what a chat template puts around a message; `orch tokens prune` counts \
            whole requests. At most \(TokensInput.maximumBytes) bytes are read. A text that is not UTF-8 ends with exit \
            status 65.

            --json prints {"tokens", "bytes", "characters", "tokenizer", "fallback"}. characters are Unicode scalars. \
            With fallback, bytes were counted, since the vocabulary is not installed.

            Examples:
              orch tokens count letter.txt
              git diff | orch tokens count --model gpt-4o
              orch tokens count --model cl100k_base --json letter.txt
            """)

    @Argument(help: "The text's file; - or none reads standard input.", completion: .file())
    var file: String?

    @OptionGroup var tokens: TokensOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let text = try await TokensInput.text(of: file, in: session)
        let counter = try tokens.counter(workbench.tokens, in: session)
        let count = counter.tokens(of: text)
        try session.print(json: output.json, json(count, text, counter), orText: "\(count)\n")
    }

    private func json(_ count: Int, _ text: String, _ counter: TokenCounter) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("tokens", count)
        writer.member("bytes", text.utf8.count)
        writer.member("characters", text.unicodeScalars.count)
        writer.member("tokenizer", counter.name)
        writer.member("fallback", counter.isFallback)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
