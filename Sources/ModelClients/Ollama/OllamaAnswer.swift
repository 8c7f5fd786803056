import OrchCore
import OrchProviders

/// One object of Ollama's: a whole answer, or a piece of a streamed one.
struct OllamaAnswer {
    struct Call {
        var identifier: String?
        var name: String
        /// A JSON text.
        var arguments: String
    }

    var model: String?
    /// Seconds since the epoch.
    var created: Int?
    var content = ""
    var thinking = ""
    var calls: [Call] = []
    var isDone = false
    private var doneReason: String?
    private var promptTokens: Int?
    private var outputTokens: Int?

    init(_ root: JSONNode) throws(ProviderError) {
        model = root["model"]?.string
        created = root["created_at"]?.string.flatMap(RFC3339.seconds)
        isDone = root["done"]?.bool ?? false
        doneReason = root["done_reason"]?.string
        promptTokens = root["prompt_eval_count"]?.int
        outputTokens = root["eval_count"]?.int
        guard let message = root["message"], message.kind == .object else {
            guard isDone else { throw .malformed("has no message") }
            return
        }
        content = message["content"]?.string ?? ""
        thinking = message["thinking"]?.string ?? ""
        for call in message["tool_calls"].map({ Array($0.elements) }) ?? [] {
            guard let function = call["function"], let name = function["name"]?.string, !name.isEmpty else {
                throw .malformed("has a tool call without a name")
            }
            let arguments = function["arguments"].map { $0.string ?? String(decoding: $0.slice, as: UTF8.self) }
            let identifier = call["id"]?.string
            calls.append(
                Call(identifier: identifier == "" ? nil : identifier, name: name, arguments: arguments ?? "{}"))
        }
    }

    /// OpenAI's word for why the answer ended.
    func finishReason(afterCalls: Bool) -> String {
        if afterCalls { return "tool_calls" }
        return doneReason == "length" ? "length" : "stop"
    }

    /// Whether Ollama has counted the prompt, which older versions leave out where they had it ready.
    var hasUsage: Bool { promptTokens != nil }

    func writeUsage(_ writer: inout JSONWriter) {
        guard let promptTokens else { return }
        let output = outputTokens ?? 0
        writer.key("usage")
        writer.beginObject()
        writer.member("prompt_tokens", promptTokens)
        writer.member("completion_tokens", output)
        writer.member("total_tokens", promptTokens.addingReportingOverflow(output).partialValue)
        writer.endObject()
    }

    static func write(_ call: Call, index: Int?, _ identity: AnswerIdentity, _ writer: inout JSONWriter) {
        writer.beginObject()
        if let index { writer.member("index", index) }
        writer.member("id", call.identifier ?? identity.toolCall())
        writer.member("type", "function")
        writer.key("function")
        writer.beginObject()
        writer.member("name", call.name)
        writer.member("arguments", call.arguments)
        writer.endObject()
        writer.endObject()
    }

    /// The answer as OpenAI's `chat.completion`.
    func completion(model asked: String, identity: AnswerIdentity) throws(ProviderError) -> JSONDocument {
        var writer = JSONWriter(capacity: content.utf8.count + 512)
        writer.beginObject()
        writer.member("id", identity.completion())
        writer.member("object", "chat.completion")
        writer.member("created", created ?? Int(identity.now().seconds))
        writer.member("model", model ?? asked)
        writer.key("choices")
        writer.beginArray()
        writer.beginObject()
        writer.member("index", 0)
        writer.key("message")
        writer.beginObject()
        writer.member("role", "assistant")
        writer.member("content", orNull: content.isEmpty && !calls.isEmpty ? nil : content)
        if !thinking.isEmpty { writer.member("reasoning_content", thinking) }
        if !calls.isEmpty {
            writer.key("tool_calls")
            writer.beginArray()
            for call in calls { Self.write(call, index: nil, identity, &writer) }
            writer.endArray()
        }
        writer.endObject()
        writer.key("logprobs")
        writer.null()
        writer.member("finish_reason", finishReason(afterCalls: !calls.isEmpty))
        writer.endObject()
        writer.endArray()
        writeUsage(&writer)
        writer.endObject()
        return try JSONDocument(answer: writer.bytes)
    }
}
