import OrchCore
import OrchReceipts

/// What `orch audit fsck` says.
struct FsckReport {
    let report: AuditReport

    var isConsistent: Bool {
        if case .contradicts = report.anchor { return false }
        return report.isConsistent
    }

    var verdict: String {
        guard isConsistent else { return "NOT CONSISTENT" }
        return switch report.anchor {
        case .none: "consistent, unanchored"
        case .extends(let size): "consistent, append-only since size \(size)"
        case .contradicts: "NOT CONSISTENT"
        }
    }

    /// The first leaf that something is wrong with.
    private var firstBad: AuditReport.Finding? {
        report.findings.filter { $0.leafIndex != nil }.min { ($0.leafIndex ?? 0) < ($1.leafIndex ?? 0) }
    }

    func text(_ palette: Palette) -> String {
        var rows: [[Table.Cell]] = [
            [Table.Cell("leaves", .bold), Table.Cell("\(report.treeSize)")],
            [Table.Cell("verified", .bold), Table.Cell("\(report.verified)")],
            [Table.Cell("retired", .bold), Table.Cell("\(report.retired)")],
            [Table.Cell("under way", .bold), Table.Cell("\(report.open)")],
        ]
        if let head = report.checkpoint?.checkpoint {
            rows.append([
                Table.Cell("checkpoint", .bold), Table.Cell("\(head.origin), size \(head.size), root \(head.root)"),
            ])
        } else {
            rows.append([Table.Cell("checkpoint", .bold), Table.Cell("none that reads and is signed", .red)])
        }
        if case .contradicts(let size) = report.anchor {
            rows.append([
                Table.Cell("since", .bold),
                Table.Cell("the log does not go on from the checkpoint of size \(size)", .red),
            ])
        }
        return Table([], rows).text(palette) + "\n" + findingsText(palette)
            + palette.paint(verdict, isConsistent ? .green : .red) + "\n"
    }

    private func findingsText(_ palette: Palette) -> String {
        guard report.findingCount > 0 else { return "" }
        let rows = report.findings.map { finding -> [Table.Cell] in
            [
                Table.Cell(finding.leafIndex.map { "\($0)" } ?? "-"), Table.Cell(finding.traceID ?? "-"),
                Table.Cell(finding.part.rawValue), Table.Cell(finding.message),
            ]
        }
        var text = Table(["LEAF", "TRACE", "PART", "FINDING"], rows).text(palette)
        let rest = report.findingCount - report.findings.count
        if rest > 0 { text += "and \(rest) more\n" }
        if let firstBad, let index = firstBad.leafIndex {
            text += "\nfirst bad leaf: \(index)\(firstBad.traceID.map { ", trace \(Visible.line($0))" } ?? "")\n"
        }
        return text + "\n"
    }

    /// `{"verdict","consistent","tree_size","verified","retired","under_way","origin","root_hash","checkpoint","since",
    /// "first_bad_leaf","finding_count","findings":[{"part","leaf_index","trace_id","message"}]}`
    var json: String {
        let since: JSONValue =
            switch report.anchor {
            case .none: .null
            case .extends(let size): ["size": .integer(size), "append_only": true]
            case .contradicts(let size): ["size": .integer(size), "append_only": false]
            }
        let value: JSONValue = [
            "verdict": .string(verdict), "consistent": .bool(isConsistent), "tree_size": .integer(report.treeSize),
            "verified": .integer(report.verified), "retired": .integer(report.retired),
            "under_way": .integer(report.open), "origin": .text(report.checkpoint?.checkpoint.origin),
            "root_hash": .text(report.checkpoint?.checkpoint.root.hexadecimal),
            "checkpoint": .text(report.checkpoint?.text), "since": since,
            "first_bad_leaf": .number(firstBad?.leafIndex),
            "finding_count": .integer(report.findingCount),
            "findings": .array(
                report.findings.map { finding in
                    [
                        "part": .string(finding.part.rawValue), "leaf_index": .number(finding.leafIndex),
                        "trace_id": .text(finding.traceID), "message": .string(finding.message),
                    ]
                }),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}

extension JSONValue {
    /// An integer, or null.
    static func number(_ number: Int?) -> JSONValue { number.map(JSONValue.integer) ?? .null }
}
