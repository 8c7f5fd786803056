/// The beginning of a text that fits a number of tokens.
package struct TextCut: Sendable, Equatable {
    /// What the text ends at.
    package enum Boundary: String, Sendable {
        /// Nothing was cut.
        case whole
        /// The end of a sentence, a list item, a paragraph or a code fence.
        case sentence
        /// Before the line of a Markdown header.
        case header
        /// Before a code fence that the cut would have fallen into.
        case fence
        /// The last character that fits.
        case token
        /// Nothing is left.
        case none
    }

    package let text: Substring
    /// How many tokens the text reaches into. Counted anew it may be a few more or fewer, where the cut parts a token.
    package let tokens: Int
    /// How many more would have fitted: what was given up to reach the boundary. 0 where nothing was cut.
    package let deltaTokens: Int
    package let boundary: Boundary

    package init(text: Substring, tokens: Int, deltaTokens: Int, boundary: Boundary) {
        self.text = text
        self.tokens = tokens
        self.deltaTokens = deltaTokens
        self.boundary = boundary
    }
}
