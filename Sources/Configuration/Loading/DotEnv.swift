/// The assignments of a .env file.
///
/// A line is blank, a comment, or `NAME=value`, perhaps after `export`. A value is bare (up to the line's end, or to
/// a `#` that follows a blank), in single quotes (nothing is special), or in double quotes (`\n`, `\"` and `\\`). It
/// ends on its line. There is no expansion of variables. Broken lines are collected, none stops the reading.
package struct DotEnv: Sendable {
    /// One assignment.
    package struct Entry: Sendable, Hashable {
        /// The name before the equals sign.
        package let name: String
        /// The value without quotes and escapes.
        package let value: String
        /// The line, counted from 1.
        package let line: Int
    }

    /// A line that could not be read. The reason repeats nothing of it, for it may hold a secret.
    package struct Fault: Sendable, Hashable {
        /// The line, counted from 1.
        package let line: Int
        /// What is wrong with it.
        package let reason: String
    }

    /// The assignments in the order of the file, repeated names included.
    package private(set) var entries: [Entry] = []
    /// The lines that could not be read.
    package private(set) var faults: [Fault] = []

    /// Reads the text of a file; LF and CRLF both end a line, and a byte-order mark is skipped.
    package init(parsing text: String) {
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            do throws(SettingFault) {
                guard let (name, value) = try Self.assignment(content) else { continue }
                entries.append(Entry(name: name, value: value, line: index + 1))
            } catch {
                faults.append(Fault(line: index + 1, reason: error.reason))
            }
        }
    }

    /// The assignment that holds for each name: the last one.
    package var values: [String: Entry] {
        Dictionary(entries.map { ($0.name, $0) }) { _, last in last }
    }

    /// For every assignment that a later one of the same name replaces: the replaced and the replacing one.
    package var replaced: [(earlier: Entry, later: Entry)] {
        var latest: [String: Entry] = [:]
        var pairs: [(earlier: Entry, later: Entry)] = []
        for entry in entries {
            if let earlier = latest.updateValue(entry, forKey: entry.name) { pairs.append((earlier, entry)) }
        }
        return pairs
    }

    private static func assignment(_ line: ArraySlice<UInt8>) throws(SettingFault) -> (String, String)? {
        var rest = line.drop(while: isBlank)
        guard let first = rest.first, first != UInt8(ascii: "#") else { return nil }
        guard !line.contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7f }) else {
            throw SettingFault("holds a control character")
        }
        let export = Array("export".utf8)
        if rest.starts(with: export), rest.dropFirst(export.count).first.map(isBlank) == true {
            rest = rest.dropFirst(export.count).drop(while: isBlank)
        }
        let name = rest.prefix(while: ASCII.isNameCharacter)
        guard let initial = name.first, !ASCII.isDigit(initial) else {
            throw SettingFault("expected NAME=value")
        }
        rest = rest.dropFirst(name.count).drop(while: isBlank)
        guard rest.first == UInt8(ascii: "=") else { throw SettingFault("expected = after the name") }
        return (String(decoding: name, as: UTF8.self), try value(rest.dropFirst()))
    }

    private static func value(_ text: ArraySlice<UInt8>) throws(SettingFault) -> String {
        let start = text.drop(while: isBlank)
        switch start.first {
        case UInt8(ascii: "'"):
            let content = start.dropFirst().prefix { $0 != UInt8(ascii: "'") }
            try expectEnd(after: start.dropFirst(content.count + 1))
            return String(decoding: content, as: UTF8.self)
        case UInt8(ascii: "\""):
            return try doubleQuoted(start.dropFirst())
        default:
            return bare(text)
        }
    }

    private static func bare(_ text: ArraySlice<UInt8>) -> String {
        var end = text.endIndex
        for index in text.indices where text[index] == UInt8(ascii: "#") && index > text.startIndex {
            guard isBlank(text[index - 1]) else { continue }
            end = index
            break
        }
        return String(decoding: text[..<end], as: UTF8.self).trimmed
    }

    private static func doubleQuoted(_ text: ArraySlice<UInt8>) throws(SettingFault) -> String {
        var content: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex, text[index] != UInt8(ascii: "\"") {
            guard text[index] == UInt8(ascii: "\\") else {
                content.append(text[index])
                index += 1
                continue
            }
            switch index + 1 < text.endIndex ? text[index + 1] : 0 {
            case UInt8(ascii: "n"): content.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "\""): content.append(UInt8(ascii: "\""))
            case UInt8(ascii: "\\"): content.append(UInt8(ascii: "\\"))
            default: throw SettingFault("a backslash in double quotes must be followed by n, \" or \\")
            }
            index += 2
        }
        try expectEnd(after: text[index...])
        return String(decoding: content, as: UTF8.self)
    }

    /// Checks that a closing quote stands here, and nothing but a comment after it.
    private static func expectEnd(after text: ArraySlice<UInt8>) throws(SettingFault) {
        guard !text.isEmpty else { throw SettingFault("the closing quote is missing") }
        let rest = text.dropFirst().drop(while: isBlank)
        guard rest.isEmpty || rest.first == UInt8(ascii: "#") else {
            throw SettingFault("text follows the closing quote")
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09
    }
}

extension DotEnv {
    /// A line that assigns the value, quoted where it has to be. Control characters other than the line feed have no
    /// spelling in a .env file; a value that holds one must not be written.
    package static func assignment(_ name: String, _ value: String) -> String {
        let plain = Set("_./:@%+,=-[]".utf8)
        if value.utf8.allSatisfy({ ASCII.isLetter($0) || ASCII.isDigit($0) || plain.contains($0) }) {
            return "\(name)=\(value)"
        }
        let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\(name)=\"\(escaped)\""
    }
}
