@_spi(_Unicode) import Swift

/// Unicode's Normalization Form C, which some vocabularies are made for (Qwen 2), as Hugging Face tokenizers has it:
/// of Unicode 9, so that scalars that came later stay where they are and nothing passes them.
enum Normalization {
    private static let version = 9

    /// Whether nothing can change: no scalar from U+0300 on.
    static func isSurelyNFC(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        !text.contains { $0 >= 0xCC }
    }

    /// The scalars of a text in Form C, as UTF-8.
    static func nfc(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        if isSurelyNFC(text) { return Array(text) }
        let text = withoutHiddenMarks(String(decoding: text, as: UTF8.self))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        append(text, to: &bytes)
        // What is in Form C by the later version is so by the earlier one.
        if bytes.elementsEqual(text.utf8) { return bytes }
        bytes.removeAll(keepingCapacity: true)
        var start = text.startIndex
        while let newer = text.unicodeScalars[start...].firstIndex(where: isNewer) {
            append(String(text.unicodeScalars[start..<newer]), to: &bytes)
            bytes += UTF8.encode(text.unicodeScalars[newer]) ?? UTF8.encodedReplacementCharacter
            start = text.unicodeScalars.index(after: newer)
        }
        append(String(text.unicodeScalars[start...]), to: &bytes)
        return bytes
    }

    /// Three Tibetan vowel signs are of class 0 but decompose into marks, which the standard library then leaves where
    /// they are. Taken apart before, they are put in order; they are never composed again.
    private static func withoutHiddenMarks(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { (0xF73...0xF81).contains($0.value) }) else { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let marks = hiddenMarks[scalar] { scalars += marks.unicodeScalars } else { scalars.append(scalar) }
        }
        return String(scalars)
    }

    private static let hiddenMarks: [Unicode.Scalar: String] = [
        "\u{F73}": "\u{F71}\u{F72}", "\u{F75}": "\u{F71}\u{F74}", "\u{F81}": "\u{F71}\u{F80}",
    ]

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        for scalar in text._nfc { bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter }
    }

    private static func isNewer(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x300 && (scalar.properties.age.map { $0.major > version } ?? true)
    }
}
