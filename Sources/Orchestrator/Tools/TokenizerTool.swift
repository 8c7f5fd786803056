import OrchCore
package import OrchTokens
package import OrchTools

extension Tool {
    /// Encodes, decodes and counts by the vocabularies that are installed.
    ///
    /// - Parameter defaultModel: Counts where a call names no model.
    package static func tokenizer(_ catalog: TokenizerCatalog, defaultModel: String) -> Tool {
        Tool(
            name: "orch_tokenizer",
            description: """
                Works with the tokens of a model: encode gives the ids of a text, decode the text of ids, count the \
                number of tokens of a text, info what is known of the model's tokenizer.
                """,
            parameters: TokenizerCall.parameters, safe: true, timeout: nil
        ) { arguments in
            try TokenizerCall(arguments, catalog: catalog, defaultModel: defaultModel).output()
        }
    }
}

/// One call of `orch_tokenizer`.
struct TokenizerCall {
    enum Action: String, CaseIterable { case encode, decode, count, info }

    /// Unicode scalars.
    static let maximumTextLength = 100_000
    static let maximumTokens = 50_000
    static let maximumNameLength = 200

    static let parameters: JSONValue = [
        "type": "object",
        "properties": [
            "action": [
                "type": "string", "enum": .array(Action.allCases.map { .string($0.rawValue) }),
                "description": "encode and count take text, decode takes tokens.",
            ],
            "text": [
                "type": "string", "maxLength": .integer(maximumTextLength),
                "description": "The text to encode or count.",
            ],
            "tokens": [
                "type": "array", "maxItems": .integer(maximumTokens), "items": ["type": "integer"],
                "description": "The ids to decode.",
            ],
            "model_name": [
                "type": "string", "minLength": 1, "maxLength": .integer(maximumNameLength),
                "description": "A model, or a vocabulary such as o200k_base; the server's chat model unless given.",
            ],
        ],
        "required": ["action"],
        "additionalProperties": false,
    ]

    private let action: Action
    private let arguments: JSONObject
    private let catalog: TokenizerCatalog
    private let counter: TokenCounter

    init(_ arguments: JSONObject, catalog: TokenizerCatalog, defaultModel: String) throws(ToolFailure) {
        // The schema has seen to it that the action is one of these.
        guard let action = arguments["action"]?.stringValue.flatMap(Action.init(rawValue:)) else {
            throw .failed(code: "invalid_action", message: "action must be encode, decode, count or info")
        }
        self.action = action
        self.arguments = arguments
        self.catalog = catalog
        counter = catalog.counter(for: arguments["model_name"]?.stringValue ?? defaultModel)
    }

    /// JSON. What is made of numbers alone is told as it is; a decoded text is somebody's, and is scrubbed.
    func output() throws -> ToolOutput {
        var writer = JSONWriter()
        writer.beginObject()
        switch action {
        case .encode: try encode(to: &writer)
        case .decode: try decode(to: &writer)
        case .count: try count(to: &writer)
        case .info: describe(to: &writer)
        }
        writer.endObject()
        return ToolOutput(String(decoding: writer.bytes, as: UTF8.self), isCalculated: action != .decode)
    }

    private func encode(to writer: inout JSONWriter) throws(ToolFailure) {
        let text = try text()
        let tokenizer = try tokenizer()
        let tokens = tokenizer.encode(text)
        writer.member("tokenizer", tokenizer.name)
        // In front of the ids: a long result is cut.
        writer.member("count", tokens.count)
        writer.key("tokens")
        writer.beginArray()
        for token in tokens { writer.integer(token) }
        writer.endArray()
    }

    private func decode(to writer: inout JSONWriter) throws {
        guard let values = arguments["tokens"]?.arrayValue else {
            throw ToolFailure.failed(code: "missing_tokens", message: "decode wants tokens, an array of ids")
        }
        let tokenizer = try tokenizer()
        var ids: [Int] = []
        ids.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            guard let id = value.intValue else {
                throw ToolFailure.failed(
                    code: "unknown_token", message: "token \(index) (from 0) is a number that no token can have")
            }
            ids.append(id)
        }
        writer.member("tokenizer", tokenizer.name)
        writer.member("text", try DecodedTokens(ids, by: tokenizer).text())
    }

    private func count(to writer: inout JSONWriter) throws(ToolFailure) {
        let text = try text()
        writer.member("tokens", counter.tokens(of: text))
        writer.member("bytes", text.utf8.count)
        writer.member("characters", text.unicodeScalars.count)
        writer.member("tokenizer", counter.name)
        writer.member("fallback", counter.isFallback)
    }

    private func describe(to writer: inout JSONWriter) {
        writer.member("tokenizer", counter.name)
        writer.member("fallback", counter.isFallback)
        if let tokenizer = counter.tokenizer {
            writer.member("vocabulary_size", tokenizer.size)
            writer.member("special_tokens", tokenizer.specialTokens.count)
        }
        let (template, images) = (counter.template, counter.images)
        writer.member(
            "template",
            [
                "per_message": .integer(template.perMessage), "per_name": .integer(template.perName),
                "per_conversation": .integer(template.perConversation),
            ])
        writer.member("images", ["low": .integer(images.low), "high": .integer(images.high)])
        writer.member("installed", .array(catalog.installed.sorted().map(JSONValue.string)))
    }

    private func text() throws(ToolFailure) -> String {
        guard let text = arguments["text"]?.stringValue else {
            throw .failed(code: "missing_text", message: "\(action.rawValue) wants text")
        }
        return text
    }

    private func tokenizer() throws(ToolFailure) -> BytePairTokenizer {
        guard let tokenizer = counter.tokenizer else {
            throw .failed(
                code: "no_vocabulary",
                message: "there is no vocabulary for this model, only its bytes are counted; "
                    + "./scripts/assets install brings vocabularies")
        }
        return tokenizer
    }
}
