/// A text without what people hide words with: characters that cannot be seen are gone, full-width letters are ordinary
/// ones, and white space is one space.
package enum PlainText {
    /// nil where the text is that already, which most are.
    ///
    /// - Parameter parts: What cannot be seen parts words, as a space does, in place of joining them.
    package static func folded(_ text: String, hiddenParts parts: Bool = false) -> String? {
        guard text.unicodeScalars.contains(where: { fold($0) != .kept }) || hasWideSpace(text) else { return nil }
        var folded = String.UnicodeScalarView()
        var isAfterSpace = false
        for scalar in text.unicodeScalars {
            switch fold(scalar) {
            case .dropped where !parts: continue
            case .dropped, .space:
                if !isAfterSpace { folded.append(" ") }
                isAfterSpace = true
                continue
            case .narrowed(let narrow): folded.append(narrow)
            case .kept:
                if scalar == " ", isAfterSpace { continue }
                folded.append(scalar)
            }
            isAfterSpace = scalar == " "
        }
        return String(folded)
    }

    private enum Fold: Equatable {
        case kept, dropped, space
        case narrowed(Unicode.Scalar)
    }

    private static func hasWideSpace(_ text: String) -> Bool {
        var isAfterSpace = false
        for byte in text.utf8 {
            if byte == 0x20, isAfterSpace { return true }
            isAfterSpace = byte == 0x20
        }
        return false
    }

    private static func fold(_ scalar: Unicode.Scalar) -> Fold {
        switch scalar.value {
        case 0x20...0x7E: return .kept
        case 0x09...0x0D, 0x85, 0xA0: return .space
        // Full-width forms of ASCII.
        case 0xFF01...0xFF5E: return Unicode.Scalar(scalar.value - 0xFEE0).map(Fold.narrowed) ?? .kept
        default: break
        }
        if scalar.properties.isWhitespace { return .space }
        switch scalar.properties.generalCategory {
        // U+00AD, zero-width characters, marks of direction, tags, and variation selectors of them.
        case .control, .format: return .dropped
        default: return scalar.properties.isDefaultIgnorableCodePoint ? .dropped : .kept
        }
    }
}
