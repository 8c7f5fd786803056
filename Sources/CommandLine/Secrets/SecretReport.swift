import OrchCore

/// What `orch secrets scan` says.
struct SecretReport {
    let tree: String
    let baseline: SecretBaseline
    var files = SecretFindings()
    /// nil where it was not asked for.
    var history: SecretFindings?
    var isShallow = false

    var all: [SecretFindings.Found] { files.leaks + (history?.leaks ?? []) }

    /// Those that are not in the baseline.
    var new: [SecretFindings.Found] { all.filter { !baseline.holds($0.leak) } }

    /// Baseline entries of which nothing is left. Without the history nothing can be said of what stood there.
    private var gone: [SecretBaseline.Entry] { history == nil ? [] : baseline.gone(all) }

    func text(_ palette: Palette) -> String {
        let rows = new.map { found -> [Table.Cell] in
            [
                "\(Self.place(of: found))", Table.Cell(found.leak.detector, .red), "\(found.leak.fingerprint.text)",
                "\(found.object.map { "in \($0.prefix(12))" } ?? "")",
            ]
        }
        var text = rows.isEmpty ? "" : Table([], rows).text(palette) + "\n"
        let known = all.count - new.count
        text += "\(Measure.count(new.count, "finding"))\(known > 0 ? ", and \(known) in the baseline" : "")\n"
        text += "\(Self.summary(files, "file"))\n"
        if let history { text += "\(Self.summary(history, "object")) of the history\n" }
        for entry in gone {
            text += "no longer there: \(Visible.line(entry.path ?? "a message")) \(entry.detector)\n"
        }
        return text
    }

    private static func place(of found: SecretFindings.Found) -> String {
        "\(found.path ?? "message"):\(found.leak.line):\(found.leak.column)"
    }

    private static func summary(_ findings: SecretFindings, _ noun: String) -> String {
        var text = "\(Measure.count(findings.files, noun)), \(Measure.bytes(Int64(findings.bytes)))"
        if findings.binaries > 0 { text += ", \(findings.binaries) binary" }
        if !findings.unreadable.isEmpty { text += ", \(findings.unreadable.count) could not be read" }
        return text
    }

    /// `{"files","bytes","binaries","unreadable":[…],"history":{…}|null,"shallow","findings":[…],"known","gone":[…]}`.
    var json: String {
        let value: JSONValue = [
            "files": .integer(files.files), "bytes": .integer(files.bytes), "binaries": .integer(files.binaries),
            "unreadable": .array(files.unreadable.map(JSONValue.string)),
            "history": history.map { history in
                [
                    "objects": .integer(history.files), "bytes": .integer(history.bytes),
                    "binaries": .integer(history.binaries),
                    "unreadable": .array(history.unreadable.map(JSONValue.string)), "shallow": .bool(isShallow),
                ]
            } ?? .null,
            "findings": .array(new.map(Self.value)), "known": .integer(all.count - new.count),
            "gone": .array(
                gone.map {
                    [
                        "path": .text($0.path), "detector": .string($0.detector),
                        "fingerprint": .string($0.fingerprint.text),
                    ]
                }),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }

    private static func value(_ found: SecretFindings.Found) -> JSONValue {
        [
            "path": .text(found.path), "line": .integer(found.leak.line), "column": .integer(found.leak.column),
            "detector": .string(found.leak.detector), "confidence": .number(found.leak.confidence),
            "fingerprint": .string(found.leak.fingerprint.text), "object": .text(found.object),
        ]
    }
}
