/// Makes names and label sets that Prometheus allows out of whatever a library uses.
enum PrometheusName {
    /// Bytes of a label's value that are kept; a longer one is cut at a character's boundary.
    static let maximumValueLength = 256

    /// A metric name: letters, digits and underscores. Colons are left to recording rules.
    static func metric(_ name: String) -> String { identifier(name) }

    /// A label name: as a metric name, not reserved (`__` in front) and not one that histograms use (`le`).
    static func label(_ name: String) -> String {
        var result = identifier(name)
        while result.hasPrefix("__") { result.removeFirst() }
        return result == "le" || result == "quantile" ? "exported_\(result)" : result
    }

    /// The inside of the braces, sorted by name: `a="1",b="2"`. Of two labels of one name the first is kept.
    static func labels(_ dimensions: [(String, String)]) -> String {
        var pairs: [(name: String, value: String)] = []
        for (name, value) in dimensions {
            let name = label(name)
            if !pairs.contains(where: { $0.name == name }) { pairs.append((name, value)) }
        }
        pairs.sort { $0.name < $1.name }
        return pairs.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
    }

    /// A label's value between the quotes. Control characters but the newline become U+FFFD.
    static func escaped(_ value: String) -> String {
        var result = ""
        var length = 0
        for scalar in value.unicodeScalars {
            length += UTF8.width(scalar)
            if length > maximumValueLength { break }
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            case "\0"..."\u{1F}", "\u{7F}": result.unicodeScalars.append("\u{FFFD}")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The text after `# HELP name `.
    static func escapedHelp(_ help: String) -> String {
        var result = ""
        for scalar in help.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\0"..."\u{1F}", "\u{7F}": result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func identifier(_ name: String) -> String {
        var result = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "_": result.unicodeScalars.append(scalar)
            case "0"..."9":
                if result.isEmpty { result = "_" }
                result.unicodeScalars.append(scalar)
            default: result += "_"
            }
        }
        return result.isEmpty ? "_" : result
    }
}
