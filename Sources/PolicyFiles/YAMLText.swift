import OrchCore

/// Checks the bytes of a file before the YAML parser sees them.
enum YAMLText {
    /// The text without a byte order mark; bounded, valid UTF-8, and free of control characters.
    static func checked(
        _ bytes: [UInt8], file: String, size: PolicyFileSize = .usual
    ) throws(PolicyFileError) -> String {
        guard bytes.count <= size.bytes else {
            throw PolicyFileError(.tooLarge, file: file, "larger than \(size.bytes) bytes")
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        guard let text = String(validating: content, as: UTF8.self) else {
            let place = SourcePosition(of: content.validUTF8Prefix, in: content)
            throw PolicyFileError(.invalidEncoding, file: file, at: place, "not valid UTF-8")
        }
        if let offset = content.firstIndex(where: isForbidden) {
            let place = SourcePosition(of: offset, in: content)
            throw PolicyFileError(.invalidEncoding, file: file, at: place, "a control character")
        }
        // A file that is no larger cannot have more.
        guard
            content.count <= PolicyFileLimits.maximumSeparators
                || content.count(where: isSeparator) <= PolicyFileLimits.maximumSeparators
        else { throw PolicyFileError(.tooComplex, file: file, "far more than \(size.nodes) nodes") }
        return text
    }

    /// Of two nodes, one of these stands between.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "-"),
            UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "{"):
            true
        default: false
        }
    }

    private static func isForbidden(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): false
        default: byte < 0x20 || byte == 0x7F
        }
    }
}

/// A name from a file, as a message shows it: cut short, control characters replaced.
struct Quoted: CustomStringConvertible {
    private static let maximumScalars = 40
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    var description: String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(Quoted.maximumScalars) {
            let isShown = scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
            shown.unicodeScalars.append(isShown ? scalar : "\u{FFFD}")
        }
        return "`\(shown)\(text.unicodeScalars.count > Quoted.maximumScalars ? "…" : "")`"
    }
}
