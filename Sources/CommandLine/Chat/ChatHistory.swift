import OrchCore

/// The last messages of a conversation; they go along with the next question.
struct ChatHistory {
    /// Even, so that questions and answers go in pairs.
    static let maximumMessages = 10

    struct Message: Equatable {
        var role: String
        var text: String
    }

    private(set) var messages: [Message] = []

    /// Keeps an exchange, and lets go of the oldest.
    mutating func append(question: String, answer: String) {
        messages.append(Message(role: "user", text: question))
        messages.append(Message(role: "assistant", text: answer))
        messages.removeFirst(max(0, messages.count - Self.maximumMessages))
    }

    /// A `chat/completions` body that asks a question after what is kept.
    func body(asking question: String, streams: Bool) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("messages")
        writer.beginArray()
        for message in messages + [Message(role: "user", text: question)] {
            writer.beginObject()
            writer.member("role", message.role)
            writer.member("content", message.text)
            writer.endObject()
        }
        writer.endArray()
        writer.member("stream", streams)
        writer.endObject()
        return writer.bytes
    }

    func text(_ palette: Palette) -> String {
        let kept = "\(messages.count) of at most \(Self.maximumMessages) messages\n"
        return kept + Table([], messages.map { [Table.Cell($0.role, .bold), Table.Cell($0.text)] }).text(palette)
    }

    /// `{"maximum","messages":[{"role","content"}]}`
    var json: String {
        let value: JSONValue = [
            "maximum": .integer(Self.maximumMessages),
            "messages": .array(messages.map { ["role": .string($0.role), "content": .string($0.text)] }),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
