package import OrchCore
import OrchReceipts

extension TrustEvent {
    /// - Parameter link: The trace's chain up to this step.
    func write(to writer: inout JSONWriter, withSizes: Bool = false, link: MerkleHash? = nil) {
        writer.beginObject()
        writer.member("trace_id", traceID)
        writer.member("step_id", stepID)
        writer.member("step_type", stepType)
        writer.member("created_at", createdAt)
        writer.member("payload", payload.map(JSONValue.object) ?? .null)
        writer.member("event_hash", hash.hexadecimal)
        if let link { writer.member("chain_hash", link.hexadecimal) }
        writer.member("redactions", redactions)
        if withSizes {
            writer.member("sizes", ["stored_bytes": .integer(storedBytes), "shown_bytes": .integer(shownBytes)])
        }
        writer.endObject()
    }
}

extension TrustPanel {
    package static let eventsSchema: JSONValue = [
        "type": "object", "required": ["count", "events", "limit", "complete"],
        "properties": [
            "count": ["type": "integer"],
            "events": ["type": "array", "items": eventSchema(["sizes": ["type": "object"]], required: [])],
            "limit": ["type": "integer"], "complete": ["type": "boolean"],
        ],
    ]

    package static let reportSchema: JSONValue = [
        "type": "object",
        "required": ["trace_id", "created_at", "status", "metadata", "steps", "chain", "leaf_index"],
        "properties": [
            "trace_id": ["type": "string"], "created_at": ["type": ["string", "null"]],
            "status": ["type": ["string", "null"]], "metadata": ["type": ["object", "null"]],
            "steps": [
                "type": "array", "items": eventSchema(["chain_hash": ["type": "string"]], required: ["chain_hash"]),
            ],
            "chain": [
                "type": "object", "required": ["algorithm", "head", "length"],
                "properties": [
                    "algorithm": ["const": .string(TraceChain.algorithm)], "head": ["type": "string"],
                    "length": ["type": "integer"],
                ],
            ],
            "leaf_index": ["type": ["integer", "null"]],
        ],
    ]

    package static let verificationSchema: JSONValue = [
        "type": "object", "required": ["trace_id", "valid", "reason", "chain_hash", "expected_hash", "steps"],
        "properties": [
            "trace_id": ["type": "string"], "valid": ["type": "boolean"],
            "reason": ["enum": .array(Finding.allCases.map { .string($0.rawValue) })],
            "chain_hash": ["type": "string"], "expected_hash": ["type": ["string", "null"]],
            "steps": ["type": "integer"],
        ],
    ]

    /// The words that `step_type` takes.
    package static let stepTypes = StepType.allCases.map(\.rawValue)

    private static func eventSchema(_ more: JSONObject, required: [JSONValue]) -> JSONValue {
        var properties: JSONObject = [
            "trace_id": ["type": "string"], "step_id": ["type": "string"], "step_type": ["type": "string"],
            "created_at": ["type": "string"], "payload": ["type": ["object", "null"]],
            "event_hash": ["type": "string"], "redactions": ["type": "integer"],
        ]
        let always = properties.keys.map(JSONValue.string)
        for member in more.members { properties[member.key] = member.value }
        return ["type": "object", "required": .array(always + required), "properties": .object(properties)]
    }
}
