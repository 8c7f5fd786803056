/// Decodes tokens one by one into text, holding back what is not a whole character yet.
///
/// All pieces together are `String(decoding:as: UTF8.self)` of all bytes together, whatever the tokens.
package struct TokenStreamDecoder: Sendable {
    private let tokenizer: BytePairTokenizer
    /// The beginning of a character, at most three bytes.
    private var pending: [UInt8] = []

    package init(_ tokenizer: BytePairTokenizer) {
        self.tokenizer = tokenizer
    }

    /// The text that is complete with this token; bytes that are no UTF-8 come as U+FFFD.
    ///
    /// - Throws: ``TokenizerError`` where no token has the id; the decoder is then as it was before.
    package mutating func append(_ id: Int) throws(TokenizerError) -> String {
        pending += try tokenizer.slice(of: id)
        let end = pending.count - Self.openBytes(pending)
        let text = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeFirst(end)
        return text
    }

    /// What is left at the end: U+FFFD for a character that was never completed, else nothing.
    package mutating func finish() -> String {
        let text = String(decoding: pending, as: UTF8.self)
        pending = []
        return text
    }

    /// How many bytes at the end could be the beginning of a character that more bytes complete.
    private static func openBytes(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let tail = bytes.suffix(length)
            guard let lead = tail.first, lead & 0xC0 != 0x80 else { continue }
            return isOpen(lead, tail.dropFirst()) ? length : 0
        }
        return 0
    }

    /// Whether a lead byte and what follows it begin a character of more bytes (Unicode 16, table 3-7).
    private static func isOpen(_ lead: UInt8, _ rest: ArraySlice<UInt8>) -> Bool {
        let width =
            switch lead {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        guard rest.count + 1 < width else { return false }
        guard let second = rest.first else { return true }
        return switch lead {
        case 0xE0: second >= 0xA0
        case 0xED: second < 0xA0
        case 0xF0: second >= 0x90
        case 0xF4: second < 0x90
        default: true
        }
    }
}
