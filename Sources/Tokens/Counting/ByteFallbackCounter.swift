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
        guard mayGrow(text) else { return text.count }
        return max(text.count, String(decoding: text, as: UTF8.self).normalizedBytes)
    }

    /// Whether the NFC form may be longer: where there are combining marks, or characters that it takes apart. Those of
    /// most scripts, East Asian text and emoji among them, are known to be neither by their first bytes.
    private static func mayGrow(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for (place, byte) in text.enumerated() where byte >= 0xCC {
            let second = place + 1 < text.count ? text[place + 1] : 0
            let third = place + 2 < text.count ? text[place + 2] : 0
            let isKnown =
                switch byte {
                // Greek and Cyrillic but for the latter's marks, Armenian; ideographs; Hangul.
                case 0xCE...0xD1, 0xD3...0xD5, 0xE4...0xE9, 0xEB, 0xEC: true
                case 0xE2: second == 0x80
                case 0xE3:
                    second == 0x80 ? !(0xAA...0xAF).contains(third) : second != 0x82 || (third != 0x99 && third != 0x9A)
                case 0xF0: second == 0x9F
                default: false
                }
            if !isKnown { return true }
        }
        return false
    }
}

extension String {
    /// How many UTF-8 bytes the NFC form has.
    fileprivate var normalizedBytes: Int {
        _nfc.reduce(0) { $0 + UTF8.width($1) }
    }
}
