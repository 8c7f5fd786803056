import OrchCore

/// An error as callers see it: `{"error":{"message","type","param","code"}}`, with its HTTP status.
struct ErrorBody: Error, Sendable {
    var status: Int
    var type: String
    var code: String
    var message: String
    var parameter: String?
    /// Retry-After, in seconds.
    var retryAfter: Int?
    /// Further header fields, such as Allow.
    var headers: [(name: String, value: String)] = []

    init(
        status: Int, type: String, code: String, message: String, parameter: String? = nil, retryAfter: Int? = nil,
        headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.type = type
        self.code = code
        self.message = message
        self.parameter = parameter
        self.retryAfter = retryAfter
        self.headers = headers
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.member("message", message)
        writer.member("type", type)
        writer.member("param", orNull: parameter)
        writer.member("code", code)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    /// The JSON Schema of ``json``.
    static let schema: JSONValue = [
        "type": "object",
        "required": ["error"],
        "properties": [
            "error": [
                "type": "object",
                "required": ["message", "type", "param", "code"],
                "properties": [
                    "message": ["type": "string"],
                    "type": ["type": "string"],
                    "param": ["type": ["string", "null"]],
                    "code": ["type": ["string", "null"]],
                ],
            ]
        ],
    ]
}
