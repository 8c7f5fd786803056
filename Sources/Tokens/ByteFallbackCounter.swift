/// Counts tokens without a vocabulary: never fewer than a byte-level BPE tokenizer would, since each of its tokens
/// covers at least one byte.
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
}
