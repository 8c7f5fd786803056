package import OrchCore

/// A chat completion request: what the pipeline needs of it, located in the body as it came.
package struct ChatRequest: Sendable {
    package let document: JSONDocument
    /// nil where the caller leaves the choice to us.
    package let model: String?
    package let streams: Bool
    package let includesUsage: Bool
    package let messages: [ChatMessage]
    /// The request names tools of its own, so that the caller runs the tool loop.
    package let hasClientTools: Bool
    /// What models read beside the messages, as JSON: definitions of tools, and the format of the answer.
    let countedNodes: [JSONNode]

    /// Messages that one request may hold.
    package static let maximumMessages = 2048

    /// Reads and checks a body.
    ///
    /// - Throws: ``PipelineError`` naming the position of malformed JSON or the path of a wrong field.
    package init(parsing bytes: [UInt8]) throws(PipelineError) {
        do throws(JSONError) { document = try JSONDocument(parsing: bytes) } catch {
            throw PipelineError(.invalidJSON, "the body is not valid JSON: \(error.message)")
        }
        guard document.root.kind == .object else {
            throw .wrongType("body", expected: "an object", found: document.root.kind)
        }
        var model: String?
        var streams = false
        var includesUsage = false
        var messages: [ChatMessage]?
        var hasClientTools = false
        var countedNodes: [JSONNode] = []
        for member in document.root.members {
            let (key, value) = (member.key, member.value)
            switch key {
            case "messages":
                messages = try Self.messages(value)
            case "stream_options":
                try ChatField.check(key, value)
                includesUsage =
                    try value["include_usage"].map { node throws(PipelineError) in
                        guard let flag = node.bool else {
                            throw .wrongType("stream_options.include_usage", expected: "a boolean", found: node.kind)
                        }
                        return flag
                    } ?? false
            default:
                try ChatField.check(key, value)
                if key == "model" { model = value.string }
                if key == "stream" { streams = value.bool ?? false }
                if key == "tools" || key == "functions", value.elements.contains(where: { _ in true }) {
                    hasClientTools = true
                    countedNodes.append(value)
                }
                if key == "response_format", value.kind == .object { countedNodes.append(value) }
            }
        }
        guard let messages else { throw .missing("messages") }
        self.model = model.flatMap { $0.isEmpty || $0 == "auto" ? nil : $0 }
        self.streams = streams
        self.includesUsage = includesUsage
        self.messages = messages
        self.hasClientTools = hasClientTools
        self.countedNodes = countedNodes
    }

    /// How many choices the caller asks for.
    var choiceCount: Int { document.root["n"]?.int ?? 1 }

    /// The text of the last message, where a user sent it; nil where the turn is not the user's.
    package var userText: String? {
        guard let last = messages.last, last.role == .user else { return nil }
        return last.text
    }

    /// The text of the last message of a user, wherever it stands.
    package var lastUserText: String? {
        messages.last { $0.role == .user }?.text
    }

    private static func messages(_ node: JSONNode) throws(PipelineError) -> [ChatMessage] {
        guard node.kind == .array else { throw .wrongType("messages", expected: "an array", found: node.kind) }
        var messages: [ChatMessage] = []
        for element in node.elements {
            guard messages.count < maximumMessages else {
                throw PipelineError(
                    .tooManyMessages, "messages holds more than \(maximumMessages) entries", parameter: "messages")
            }
            messages.append(try ChatMessage(element, path: "messages[\(messages.count)]"))
        }
        guard !messages.isEmpty else {
            throw PipelineError(.invalidValue, "messages must hold at least one message", parameter: "messages")
        }
        return messages
    }
}
