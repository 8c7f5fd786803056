/// A text as the cache compares it: runs of white space and control characters are one space, none stands at either
/// end, and letters are lower-case.
///
/// White space is what Unicode calls White_Space, and controls are those of category Cc. Lower-casing takes each scalar
/// by itself, with its full mapping, in no language: `İ` becomes two scalars, `I` is never `ı`, `ς` is not `σ`.
/// Nothing else is folded: full-width forms, accents and composed characters remain what they are.
enum FoldedText {
    /// Appends the text's UTF-8, folded.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &bytes) }
    }

    private static func append(_ utf8: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        let start = bytes.count
        var isSpaceDue = false
        var index = 0
        while index < utf8.count {
            let byte = utf8[index]
            let scalar = byte < 0x80 ? Unicode.Scalar(byte) : scalar(in: utf8, at: index)
            index += UTF8.width(scalar)
            guard !isSpace(scalar) else {
                isSpaceDue = true
                continue
            }
            if isSpaceDue, bytes.count > start { bytes.append(0x20) }
            isSpaceDue = false
            if byte < 0x80 {
                bytes.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
            } else {
                bytes += scalar.properties.lowercaseMapping.utf8
            }
        }
    }

    /// The scalar at a place in valid UTF-8, of two bytes or more.
    private static func scalar(in utf8: UnsafeBufferPointer<UInt8>, at index: Int) -> Unicode.Scalar {
        let first = UInt32(utf8[index])
        func rest(_ place: Int) -> UInt32 { UInt32(utf8[index + place] & 0x3F) }
        let value =
            switch first {
            case ..<0xE0: (first & 0x1F) << 6 | rest(1)
            case ..<0xF0: (first & 0x0F) << 12 | rest(1) << 6 | rest(2)
            default: (first & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3)
            }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ...0x20, 0x7F...0xA0: true
        case ..<0x1680: false
        default: scalar.properties.isWhitespace
        }
    }
}
