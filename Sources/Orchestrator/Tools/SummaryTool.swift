import OrchCore
package import OrchTokens
package import OrchTools

extension Tool {
    /// Sums up a text by sentences of its own; see ``ExtractiveSummarizer``.
    package static func summarizeText(_ summarizer: ExtractiveSummarizer) -> Tool {
        Tool(
            name: "summarize_text",
            description: """
                Sums up a text by its most telling sentences, verbatim and in their order. The same text gives the same \
                summary, always.
                """,
            parameters: [
                "type": "object",
                "properties": [
                    "text": [
                        "type": "string", "minLength": 1, "maxLength": .integer(SummaryLimits.textLength),
                        "description": "The text.",
                    ],
                    "max_sentences": [
                        "type": "integer", "minimum": 1, "maximum": .integer(SummaryLimits.sentences),
                        "description": "How many sentences at most; 3 unless given.",
                    ],
                ],
                "required": ["text"],
                "additionalProperties": false,
            ],
            safe: true, timeout: .seconds(30)
        ) { arguments in
            let text = arguments["text"]?.stringValue ?? ""
            let sentences = arguments["max_sentences"]?.intValue ?? SummaryLimits.usualSentences
            do {
                return ToolOutput(try await summarizer.summary(of: text, sentences: sentences).text)
            } catch let error as EmbeddingError where error.code == .unavailable {
                // An embedder that is broken is as one that is not installed: words alone decide.
                return ToolOutput(try await ExtractiveSummarizer().summary(of: text, sentences: sentences).text)
            }
        }
    }
}

private enum SummaryLimits {
    /// Unicode scalars.
    static let textLength = 200_000
    static let sentences = 100
    static let usualSentences = 3
}
