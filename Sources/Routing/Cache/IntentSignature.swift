import OrchCore

/// What the cache knows a text by: 32 bytes that tell nothing of it to who has not the local key.
package struct IntentSignature: Sendable, Hashable {
    package static let byteCount = 32

    /// What else a decision depends on. Where any of it differs, so does the signature.
    package struct Context: Sendable, Hashable {
        /// The hash of the intents.
        package var intents: String
        /// The hash of the embedder.
        package var embedder: String
        /// The hash of the thresholds.
        package var thresholds: String
        /// The agent's name; nil where there is none, which is not the same as an empty one.
        package var agent: String?

        package init(intents: String, embedder: String, thresholds: String, agent: String?) {
            self.intents = intents
            self.embedder = embedder
            self.thresholds = thresholds
            self.agent = agent
        }
    }

    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// - Precondition: There are 32 bytes.
    init(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == Self.byteCount)
        func word(_ place: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// Reads the form that ``hexadecimal`` writes; nil for any other.
    package init?(hexadecimal: String) {
        guard let bytes = Hexadecimal.decode(hexadecimal), bytes.count == Self.byteCount else { return nil }
        self = bytes.withUnsafeBytes { IntentSignature($0) }
    }

    package var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            withUnsafeBytes(of: word.bigEndian) { Array($0) }
        }
    }

    /// 64 lower-case digits.
    package var hexadecimal: String { Hexadecimal.encode(bytes) }

    package static func == (one: IntentSignature, other: IntentSignature) -> Bool { one.words == other.words }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
