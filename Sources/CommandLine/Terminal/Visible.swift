/// Texts of others as a terminal may show them: what would steer the terminal, or turn the line around, is spelt out.
enum Visible {
    /// Line feeds and tabs stay.
    static func text(_ text: String) -> String {
        escaped(text) { $0 == "\n" || $0 == "\t" }
    }

    /// On one line.
    static func line(_ text: String) -> String {
        escaped(text) { _ in false }
    }

    /// On one line, at most so many characters long.
    static func line(_ text: String, maximum: Int) -> String {
        let line = line(text)
        return line.count > maximum ? line.prefix(maximum - 1) + "…" : line
    }

    /// JSON keeps its meaning: but for white space, such characters stand only inside its strings.
    static func json(_ text: String) -> String {
        func isSafe(_ scalar: Unicode.Scalar) -> Bool {
            !isSteering(scalar) || scalar == "\n" || scalar == "\r" || scalar == "\t"
        }
        guard !text.unicodeScalars.allSatisfy(isSafe) else { return text }
        var out = ""
        for scalar in text.unicodeScalars {
            guard !isSafe(scalar) else {
                out.unicodeScalars.append(scalar)
                continue
            }
            let digits = String(scalar.value, radix: 16)
            out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return out
    }

    private static func escaped(_ text: String, except isKept: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: { isSteering($0) && !isKept($0) }) else { return text }
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case _ where !isSteering(scalar) || isKept(scalar): out.unicodeScalars.append(scalar)
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default: out += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return out
    }

    /// Control characters, line separators, and the marks that change the direction of writing.
    private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
