import OrchCore
import OrchProviders

/// Cuts a whole completion into the chunks of a stream, for servers that do not heed `stream`.
enum CompletionChunks {
    /// One chunk with each choice's message, one with why it ended, and one with the usage if it is given.
    static func chunks(of completion: JSONDocument) throws(ProviderError) -> [JSONDocument] {
        let root = completion.root
        if let failure = ServerFault.failure(in: root) { throw failure }
        guard let choices = root["choices"], choices.kind == .array else { throw .malformed("has no choices") }
        var chunks = [
            try chunk(of: root) { writer in
                for choice in choices.elements { writeMessage(choice, &writer) }
            },
            try chunk(of: root) { writer in
                for choice in choices.elements { writeEnd(choice, &writer) }
            },
        ]
        if let usage = root["usage"], usage.kind == .object {
            chunks.append(try chunk(of: root, usage: usage) { _ in })
        }
        return chunks
    }

    private static func chunk(
        of root: JSONNode, usage: JSONNode? = nil, _ writeChoices: (inout JSONWriter) -> Void
    ) throws(ProviderError) -> JSONDocument {
        var writer = JSONWriter()
        writer.beginObject()
        for member in root.members where !["object", "choices", "usage"].contains(member.key) {
            writer.key(member.key)
            writer.raw(member.value.slice)
        }
        writer.member("object", "chat.completion.chunk")
        writer.key("choices")
        writer.beginArray()
        writeChoices(&writer)
        writer.endArray()
        if let usage {
            writer.key("usage")
            writer.raw(usage.slice)
        }
        writer.endObject()
        return try JSONDocument(answer: writer.bytes)
    }

    private static func writeMessage(_ choice: JSONNode, _ writer: inout JSONWriter) {
        writer.beginObject()
        for member in choice.members where member.key != "finish_reason" {
            if member.key == "message" {
                writer.key("delta")
                writeDelta(member.value, &writer)
            } else {
                writer.key(member.key)
                writer.raw(member.value.slice)
            }
        }
        writer.key("finish_reason")
        writer.null()
        writer.endObject()
    }

    private static func writeDelta(_ message: JSONNode, _ writer: inout JSONWriter) {
        writer.beginObject()
        for member in message.members {
            writer.key(member.key)
            guard member.key == "tool_calls", member.value.kind == .array else {
                writer.raw(member.value.slice)
                continue
            }
            writer.beginArray()
            for (index, call) in member.value.elements.enumerated() {
                writer.beginObject()
                writer.member("index", index)
                for part in call.members where part.key != "index" {
                    writer.key(part.key)
                    writer.raw(part.value.slice)
                }
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
    }

    private static func writeEnd(_ choice: JSONNode, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("index", choice["index"]?.int ?? 0)
        writer.key("delta")
        writer.beginObject()
        writer.endObject()
        writer.member("finish_reason", choice["finish_reason"]?.string ?? "stop")
        writer.endObject()
    }
}
