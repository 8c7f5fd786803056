import OrchApprovals
package import OrchCore
import OrchReceipts

extension Approval {
    /// The answer of `/v1/tools/approve`.
    func json(_ receipt: Receipt?) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member("approval_id", id)
        writer.member("tool", tool)
        writer.member("args_hash", argumentsHash.hexadecimal)
        writer.member("approver", approver)
        writer.member("created_at", createdAt.description)
        writer.member("expires_at", expiresAt.description)
        writer.member("status", ApprovalStatus.approved.rawValue)
        writer.member("receipt", receipt)
        writer.endObject()
        return writer.bytes
    }
}

/// An item of the queue, as answers show it.
struct ReviewView {
    let review: Review
    /// JSON of what was asked for, while it is stored.
    var arguments: [UInt8]?
    var note: [UInt8]?
    /// JSON of the tool's result.
    var result: [UInt8]?

    /// Of one item.
    ///
    /// - Parameter receipt: That of the decision; nil where the item is only looked at.
    func json(_ receipt: Receipt?) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writeSummary(to: &writer)
        writer.member("args", rawOrNull: arguments)
        writer.member("note", orNull: note.map { String(decoding: $0, as: UTF8.self) })
        writer.member("result", rawOrNull: result)
        if receipt != nil { writer.member("receipt", receipt) }
        writer.endObject()
        return writer.bytes
    }

    /// Without what people said.
    func writeSummary(to writer: inout JSONWriter) {
        writer.member("request_id", review.id)
        writer.member("kind", review.kind.rawValue)
        writer.member("status", review.status.rawValue)
        writer.member("tool", review.tool)
        let hash = review.argumentsHash.hexadecimal
        writer.member("args_hash", orNull: hash.isEmpty ? nil : hash)
        writer.member("args_edited", review.isEdited)
        writer.member("requester", review.requester)
        writer.member("agent", orNull: review.agent)
        writer.member("created_at", review.createdAt.description)
        writer.member("expires_at", review.expiresAt.description)
        writer.member("reviewer", orNull: review.reviewer)
        writer.member("decided_at", orNull: review.decidedAt?.description)
        writer.member("ended_at", orNull: review.endedAt?.description)
        writer.member("request_trace_id", orNull: review.requestTrace)
        writer.member("decision_trace_id", orNull: review.decisionTrace)
        writer.member("decision", rawOrNull: review.evidence.map { Array($0.utf8) })
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ key: String, rawOrNull json: [UInt8]?) {
        self.key(key)
        if let json { raw(json) } else { null() }
    }
}

/// The answer of `/v1/hitl`.
struct ReviewPage {
    let reviews: [Review]
    let hasMore: Bool

    var json: [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.member("object", "list")
        writer.key("data")
        writer.beginArray()
        for review in reviews {
            writer.beginObject()
            ReviewView(review: review).writeSummary(to: &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.member("has_more", hasMore)
        writer.member("next_cursor", orNull: hasMore ? reviews.last?.id : nil)
        writer.endObject()
        return writer.bytes
    }
}

extension ReviewDesk {
    private static let moment: JSONValue = ["type": "string", "format": "date-time"]
    private static let text: JSONValue = ["type": ["string", "null"]]
    private static let status: JSONValue = [
        "enum": .array(ApprovalStatus.allCases.map { .string($0.rawValue) })
    ]

    package static let approvalRequestSchema: JSONValue = [
        "type": "object", "required": ["name"], "additionalProperties": false,
        "properties": [
            "name": ["type": "string"], "args": ["type": "object"],
            "ttl_seconds": [
                "type": ["integer", "null"], "minimum": 1, "maximum": .integer(ApprovalRequest.maximumLifetime),
            ],
        ],
    ]

    package static let approvalSchema: JSONValue = [
        "type": "object",
        "required": ["approval_id", "tool", "args_hash", "approver", "created_at", "expires_at", "status"],
        "properties": [
            "approval_id": ["type": "string"], "tool": ["type": "string"], "args_hash": ["type": "string"],
            "approver": ["type": "string"], "created_at": moment, "expires_at": moment, "status": status,
            "receipt": Receipt.schema,
        ],
    ]

    package static func decisionSchema(takesArguments: Bool) -> JSONValue {
        var properties: JSONObject = ["note": text]
        if takesArguments { properties["args"] = ["type": ["object", "null"]] }
        return ["type": "object", "additionalProperties": false, "properties": .object(properties)]
    }

    package static let itemSchema: JSONValue = [
        "type": "object",
        "required": [
            "request_id", "kind", "status", "tool", "args_hash", "args_edited", "requester", "agent", "created_at",
            "expires_at", "reviewer", "decided_at", "ended_at", "request_trace_id", "decision_trace_id", "decision",
        ],
        "properties": [
            "request_id": ["type": "string"], "kind": ["type": "string"], "status": status, "tool": ["type": "string"],
            "args_hash": ["type": "string"], "args_edited": ["type": "boolean"], "requester": ["type": "string"],
            "agent": text, "created_at": moment, "expires_at": moment, "reviewer": text, "decided_at": text,
            "ended_at": text, "request_trace_id": text, "decision_trace_id": text,
            "decision": ["type": ["object", "null"]],
            "args": ["type": ["object", "null"]], "note": text, "result": ["type": ["object", "null"]],
            "receipt": Receipt.schema,
        ],
    ]

    package static let pageSchema: JSONValue = [
        "type": "object", "required": ["object", "data", "has_more", "next_cursor"],
        "properties": [
            "object": ["const": "list"], "data": ["type": "array", "items": itemSchema],
            "has_more": ["type": "boolean"], "next_cursor": text,
        ],
    ]

    /// The states that a query may ask for.
    package static let statusSchema = status
}
