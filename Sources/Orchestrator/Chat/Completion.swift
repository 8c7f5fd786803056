import OrchCore

/// Writes completions of our own making: those of tools and of the local answer.
struct Completion {
    var id: String
    var created: Int64
    var model: String
    var content: String
    var usage: Usage

    /// An identity in OpenAI's form, unique as the trace's is.
    static func id(_ traceID: TraceID) -> String {
        "chatcmpl-" + String(decoding: traceID.description.utf8.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }

    func whole(_ extras: AnswerExtras) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024 + content.utf8.count)
        writer.beginObject()
        writeHead("chat.completion", &writer)
        writer.key("choices")
        writer.beginArray()
        writer.beginObject()
        writer.member("index", 0)
        writer.key("message")
        writer.beginObject()
        writer.member("role", "assistant")
        writer.member("content", content)
        writer.member("refusal", orNull: nil)
        writer.endObject()
        writer.member("logprobs", orNull: nil)
        writer.member("finish_reason", "stop")
        writer.endObject()
        writer.endArray()
        writer.key("usage")
        usage.write(to: &writer)
        extras.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    /// The same in chunks: the role, the text, the end, and the usage where it was asked for. The last one carries the
    /// extras.
    func chunks(includesUsage: Bool, _ extras: AnswerExtras) -> [[UInt8]] {
        var chunks = [
            chunk(delta: ["role": "assistant", "content": ""], includesUsage: includesUsage),
            chunk(delta: ["content": .string(content)], includesUsage: includesUsage),
            chunk(
                delta: [:], finishReason: "stop", includesUsage: includesUsage, extras: includesUsage ? nil : extras),
        ]
        if includesUsage { chunks.append(usageChunk(extras)) }
        return chunks
    }

    func chunk(
        delta: JSONObject, finishReason: String? = nil, index: Int = 0, includesUsage: Bool, extras: AnswerExtras? = nil
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writeHead("chat.completion.chunk", &writer)
        writer.key("choices")
        writer.beginArray()
        writer.beginObject()
        writer.member("index", index)
        writer.key("delta")
        writer.object(delta)
        writer.member("logprobs", orNull: nil)
        writer.member("finish_reason", orNull: finishReason)
        writer.endObject()
        writer.endArray()
        if includesUsage { writer.member("usage", orNull: nil) }
        extras?.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    /// The last chunk of a stream whose caller asked for usage.
    func usageChunk(_ extras: AnswerExtras) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writeHead("chat.completion.chunk", &writer)
        writer.key("choices")
        writer.beginArray()
        writer.endArray()
        writer.key("usage")
        usage.write(to: &writer)
        extras.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private func writeHead(_ object: String, _ writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("object", object)
        writer.member("created", Int(created))
        writer.member("model", model)
        writer.member("system_fingerprint", orNull: nil)
    }
}

extension Usage {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("prompt_tokens", promptTokens)
        writer.member("completion_tokens", completionTokens)
        writer.member("total_tokens", promptTokens + completionTokens)
        writer.endObject()
    }

    /// More tokens than any answer has; sums of such figures stay far from overflow.
    private static let plausibleTokens = 0...1 << 40

    /// Reads a provider's `usage` object; nil where it is none, or says what cannot be.
    init?(_ node: JSONNode?) {
        guard let node, let prompt = node["prompt_tokens"]?.int else { return nil }
        let completion = node["completion_tokens"]?.int ?? 0
        guard Self.plausibleTokens.contains(prompt), Self.plausibleTokens.contains(completion) else { return nil }
        self.init(promptTokens: prompt, completionTokens: completion)
    }
}
