package import OrchCore
import OrchReceipts

extension TraceVerdict {
    /// The answer of `/v1/audit/verify`.
    var json: [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.member("trace_id", traceID.description)
        writer.member("valid", isValid)
        writer.member("reason", reason.rawValue)
        writer.member("policy_hash_current", orNull: policy.hash)
        writer.member("policy_hash_trace", orNull: tracePolicyHash)
        writer.member("policy_path", policy.path)
        writer.member("policy_enforced", policy.isEnforced)
        writer.member("policy_steps", policySteps)
        writer.key("log")
        if let log { write(log, to: &writer) } else { writer.null() }
        writer.endObject()
        return writer.bytes
    }

    private func write(_ log: TraceEvidence.InLog, to writer: inout JSONWriter) {
        let head = log.checkpoint.checkpoint
        writer.beginObject()
        writer.member("leaf_index", log.index)
        writer.member("leaf_hash", MerkleHash.leaf(log.leaf).hexadecimal)
        writer.member("tree_size", head.size)
        writer.member("root_hash", head.root.hexadecimal)
        writer.member("inclusion_proof", .array(log.proof.map { .string($0.hexadecimal) }))
        writer.member("checkpoint", log.checkpoint.text)
        writer.member("inclusion_verified", isIncluded)
        writer.key("content_verified")
        switch content {
        case .verified: writer.bool(true)
        case .mismatch: writer.bool(false)
        case .retired: writer.string("retired")
        }
        writer.endObject()
    }
}

extension ConsistencyProof {
    /// The answer of `/v1/audit/consistency`.
    var json: [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.member("from", from)
        writer.member("to", to)
        writer.member("from_root", fromRoot.hexadecimal)
        writer.member("to_root", toRoot.hexadecimal)
        writer.member("proof", .array(hashes.map { .string($0.hexadecimal) }))
        writer.endObject()
        return writer.bytes
    }
}

extension AuditDesk {
    private static let hash: JSONValue = ["type": "string", "pattern": "^[0-9a-f]{64}$"]
    private static let optionalHash: JSONValue = ["type": ["string", "null"]]

    /// The JSON Schema of a body of `/v1/audit/verify`.
    package static let requestSchema: JSONValue = [
        "type": "object", "required": ["trace_id"], "additionalProperties": false,
        "properties": ["trace_id": ["type": "string"]],
    ]

    package static let verdictSchema: JSONValue = [
        "type": "object",
        "required": [
            "trace_id", "valid", "reason", "policy_hash_current", "policy_hash_trace", "policy_path", "policy_enforced",
            "policy_steps", "log",
        ],
        "properties": [
            "trace_id": ["type": "string"], "valid": ["type": "boolean"],
            "reason": ["enum": .array(TraceVerdict.Reason.allCases.map { .string($0.rawValue) })],
            "policy_hash_current": optionalHash, "policy_hash_trace": optionalHash, "policy_path": ["type": "string"],
            "policy_enforced": ["type": "boolean"], "policy_steps": ["type": "integer"],
            "log": [
                "type": ["object", "null"],
                "required": [
                    "leaf_index", "leaf_hash", "tree_size", "root_hash", "inclusion_proof", "checkpoint",
                    "inclusion_verified", "content_verified",
                ],
                "properties": [
                    "leaf_index": ["type": "integer"], "leaf_hash": hash, "tree_size": ["type": "integer"],
                    "root_hash": hash, "inclusion_proof": ["type": "array", "items": hash],
                    "checkpoint": ["type": "string"], "inclusion_verified": ["type": "boolean"],
                    "content_verified": ["enum": [true, false, "retired"]],
                ],
            ],
        ],
    ]

    package static let consistencySchema: JSONValue = [
        "type": "object", "required": ["from", "to", "from_root", "to_root", "proof"],
        "properties": [
            "from": ["type": "integer"], "to": ["type": "integer"], "from_root": hash, "to_root": hash,
            "proof": ["type": "array", "items": hash],
        ],
    ]
}
