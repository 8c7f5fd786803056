import OrchCore

/// What `orch replay` says.
struct ReplayReport {
    let traceID: TraceID
    let input: RecordedRequest.Input
    /// Empty where the input is another one.
    var parts: [ReplayedPart] = []

    init(traceID: TraceID, input: RecordedRequest.Input) {
        self.traceID = traceID
        self.input = input
    }

    var isSame: Bool { input != .differs && parts.allSatisfy(\.isSame) }

    func text(_ palette: Palette) -> String {
        var rows: [[Table.Cell]] = [
            [Table.Cell("trace", .bold), Table.Cell(traceID.description)],
            [Table.Cell("input", .bold), inputCell],
        ]
        for part in parts {
            rows.append([
                Table.Cell(part.name, .bold),
                part.isSame ? Table.Cell("same", .green) : Table.Cell(Self.phrase(part.differences[0]), .red),
            ])
            for difference in part.differences.dropFirst() {
                rows.append([Table.Cell(""), Table.Cell(Self.phrase(difference), .red)])
            }
        }
        return Table([], rows).text(palette) + "\n\(verdict(palette))\n"
    }

    private func verdict(_ palette: Palette) -> String {
        if input == .differs { return "\(palette.paint("✗", .red)) another input: nothing was compared" }
        return isSame
            ? "\(palette.paint("✓", .green)) all that was compared comes out the same"
            : "\(palette.paint("✗", .red)) it does not come out the same"
    }

    private var inputCell: Table.Cell {
        switch input {
        case .matches: Table.Cell("is what the receipt binds", .green)
        case .differs: Table.Cell("differs: these bytes are not what the receipt binds", .red)
        case .cannotBeChecked: Table.Cell("cannot be checked: the receipt's salt was deleted", .yellow)
        case .notBound: Table.Cell("cannot be checked: the receipt binds no request", .yellow)
        }
    }

    private static func phrase(_ difference: ReplayedPart.Difference) -> String {
        func shown(_ value: JSONValue?) -> String {
            switch value {
            case nil: "none"
            case .string(let text)?: text
            case let value?: String(decoding: value.serialized, as: UTF8.self)
            }
        }
        return "\(difference.member): recorded \(shown(difference.recorded)), now \(shown(difference.now))"
    }

    /// `{"trace_id","input","same","parts":[{"part","same","differences":[{"member","recorded","now"}]}]}`
    var json: String {
        let value: JSONValue = [
            "trace_id": .string(traceID.description), "input": .string(input.rawValue), "same": .bool(isSame),
            "parts": .array(
                parts.map { part in
                    [
                        "part": .string(part.name), "same": .bool(part.isSame),
                        "differences": .array(
                            part.differences.map { difference in
                                [
                                    "member": .string(difference.member), "recorded": difference.recorded ?? .null,
                                    "now": difference.now ?? .null,
                                ]
                            }),
                    ]
                }),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
