package import OrchCore
import OrchReceipts

extension ToolPipeline {
    /// The JSON Schema of a body of `/v1/tools/execute`.
    package static let requestSchema: JSONValue = [
        "type": "object", "required": ["name"], "additionalProperties": false,
        "properties": [
            "name": ["type": "string"], "args": ["type": ["object", "null"]],
            "approval_token": ["type": ["string", "null"]],
        ],
    ]

    package static let answerSchema: JSONValue = [
        "type": "object", "required": ["result"],
        "properties": [
            "result": [
                "type": "object", "required": ["status", "tool"],
                "properties": [
                    "status": ["enum": ["ok", "error"]], "tool": ["type": ["string", "null"]],
                    "result": ["type": "string"], "truncated": ["type": "boolean"], "error": ["type": "string"],
                ],
            ],
            "receipt": Receipt.schema,
        ],
    ]

    package static let listingSchema: JSONValue = [
        "type": "object", "required": ["count", "tools"],
        "properties": [
            "count": ["type": "integer"],
            "tools": [
                "type": "array",
                "items": [
                    "type": "object",
                    "required": ["name", "description", "parameters", "safe", "sandboxed", "policy"],
                ],
            ],
        ],
    ]
}
