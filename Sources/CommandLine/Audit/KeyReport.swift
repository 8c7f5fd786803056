import OrchCore
import OrchReceipts

/// What `orch audit key` says.
struct KeyReport {
    let status: LogKeyStatus

    func text(_ palette: Palette) -> String {
        let (mark, colour): (String, Palette.Colour) = status.isInOrder ? ("✓", .green) : ("✗", .red)
        let line = "\(palette.paint(mark, colour)) \(Visible.line(explanation))\n"
        guard !status.keys.isEmpty else { return line }
        let rows = status.keys.map { key -> [Table.Cell] in
            [Table.Cell("\(key.firstSize)"), Table.Cell(Self.voucher(key)), Table.Cell(key.key.description)]
        }
        return Table(["SINCE SIZE", "SIGNED FOR BY", "VERIFIER KEY"], rows).text(palette) + "\n" + line
    }

    /// Whether the file is in order, and what to do where it is not.
    var explanation: String {
        switch (status.file, status.keys.last) {
        case (let file?, let last?) where file == last.key: "the file holds the log's newest key"
        case (nil, _?):
            "the file of the key is missing: put it back from where you keep a copy; where there is none, "
                + "orch audit key --create makes another key"
        case (let file?, let last?):
            "the file holds \(file.shortName), and the log's newest key is \(last.key.shortName): put that one back; "
                + "where it is lost, move the file away, and orch audit key --create makes another"
        case (let file?, nil):
            "the log has no key yet, and the file holds \(file.shortName), which signs another log: put that log's "
                + "database back, or move the file away"
        case (nil, nil):
            "the log has no key yet: the server's first start makes one where the database is its own, and "
                + "orch audit key --create does for any"
        }
    }

    static func voucher(_ key: LogKey) -> String {
        if key.note != nil { return "the key before" }
        return key.firstSize == 0 ? "-" : "nobody"
    }

    /// `{"in_order","file","keys":[{"since_size","key","note"}]}`
    var json: String {
        let value: JSONValue = [
            "in_order": .bool(status.isInOrder), "file": .text(status.file?.description),
            "keys": .array(status.keys.map(NewKeyReport.json)),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}

/// What `orch audit key --create` and `--rotate` say.
struct NewKeyReport {
    let key: LogKey
    let isRotation: Bool

    func text(_ palette: Palette) -> String {
        let rows: [[Table.Cell]] = [
            [Table.Cell("verifier key", .bold), Table.Cell(key.key.description)],
            [Table.Cell("since size", .bold), Table.Cell("\(key.firstSize)")],
            [Table.Cell("signed for by", .bold), Table.Cell(KeyReport.voucher(key))],
        ]
        let reminder =
            isRotation
            ? "Publish the verifier key, and keep the old ones published too."
            : "Publish the verifier key where readers of receipts find it."
        return Table([], rows).text(palette) + "\n\(reminder)\n"
    }

    /// `{"since_size","key","note"}`
    var json: String { String(decoding: Self.json(key).serialized, as: UTF8.self) }

    static func json(_ key: LogKey) -> JSONValue {
        [
            "since_size": .integer(key.firstSize), "key": .string(key.key.description), "note": .text(key.note),
        ]
    }
}
