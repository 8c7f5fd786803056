/// The code of a Swift file: comments and the texts of string literals are blanked, line breaks stay.
///
/// What stands in an interpolation is code, and stays.
struct SwiftCode: Sendable {
    /// The code's lines, from line 1 on.
    let lines: [String]

    init(_ source: String) {
        var scanner = SwiftScanner(Array(source.utf8))
        lines = String(decoding: scanner.blanked(), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map(String.init)
    }

    /// The modules that the code imports, with the lines.
    var imports: [(module: String, line: Int)] {
        lines.enumerated().filter { $0.element.contains("import") }.flatMap { index, line in
            line.split(separator: ";").compactMap { statement in
                let words = statement.split(whereSeparator: \.isWhitespace)[...]
                guard let place = words.firstIndex(of: "import"),
                    words[..<place].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains(String($0)) })
                else { return nil }
                let name = words[(place + 1)...].drop { Self.declarationKinds.contains(String($0)) }.first ?? ""
                return (String(name.prefix { $0 != "." }), index + 1)
            }
        }
    }

    private static let accessLevels: Set = ["package", "public", "internal", "private", "fileprivate"]
    private static let declarationKinds: Set = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
    ]
}

/// Tells code from comments and texts.
private struct SwiftScanner {
    private let source: [UInt8]
    private var blankedBytes: [UInt8] = []
    private var index = 0

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let pound = UInt8(ascii: "#")

    init(_ source: [UInt8]) {
        self.source = source
        blankedBytes.reserveCapacity(source.count)
    }

    mutating func blanked() -> [UInt8] {
        code(untilClosed: false)
        return blankedBytes
    }

    private func byte(_ offset: Int) -> UInt8? {
        index + offset < source.count ? source[index + offset] : nil
    }

    private func starts(_ one: Unicode.Scalar, _ other: Unicode.Scalar) -> Bool {
        byte(0) == UInt8(ascii: one) && byte(1) == UInt8(ascii: other)
    }

    private mutating func keep() {
        blankedBytes.append(source[index])
        index += 1
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where index < source.count {
            blankedBytes.append(source[index] == Self.newline ? Self.newline : UInt8(ascii: " "))
            index += 1
        }
    }

    /// - Parameter untilClosed: Whether it is an interpolation's, which a parenthesis ends.
    private mutating func code(untilClosed: Bool) {
        var depth = 0
        while let next = byte(0) {
            switch next {
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
                while let next = byte(0), next != Self.newline { blank() }
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"):
                blockComment()
            case Self.quote, Self.pound:
                var pounds = 0
                while byte(pounds) == Self.pound { pounds += 1 }
                if byte(pounds) == Self.quote { string(pounds: pounds) } else { keep() }
            case UInt8(ascii: ")") where untilClosed && depth == 0:
                return
            default:
                if next == UInt8(ascii: "(") { depth += 1 }
                if next == UInt8(ascii: ")") { depth -= 1 }
                keep()
            }
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if starts("/", "*") {
                depth += 1
                blank(2)
            } else if starts("*", "/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && index < source.count
    }

    private mutating func string(pounds: Int) {
        let isLong = byte(pounds + 1) == Self.quote && byte(pounds + 2) == Self.quote
        let quotes = isLong ? 3 : 1
        blank(pounds + quotes)
        while let next = byte(0) {
            if next == Self.quote, repeats(Self.quote, quotes, from: 0), repeats(Self.pound, pounds, from: quotes) {
                blank(quotes + pounds)
                return
            }
            if !isLong, next == Self.newline { return }
            guard next == UInt8(ascii: "\\"), repeats(Self.pound, pounds, from: 1) else {
                blank()
                continue
            }
            guard byte(1 + pounds) == UInt8(ascii: "(") else {
                blank(2 + pounds)
                continue
            }
            blank(2 + pounds)
            code(untilClosed: true)
            blank()
        }
    }

    private func repeats(_ wanted: UInt8, _ count: Int, from offset: Int) -> Bool {
        (offset..<offset + count).allSatisfy { byte($0) == wanted }
    }
}
