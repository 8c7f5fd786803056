import OrchCore
import OrchReceipts

/// What `orch audit verify` says of one trace.
struct VerdictReport {
    let verdict: TraceVerdict

    func text(_ palette: Palette) -> String {
        let (mark, colour) = Self.mark(verdict.reason)
        let word = verdict.isValid ? "valid" : verdict.reason.rawValue
        var rows: [[Table.Cell]] = [[Table.Cell("trace", .bold), Table.Cell(verdict.traceID.description)]]
        if let log = verdict.log {
            let head = log.checkpoint.checkpoint
            rows += [
                [Table.Cell("leaf", .bold), Table.Cell("\(log.index), SHA-256 \(MerkleHash.leaf(log.leaf))")],
                [Table.Cell("log", .bold), Table.Cell("\(head.origin), size \(head.size), root \(head.root)")],
                [
                    Table.Cell("in the log", .bold),
                    verdict.isIncluded ? Table.Cell("yes", .green) : Table.Cell("no", .red),
                ],
                [Table.Cell("content", .bold), Table.Cell(Self.phrase(verdict.content))],
            ]
        }
        rows += [
            [Table.Cell("policy then", .bold), Table.Cell(verdict.tracePolicyHash ?? "none")],
            [Table.Cell("policy now", .bold), Table.Cell(policyNow)],
        ]
        return "\(palette.paint(mark, colour)) \(word): \(Visible.line(explanation))\n\n"
            + Table([], rows).text(palette)
    }

    /// Why, in a sentence.
    var explanation: String {
        switch verdict.reason {
        case .verified: "its leaf is in the signed log, and what is stored is what it binds"
        case .notInLog where verdict.log == nil: "no leaf of the log names it: it is under way, or the log was changed"
        case .notInLog: "its leaf is not in the signed log"
        case .contentMismatch: "what is stored is not what was bound: \(Self.phrase(verdict.content))"
        case .retired: "its contents were deleted on purpose, and all else is proven"
        case .policyChanged: "nothing of it was changed, but another policy is in force now"
        case .policyMissing where verdict.policy.hash == nil: "nothing of it was changed, but no policy is in force"
        case .policyMissing: "nothing of it was changed, but it names no policy"
        }
    }

    private var policyNow: String {
        guard let hash = verdict.policy.hash else { return "none" }
        return "\(hash), \(verdict.policy.isEnforced ? "enforced" : "not enforced"), \(verdict.policy.path)"
    }

    static func phrase(_ content: ContentVerdict) -> String {
        switch content {
        case .verified: "verified"
        case .retired(let retirement): "retired (\(retirement.rawValue))"
        case .mismatch(let fault): fault
        }
    }

    private static func mark(_ reason: TraceVerdict.Reason) -> (String, Palette.Colour) {
        switch reason {
        case .verified: ("✓", .green)
        case .retired, .policyChanged, .policyMissing: ("!", .yellow)
        case .notInLog, .contentMismatch: ("✗", .red)
        }
    }

    /// The same as POST /v1/audit/verify.
    var json: String {
        let value: JSONValue = [
            "trace_id": .string(verdict.traceID.description), "valid": .bool(verdict.isValid),
            "reason": .string(verdict.reason.rawValue), "policy_hash_current": .text(verdict.policy.hash),
            "policy_hash_trace": .text(verdict.tracePolicyHash), "policy_path": .string(verdict.policy.path),
            "policy_enforced": .bool(verdict.policy.isEnforced), "policy_steps": .integer(verdict.policySteps),
            "log": verdict.log.map(json) ?? .null,
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }

    private func json(_ log: TraceEvidence.InLog) -> JSONValue {
        let content: JSONValue =
            switch verdict.content {
            case .verified: true
            case .retired: "retired"
            case .mismatch: false
            }
        return [
            "leaf_index": .integer(log.index), "leaf_hash": .string(MerkleHash.leaf(log.leaf).hexadecimal),
            "tree_size": .integer(log.checkpoint.checkpoint.size),
            "root_hash": .string(log.checkpoint.checkpoint.root.hexadecimal),
            "inclusion_proof": .array(log.proof.map { .string($0.hexadecimal) }),
            "checkpoint": .string(log.checkpoint.text), "inclusion_verified": .bool(verdict.isIncluded),
            "content_verified": content,
        ]
    }
}

extension JSONValue {
    /// A text, or null.
    static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}
