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
            let summary = try await summarizer.summary(
                of: text, sentences: arguments["max_sentences"]?.intValue ?? SummaryLimits.usualSentences)
            return ToolOutput(summary.text)
        }
    }
}

private enum SummaryLimits {
    /// Unicode scalars.
    static let textLength = 200_000
    static let sentences = 100
    static let usualSentences = 3
}
