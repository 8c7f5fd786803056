package import OrchCore

extension EmbeddingPipeline {
    /// The JSON Schema of a body of `/v1/embeddings`.
    package static let requestSchema: JSONValue = [
        "type": "object", "required": ["input"],
        "properties": [
            "input": ["type": ["string", "array"]], "model": ["type": "string"],
            "encoding_format": ["type": ["string", "null"], "enum": ["float", "base64", nil]],
            "dimensions": ["type": ["integer", "null"]],
        ],
    ]

    package static let answerSchema: JSONValue = [
        "type": "object", "required": ["object", "data"],
        "properties": [
            "object": ["const": "list"], "data": ["type": "array"], "model": ["type": "string"],
            "usage": ["type": "object"],
        ],
    ]
}
