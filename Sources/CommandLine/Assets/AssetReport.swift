import OrchCore
import SystemPackage

/// What `orch assets list` and `orch assets check` say.
struct AssetReport {
    let files: [AssetFile]
    let place: AssetPlace

    func text(_ palette: Palette) -> String {
        let rows = files.map { file -> [Table.Cell] in
            [
                Table.Cell(file.row.name), Table.Cell(Self.phrase(file), Self.colour(file.state)),
                Table.Cell(Measure.bytes(file.row.bytes)), Table.Cell(file.row.licence), Table.Cell(file.row.package),
                Table.Cell(path(of: file)),
            ]
        }
        return Table(["NAME", "STATE", "SIZE", "LICENCE", "PACKAGE", "PATH"], rows).text(palette)
    }

    /// The command that mends what is missing or damaged; nil where nothing is.
    var remedy: String? {
        var names: [String] = []
        for file in files where !file.state.isGood && !names.contains(file.row.name) { names.append(file.row.name) }
        guard !names.isEmpty else { return nil }
        let option = place.isUnusual ? "--dir \(Self.quoted(place.directory.string)) " : ""
        return "put right with: ./scripts/assets install \(option)\(names.joined(separator: " "))"
    }

    private func path(of file: AssetFile) -> String {
        place.directory.pushing(FilePath(file.row.destination)).string
    }

    private static func phrase(_ file: AssetFile) -> String {
        switch file.state {
        case .there: "installed"
        case .otherPlatform: "only for \(file.row.platform)"
        case .ok, .missing, .damaged, .unusable: file.state.rawValue
        }
    }

    private static func colour(_ state: AssetFile.State) -> Palette.Colour? {
        switch state {
        case .there, .ok: .green
        case .missing, .otherPlatform: .yellow
        case .damaged, .unusable: .red
        }
    }

    /// A word of a POSIX shell.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "/._-+".utf8.contains(byte)
        }
        return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }

    /// `{"directory","ok","assets":[{"name","kind","state","package","platform","bytes","sha256","licence","path"}]}`
    var json: String {
        let value: JSONValue = [
            "directory": .string(place.directory.string),
            "ok": .bool(files.allSatisfy(\.state.isGood)),
            "assets": .array(
                files.map { file in
                    [
                        "name": .string(file.row.name), "kind": .string(file.row.kind.rawValue),
                        "state": .string(file.state.rawValue), "package": .string(file.row.package),
                        "platform": .string(file.row.platform), "bytes": .integer(Int(file.row.bytes)),
                        "sha256": .string(file.row.sha256), "licence": .string(file.row.licence),
                        "path": .string(path(of: file)),
                    ]
                }),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
