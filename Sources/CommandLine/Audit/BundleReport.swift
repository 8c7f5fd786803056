import OrchCore
import OrchReceipts

/// What `orch audit check-bundle` says.
struct BundleReport {
    let bundle: ReceiptBundle
    let check: BundleCheck

    private var head: Checkpoint { bundle.proof.checkpoint.checkpoint }

    func text(_ palette: Palette) -> String {
        var rows: [[Table.Cell]] = [
            [Table.Cell("trace", .bold), Table.Cell(bundle.traceID.description)],
            [Table.Cell("opened", .bold), Table.Cell(bundle.leaf.openedAt)],
            [Table.Cell("closed", .bold), Table.Cell(bundle.leaf.closedAt)],
            [Table.Cell("status", .bold), Table.Cell(bundle.leaf.status)],
            [Table.Cell("leaf", .bold), Table.Cell("\(bundle.proof.index), SHA-256 \(leafHash)")],
            [Table.Cell("log", .bold), Table.Cell("\(head.origin), size \(head.size), root \(head.root)")],
            [
                Table.Cell("leaf in log", .bold),
                check.isLeafInLog
                    ? Table.Cell("yes", .green) : Table.Cell("no: the proof does not lead to the root", .red),
            ],
            [
                Table.Cell("signature", .bold),
                check.signatureFault.map { Table.Cell($0.message, .red) } ?? Table.Cell("by the key given", .green),
            ],
            [Table.Cell("content", .bold), contentCell],
        ]
        for (name, opening) in openings { rows.append([Table.Cell(name.rawValue, .bold), Self.cell(opening)]) }
        let verdict =
            check.holds
            ? "\(palette.paint("✓", .green)) all of it holds" : "\(palette.paint("✗", .red)) it does not hold"
        return Table([], rows).text(palette) + "\n\(verdict)\n"
    }

    private var leafHash: MerkleHash { .leaf(bundle.leaf.canonical) }

    private var openings: [(name: Commitment.Name, opening: BundleCheck.Opening)] {
        Commitment.Name.allCases.compactMap { name in check.openings[name].map { (name, $0) } }
    }

    private var contentCell: Table.Cell {
        switch check.content {
        case .verified: Table.Cell("verified", .green)
        case .retired(let retirement):
            Table.Cell("retired (\(retirement.rawValue)): deleted by the log's operator, and not shown", .yellow)
        case .mismatch(let fault): Table.Cell(fault, .red)
        }
    }

    private static func cell(_ opening: BundleCheck.Opening) -> Table.Cell {
        switch opening {
        case .matches: Table.Cell("matches", .green)
        case .differs: Table.Cell("differs: these bytes are not what the receipt binds", .red)
        case .noSalt: Table.Cell("not shown: the bundle has no salt for it (orch audit bundle --with-salts)", .red)
        case .notBound: Table.Cell("not shown: the receipt binds none", .red)
        }
    }

    /// `{"valid","trace_id","leaf_index","leaf_hash","origin","tree_size","root_hash","leaf_in_log",
    /// "checkpoint_signed","signature_fault","content","content_fault","request","answer"}`
    var json: String {
        let (content, fault): (String, String?) =
            switch check.content {
            case .verified: ("verified", nil)
            case .retired: ("retired", nil)
            case .mismatch(let fault): ("mismatch", fault)
            }
        let value: JSONValue = [
            "valid": .bool(check.holds), "trace_id": .string(bundle.traceID.description),
            "leaf_index": .integer(bundle.proof.index), "leaf_hash": .string(leafHash.hexadecimal),
            "origin": .string(head.origin), "tree_size": .integer(head.size),
            "root_hash": .string(head.root.hexadecimal), "leaf_in_log": .bool(check.isLeafInLog),
            "checkpoint_signed": .bool(check.isCheckpointSigned),
            "signature_fault": .text(check.signatureFault?.codeName), "content": .string(content),
            "content_fault": .text(fault), "request": .text(check.openings[.request]?.rawValue),
            "answer": .text(check.openings[.answer]?.rawValue),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
