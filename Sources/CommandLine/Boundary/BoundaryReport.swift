import OrchBoundary
import OrchCore

/// What `orch boundary verify` says.
struct BoundaryReport {
    let files: Int
    let checks: Int
    let violations: [BoundaryViolation]
    /// Tracked files that are not there, or cannot be read: of these nothing is known.
    let unreadable: [String]

    var isSafe: Bool { violations.isEmpty && unreadable.isEmpty }

    func text(_ palette: Palette) -> String {
        guard !isSafe else {
            return "\(palette.paint("PUBLIC BOUNDARY SAFE", .green)): \(checks) checks over \(files) files\n"
        }
        var rows = violations.map { violation -> [Table.Cell] in
            [
                "\(violation.path)\(violation.line.map { ":\($0)" } ?? "")", Table.Cell(violation.check, .red),
                "\(violation.reason)",
            ]
        }
        rows += unreadable.map { ["\($0)", Table.Cell("unreadable", .red), "it could not be read"] }
        return Table([], rows).text(palette) + "\n\(Measure.count(rows.count, "violation")) in \(files) files\n"
    }

    /// `{"safe","files","checks","violations":[{"check","path","line","reason"}],"unreadable":[…]}`.
    var json: String {
        let value: JSONValue = [
            "safe": .bool(isSafe), "files": .integer(files), "checks": .integer(checks),
            "violations": .array(
                violations.map {
                    [
                        "check": .string($0.check), "path": .string($0.path), "line": .number($0.line),
                        "reason": .string($0.reason),
                    ]
                }),
            "unreadable": .array(unreadable.map(JSONValue.string)),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
