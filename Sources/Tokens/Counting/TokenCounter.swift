/// Counts the tokens of texts: exactly by a vocabulary, or by a bound that holds for all of them.
package struct TokenCounter: Sendable {
    private enum Method: Sendable {
        case vocabulary(BytePairTokenizer)
        case bytes(ByteFallbackCounter)
    }

    private let method: Method
    /// What a chat template adds around messages.
    package let template: ChatTemplate
    /// What images cost.
    package let images: ImagePrice
    /// Whether the vocabulary was taken because nothing is known of the model: another one may make more of a text.
    package let isGuess: Bool

    package init(
        _ tokenizer: BytePairTokenizer, template: ChatTemplate = .openAI, images: ImagePrice = .standard,
        isGuess: Bool = false
    ) {
        method = .vocabulary(tokenizer)
        self.template = template
        self.images = images
        self.isGuess = isGuess
    }

    /// Counts bytes, with the most that any known template adds, and no less than the model's own does.
    package init(
        fallback: ByteFallbackCounter, template: ChatTemplate = .largest, images: ImagePrice = .standard
    ) {
        method = .bytes(fallback)
        self.template = .largest(template)
        self.images = images
        isGuess = false
    }

    /// The vocabulary's name; `bytes` where none is used.
    package var name: String {
        switch method {
        case .vocabulary(let tokenizer): tokenizer.name
        case .bytes: "bytes"
        }
    }

    /// Whether the other counts everything alike.
    package func countsAs(_ other: TokenCounter) -> Bool {
        name == other.name && template == other.template && images == other.images
    }

    /// Whether counts are bounds and not exact.
    package var isFallback: Bool { tokenizer == nil }

    /// nil where bytes are counted.
    package var tokenizer: BytePairTokenizer? {
        if case .vocabulary(let tokenizer) = method { tokenizer } else { nil }
    }

    /// The tokens of a text.
    ///
    /// - Parameter text: Valid UTF-8.
    package func tokens(of text: UnsafeBufferPointer<UInt8>) -> Int {
        switch method {
        case .vocabulary(let tokenizer): tokenizer.count(utf8: text)
        case .bytes(let counter): counter.tokens(forBytes: ByteFallbackCounter.bytes(of: text))
        }
    }

    /// The tokens of a text.
    package func tokens(of text: String) -> Int {
        var text = text
        return text.withUTF8 { tokens(of: $0) }
    }

    /// Where each token of a text ends, as an offset into the UTF-8 of ``TokenLayout/text``.
    package func layout(of text: String) -> TokenLayout {
        switch method {
        case .vocabulary(let tokenizer):
            var normalized = tokenizer.normalized(text)
            var ends: [Int] = []
            normalized.withUTF8 { bytes in
                ends.reserveCapacity(bytes.count / 3)
                tokenizer.encode(utf8: bytes) { _, end in ends.append(end) }
            }
            return TokenLayout(text: normalized, ends: ends)
        case .bytes:
            // The n-th token ends where n tokens pay for all bytes before; what NFC adds is spread evenly.
            let bytes = text.utf8.count
            let total = tokens(of: text)
            guard total > 0 else { return TokenLayout(text: text, ends: []) }
            return TokenLayout(text: text, ends: (1...total).map { bytes.part($0, of: total) })
        }
    }
}

extension Int {
    /// So many of so many parts, rounded down.
    fileprivate func part(_ count: Int, of total: Int) -> Int {
        total.dividingFullWidth(multipliedFullWidth(by: count)).quotient
    }
}

/// A text cut into its tokens.
package struct TokenLayout: Sendable {
    /// The text that was encoded: the one given, or its NFC form where the vocabulary normalises.
    package let text: String
    /// Offsets into the text's UTF-8 where tokens end, ascending.
    package let ends: [Int]
}
