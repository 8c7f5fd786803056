/// The bytes of one log line, bounded, with an escape for everything that could end a line or change how it is shown.
struct LogLine {
    /// The length of a whole line, its newline included.
    static let maximumLength = 16 * 1024
    /// Bytes of one message and of one value of metadata, after escaping.
    static let maximumMessageLength = 8 * 1024
    static let maximumValueLength = 2 * 1024

    private(set) var bytes: [UInt8] = []
    /// Where text ends, so that the closing fits.
    private let limit: Int
    private(set) var isTruncated = false

    /// - Parameter closing: Bytes to keep free for what the format writes at the end, a quotation mark included.
    init(closing: Int) {
        limit = Self.maximumLength - closing
        bytes.reserveCapacity(512)
    }

    func hasRoom(for length: Int) -> Bool { bytes.count + length <= limit }

    /// Appends text that is known to need no escape and to fit.
    mutating func append(_ text: some StringProtocol) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Notes that something was left out.
    mutating func markTruncated() {
        isTruncated = true
    }

    /// Appends text with escapes, cut at a character's boundary after `maximum` bytes or where the line is full.
    ///
    /// Escaped are control characters (C0, DEL, C1), the backslash, the line and paragraph separators, marks that turn
    /// the direction of text, and the quotation mark where `quoted`.
    mutating func appendEscaped(_ text: String, quoted: Bool, maximum: Int) {
        let end = min(bytes.count + maximum, limit)
        var text = text
        let isComplete = text.withUTF8 { appendEscaped($0, quoted: quoted, end: end) }
        if !isComplete { isTruncated = true }
    }

    /// Whether all of the text was appended.
    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, quoted: Bool, end: Int) -> Bool {
        var index = 0
        while index < text.count {
            var plain = index
            while plain < text.count, Self.isPlain(text[plain], quoted: quoted) { plain += 1 }
            if plain > index {
                let room = end - bytes.count
                guard plain - index <= room else {
                    bytes.append(contentsOf: text[index..<(index + max(room, 0))])
                    return false
                }
                bytes.append(contentsOf: text[index..<plain])
                index = plain
                continue
            }
            let length = min(Self.sequenceLength(text[index]), text.count - index)
            let escape = Self.escape(text[index..<(index + length)])
            guard bytes.count + (escape?.utf8.count ?? length) <= end else { return false }
            if let escape { append(escape) } else { bytes.append(contentsOf: text[index..<(index + length)]) }
            index += length
        }
        return true
    }

    private static func isPlain(_ byte: UInt8, quoted: Bool) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\") && !(quoted && byte == UInt8(ascii: "\""))
    }

    /// Bytes of the character that starts with `lead`.
    private static func sequenceLength(_ lead: UInt8) -> Int {
        lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    }

    /// What stands for a character, as in JSON; nil where it stands for itself.
    private static func escape(_ character: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        guard let lead = character.first else { return nil }
        var scalar = UInt32(character.count == 1 ? lead : lead & (0x7F >> UInt8(character.count)))
        for byte in character.dropFirst() { scalar = scalar << 6 | UInt32(byte & 0x3F) }
        switch scalar {
        case 0x22: return "\\\""
        case 0x5C: return "\\\\"
        case 0x0A: return "\\n"
        case 0x0D: return "\\r"
        case 0x09: return "\\t"
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
            let digits = String(scalar, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: return nil
        }
    }
}
