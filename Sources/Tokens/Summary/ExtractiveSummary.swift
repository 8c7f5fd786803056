/// Sentences of texts that stand for the whole of them.
package struct ExtractiveSummary: Sendable, Equatable {
    /// The sentences in the order of the source, verbatim.
    package let sentences: [String]
    /// The sentences, a line each; empty where none fits.
    package let text: String
    /// As the given closure counts the text.
    package let tokens: Int
    package let quality: SummaryQuality

    package init(sentences: [String], text: String, tokens: Int, quality: SummaryQuality) {
        self.sentences = sentences
        self.text = text
        self.tokens = tokens
        self.quality = quality
    }
}
