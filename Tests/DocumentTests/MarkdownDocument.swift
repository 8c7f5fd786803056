/// A document, taken apart as far as the tests need.
struct MarkdownDocument {
    let path: String
    let text: String
    /// Lines outside of fenced blocks.
    private(set) var prose: [String] = []
    /// Lines inside of them.
    private(set) var code: [String] = []

    init(path: String, text: String) {
        self.path = path
        self.text = text
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("```") {
                isInside.toggle()
            } else if isInside {
                code.append(line)
            } else {
                prose.append(line)
            }
        }
    }

    /// The rows of every table whose head begins so, cells without the marks of code.
    func rows(under head: [String]) -> [[String]] {
        var rows: [[String]] = []
        var isInside = false
        for line in prose {
            let cells = Self.cells(line)
            if cells.isEmpty {
                isInside = false
            } else if Array(cells.prefix(head.count)) == head {
                isInside = true
            } else if isInside, !cells[0].hasPrefix("---") {
                rows.append(cells)
            }
        }
        return rows
    }

    private static func cells(_ line: String) -> [String] {
        guard line.hasPrefix("|") else { return [] }
        return line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
            $0.replacing("`", with: "").split(separator: " ").joined(separator: " ")
        }
    }

    /// The lines of a section, by its heading, up to the next of its level or above.
    func section(_ heading: String) -> [String] {
        let level = heading.prefix { $0 == "#" }.count
        guard let start = prose.firstIndex(of: heading) else { return [] }
        return Array(
            prose[(start + 1)...].prefix { line in
                let marks = line.prefix { $0 == "#" }.count
                return marks == 0 || marks > level
            })
    }

    /// What stands as code: the spans of the prose, and the lines of fenced blocks.
    var codeTexts: [String] { Self.spans(prose.joined(separator: "\n")) + code }

    static func spans(_ text: String) -> [String] {
        text.matches(of: /`([^`]+)`/).map { String($0.output.1) }
    }

    /// The targets of links, those in code left out.
    var links: [String] {
        prose.joined(separator: "\n").replacing(/`[^`]*`/, with: "").matches(of: /\]\(([^()\s]+)\)/)
            .map { String($0.output.1) }
    }

    /// The names by which links point to headings.
    var anchors: Set<String> {
        Set(
            prose.filter { $0.hasPrefix("#") }.map { line in
                line.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-")
                    .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            })
    }
}

/// What is in one list and not in the other, said in sentences.
func differences<Item: Comparable & Hashable>(
    _ documented: some Sequence<Item>, in document: String, _ actual: some Sequence<Item>, in program: String
) -> [String] {
    let (documented, actual) = (Set(documented), Set(actual))
    return actual.subtracting(documented).sorted().map { "\(program) has \($0), \(document) has not" }
        + documented.subtracting(actual).sorted().map { "\(document) has \($0), \(program) has not" }
}
