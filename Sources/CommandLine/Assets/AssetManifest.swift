import OrchCore

/// The list of assets: config/assets.tsv.
struct AssetManifest: Equatable {
    static let columns = 12

    /// One file of an asset.
    struct Row: Equatable {
        enum Kind: String {
            /// The destination is the file.
            case file
            /// The destination is a virtual environment of Python, the file is inside.
            case venv
        }

        var name: String
        var kind: Kind
        var package: String
        /// `any`, or `linux-x86_64`.
        var platform: String
        /// The file's path in the package; for a virtual environment also where it is in there.
        var member: String
        var sha256: String
        /// From the assets' directory.
        var destination: String
        var licence: String
        var bytes: Int64
    }

    let rows: [Row]

    /// Reads tab-separated rows; lines that are empty or begin with `#` do not count.
    init(parsing bytes: [UInt8]) throws(CommandFailure) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.malformedData, "the list of assets is not UTF-8")
        }
        var rows: [Row] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty && !line.hasPrefix("#") {
            rows.append(try Self.row(line, number: index + 1))
        }
        self.rows = rows
    }

    /// The rows of these assets; all of them when none is named.
    func rows(named names: [String]) throws(CommandFailure) -> [Row] {
        guard !names.isEmpty else { return rows }
        guard names.allSatisfy({ name in rows.contains { $0.name == name } }) else {
            var known: [String] = []
            for row in rows where !known.contains(row.name) { known.append(row.name) }
            throw CommandFailure(.notFound, "no such asset; there are: \(known.joined(separator: ", "))")
        }
        return rows.filter { names.contains($0.name) }
    }

    private static func row(_ line: Substring, number: Int) throws(CommandFailure) -> Row {
        func fault(_ reason: String) -> CommandFailure {
            CommandFailure(.malformedData, "line \(number) of the list of assets: \(reason)")
        }
        let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard cells.count == columns else { throw fault("\(cells.count) columns, not \(columns)") }
        guard cells.allSatisfy({ !$0.isEmpty }) else { throw fault("an empty column") }
        guard let kind = Row.Kind(rawValue: cells[1]) else { throw fault("the kind is not file or venv") }
        let sha256 = cells[8]
        guard sha256.utf8.count == 64, sha256.utf8.allSatisfy({ Hexadecimal.value($0) != nil }) else {
            throw fault("the SHA-256 is not 64 hexadecimal digits")
        }
        guard let bytes = Int64(cells[11]), bytes >= 0 else { throw fault("the size is not a number of bytes") }
        for path in [cells[6], cells[9]] {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            guard !parts.contains(where: { $0.isEmpty || $0 == ".." || $0 == "." }) else {
                throw fault("a path is not one below the directory")
            }
        }
        return Row(
            name: cells[0], kind: kind, package: cells[2], platform: cells[3], member: cells[6],
            sha256: sha256.lowercased(), destination: cells[9], licence: cells[10], bytes: bytes)
    }
}
