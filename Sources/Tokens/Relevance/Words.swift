/// The words of a text, for comparing texts by the words that they share.
///
/// A word is a run of letters, digits and the marks on them, in small letters; English plurals lose their s. Scripts
/// that set no spaces between words (Han, kana, Thai and their like) and Hangul, whose words change at their ends, give
/// every two neighbouring characters, and a character that stands alone as it is.
struct Words {
    private let body: (String) -> Void
    private var word: [UInt8] = []
    private var isPlain = true
    /// The last character of a run without spaces, and whether it was handed over in a pair.
    private var open: (scalar: Unicode.Scalar, isPaired: Bool)?

    /// Hands over the words in their order; linear in the text's length.
    static func forEach(in text: some StringProtocol, _ body: (String) -> Void) {
        withoutActuallyEscaping(body) { body in
            var words = Words(body: body)
            for scalar in text.unicodeScalars { words.read(scalar) }
            words.endRun()
            words.endWord()
        }
    }

    /// All of them.
    static func all(in text: some StringProtocol) -> [String] {
        var words: [String] = []
        forEach(in: text) { words.append($0) }
        return words
    }

    private init(body: @escaping (String) -> Void) {
        self.body = body
    }

    private mutating func read(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            endRun()
            let byte = UInt8(truncatingIfNeeded: scalar.value)
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): word.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
            default: endWord()
            }
        } else if !Self.isPartOfWord(scalar) {
            endRun()
            endWord()
        } else if Self.isWithoutSpaces(scalar) {
            endWord()
            if let open { body("\(open.scalar)\(scalar)") }
            open = (scalar, open != nil)
        } else {
            endRun()
            isPlain = false
            word.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
        }
    }

    private mutating func endRun() {
        if let open, !open.isPaired { body(String(open.scalar)) }
        open = nil
    }

    private mutating func endWord() {
        guard !word.isEmpty else { return }
        if isPlain { dropPlural() }
        body(String(decoding: word, as: UTF8.self))
        word.removeAll(keepingCapacity: true)
        isPlain = true
    }

    /// "studies" to "study" and "meetings" to "meeting"; not "glass", "bus" or "this".
    private mutating func dropPlural() {
        guard word.count > 3, word.last == UInt8(ascii: "s") else { return }
        let before = word[word.count - 2]
        if before == UInt8(ascii: "e"), word.count > 4, word[word.count - 3] == UInt8(ascii: "i") {
            word.removeLast(3)
            word.append(UInt8(ascii: "y"))
        } else if ![UInt8(ascii: "s"), UInt8(ascii: "u"), UInt8(ascii: "i")].contains(before) {
            word.removeLast()
        }
    }

    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isAlphabetic { return true }
        switch properties.generalCategory {
        case .decimalNumber, .letterNumber, .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }

    private static func isWithoutSpaces(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: true  // Thai, Lao, Burmese, Khmer
        case 0x1100...0x11FF, 0xAC00...0xD7A3: true  // Hangul
        case 0x3005...0x3007, 0x3040...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F: true  // kana
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: true  // Han
        default: false
        }
    }
}
