@_spi(_Unicode) import Swift

/// Counts tokens without a vocabulary: never fewer than a byte-level BPE tokenizer would, since each of its tokens
/// covers at least one byte of the text or, where it normalises, of the text's NFC form.
package struct ByteFallbackCounter: Sendable {
    /// Multiplies every count, in thousandths so that the arithmetic stays exact.
    private let marginThousandths: Int

    /// - Parameter margin: ORCH_TOKEN_SAFETY_MARGIN; 1.0 counts bytes as they are.
    package init(margin: Double) {
        marginThousandths = Int((min(max(margin, 0), 1000) * 1000).rounded(.up))
    }

    /// The bound for a text of this many UTF-8 bytes, rounded up.
    package func tokens(forBytes bytes: Int) -> Int {
        let (product, overflowed) = bytes.multipliedReportingOverflow(by: marginThousandths)
        return overflowed ? Int.max : product / 1000 + (product % 1000 > 0 ? 1 : 0)
    }

    /// The bytes that count: of the text as it is or of its NFC form, whichever has more.
    package static func bytes(of text: UnsafeBufferPointer<UInt8>) -> Int {
        // Nothing below U+0340 has a longer NFC form; its first byte is the first that is looked for.
        guard text.contains(where: { $0 >= 0xCD }) else { return text.count }
        return max(text.count, String(decoding: text, as: UTF8.self).normalizedBytes)
    }
}

extension String {
    /// How many UTF-8 bytes the NFC form has.
    fileprivate var normalizedBytes: Int {
        _nfc.reduce(0) { $0 + UTF8.width($1) }
    }
}
