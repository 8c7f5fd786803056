/// What makes vectors of texts: of one text always the same bits, whatever else is asked for, and on every processor.
package protocol Embedder: Sendable {
    /// The model's name.
    var name: String { get }
    /// SHA-256 of the weights in hexadecimal, as whoever loaded them says.
    var hash: String { get }
    /// How many numbers a vector has.
    var dimensions: Int { get }
    /// How many tokens of a text count, special ones included; nil where all do.
    var maximumTokens: Int? { get }

    /// How many tokens the model is given for a text, special ones included.
    func tokens(of text: String) -> Int

    /// The vectors of texts in their order, each of length 1, or zeros for a text that holds nothing.
    ///
    /// Blocks for as long as it takes.
    /// - Parameter isCancelled: Asked between parts of the work.
    /// - Throws: ``EmbedderError``: a text is too large, or the work was cancelled.
    func embed(_ texts: [String], isCancelled: () -> Bool) throws(EmbedderError) -> [[Float]]
}

extension Embedder {
    /// The vector of one text.
    package func embed(_ text: String) throws(EmbedderError) -> [Float] {
        try embed([text], isCancelled: { false }).first ?? []
    }
}

/// Bounds on what is embedded.
package enum EmbedderLimits {
    /// The longest text, in bytes.
    package static let textBytes = 8 << 20

    static func check(_ texts: [String]) throws(EmbedderError) {
        for (index, text) in texts.enumerated() where text.utf8.count > textBytes {
            throw EmbedderError(
                .inputTooLarge, "text \(index) has \(text.utf8.count) bytes; the longest that is taken has \(textBytes)"
            )
        }
    }
}
