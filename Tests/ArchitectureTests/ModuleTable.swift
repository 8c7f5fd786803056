/// The table of modules in ARCHITECTURE.md.
struct ModuleTable {
    enum Layer: String, CaseIterable {
        case core, domain, adapter, pipeline, delivery, program
    }

    struct Row {
        var layer: Layer
        var module: String
        /// nil is everything.
        var mayImport: Set<String>?
    }

    var rows: [Row]

    init(rows: [Row]) {
        self.rows = rows
    }

    /// Reads the first table whose head is `layer | module | may import | …`; a row that cannot be read is a fault.
    init(markdown: String, faults: inout [String]) {
        rows = []
        var isInside = false
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            if cells.prefix(3) == ["layer", "module", "may import"] {
                isInside = true
            } else if isInside, cells.count < 3 {
                break
            } else if isInside, !cells[0].hasPrefix("---") {
                guard let layer = Layer(rawValue: cells[0]) else {
                    faults.append("ARCHITECTURE.md: \(cells[1]) is in a layer that is not known: \(cells[0])")
                    continue
                }
                rows.append(Row(layer: layer, module: cells[1], mayImport: Self.modules(cells[2])))
            }
        }
        if rows.isEmpty { faults.append("ARCHITECTURE.md has no table of modules") }
    }

    /// The folder of a module or target: without the prefix, where it has it.
    static func folder(ofModule name: String) -> String {
        let rest = name.dropFirst("Orch".count)
        return name.hasPrefix("Orch") && rest.first?.isUppercase ?? false ? String(rest) : name
    }

    private static func modules(_ cell: String) -> Set<String>? {
        if cell == "everything" { return nil }
        let names = cell.split { $0 == "," || $0.isWhitespace }.map(String.init)
        return names == ["–"] ? [] : Set(names)
    }
}
