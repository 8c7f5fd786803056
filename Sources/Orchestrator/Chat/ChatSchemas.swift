package import OrchCore
import OrchReceipts

extension ChatRequest {
    /// The JSON Schema of the body, from the same table that checks it.
    package static let schema: JSONValue = {
        var properties: JSONObject = [
            "messages": [
                "type": "array", "minItems": 1, "maxItems": .integer(maximumMessages), "items": ChatMessage.schema,
            ]
        ]
        for (key, shape) in ChatField.shapes.sorted(by: { $0.key < $1.key }) { properties[key] = shape.schema }
        return ["type": "object", "properties": .object(properties), "required": ["messages"]]
    }()
}

extension ChatMessage {
    static let schema: JSONValue = [
        "type": "object",
        "required": ["role"],
        "properties": [
            "role": ["type": "string", "enum": .array(Role.allCases.map { .string($0.rawValue) })],
            "content": [
                "type": ["string", "null", "array"],
                "items": ["type": "object", "required": ["type"], "properties": ["type": ["type": "string"]]],
            ],
            "name": ["type": ["string", "null"]],
            "tool_call_id": ["type": ["string", "null"]],
            "tool_calls": ["type": ["array", "null"]],
            "pinned": ["type": ["boolean", "null"]],
            "metadata": ["type": ["object", "null"]],
        ],
    ]
}

extension ChatAnswer {
    /// The JSON Schema of a whole answer.
    package static let schema: JSONValue = [
        "type": "object",
        "required": [
            "id", "object", "created", "model", "choices", "usage", "request_id", "route_decision", "receipt",
        ],
        "properties": [
            "id": ["type": "string", "pattern": "^chatcmpl-"],
            "object": ["const": "chat.completion"],
            "created": ["type": "integer"],
            "model": ["type": "string"],
            "system_fingerprint": ["type": ["string", "null"]],
            "choices": [
                "type": "array", "items": ["type": "object", "required": ["index", "message", "finish_reason"]],
            ],
            "usage": [
                "type": "object", "required": ["prompt_tokens", "completion_tokens", "total_tokens"],
            ],
            "request_id": ["type": "string"],
            "agent": ["type": "string"],
            "memory_decision": ["type": "object", "required": ["decision", "reason"]],
            "route_decision": ["type": "object", "required": ["tool", "params", "confidence", "reason"]],
            "model_decision": ["type": ["object", "null"]],
            "intent_decision": [
                "type": "object",
                "required": [
                    "decision_id", "policy_hash", "tier_used", "outcome", "reason", "intent_id", "allowed_tools",
                    "tool_params", "requires_hitl", "confidence", "gap", "deny_reason", "evidence", "operator",
                    "cacheable",
                ],
            ],
            "token_usage": [
                "type": "object", "required": ["input_tokens", "tokenizer", "fallback"],
                "properties": [
                    "input_tokens": ["type": "integer"], "output_tokens": ["type": "integer"],
                    "tokenizer": ["type": "string"], "fallback": ["type": "boolean"],
                    "budget": ["type": "integer"], "utilization": ["type": "number"],
                ],
            ],
            "tool_result": ["type": ["object", "null"]],
            "truncated": ["type": "boolean"],
            "receipt": Receipt.schema,
        ],
    ]
}

extension ChatField.Shape {
    var schema: JSONValue {
        switch self {
        case .string: ["type": ["string", "null"]]
        case .bool: ["type": ["boolean", "null"]]
        case .object: ["type": ["object", "null"]]
        case .array: ["type": ["array", "null"]]
        case .arrayOfObjects: ["type": ["array", "null"], "items": ["type": "object"]]
        case .stringOrArray: ["type": ["string", "array", "null"], "items": ["type": "string"]]
        case .stringOrObject: ["type": ["string", "object", "null"]]
        case .integer(let range):
            range.upperBound == Int.max
                ? range.lowerBound == Int.min
                    ? ["type": ["integer", "null"]]
                    : ["type": ["integer", "null"], "minimum": .integer(range.lowerBound)]
                : [
                    "type": ["integer", "null"], "minimum": .integer(range.lowerBound),
                    "maximum": .integer(range.upperBound),
                ]
        case .number(let range):
            [
                "type": ["number", "null"], "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
            ]
        }
    }
}
