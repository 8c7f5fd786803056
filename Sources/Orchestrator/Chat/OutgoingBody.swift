import OrchAgents
import OrchCore

/// The body that a provider gets: the caller's bytes, but for what must differ.
struct OutgoingBody {
    let request: ChatRequest
    /// Put in front of the messages.
    let agentPrompt: String?
    /// The places of the messages that are sent; nil: all.
    let kept: [Int]?
    /// Stands for those that are not sent, behind the system messages that come first.
    let summary: String?

    /// - Parameter model: The model to ask for.
    func bytes(model: String) -> [UInt8] {
        let document = request.document
        let rewritesMessages =
            agentPrompt != nil || kept != nil || request.messages.contains(where: \.hasHints)
        if request.model == model, !rewritesMessages, !request.streams { return document.bytes }
        var writer = JSONWriter(capacity: document.bytes.count + 128 + (agentPrompt?.utf8.count ?? 0))
        writer.beginObject()
        writer.member("model", model)
        for member in document.root.members {
            switch member.key {
            case "model", "stream_options":
                continue
            case "messages" where rewritesMessages:
                writer.key("messages")
                writeMessages(&writer)
            default:
                writer.raw(document.bytes[member.range])
            }
        }
        if request.streams { writeStreamOptions(&writer) }
        writer.endObject()
        return writer.bytes
    }

    /// Usage is always asked for, since the receipt wants it; the caller sees it only if it asked, too.
    private func writeStreamOptions(_ writer: inout JSONWriter) {
        writer.key("stream_options")
        writer.beginObject()
        if let options = request.document.root["stream_options"] {
            for member in options.members where member.key != "include_usage" {
                writer.raw(request.document.bytes[member.range])
            }
        }
        writer.member("include_usage", true)
        writer.endObject()
    }

    private func writeMessages(_ writer: inout JSONWriter) {
        writer.beginArray()
        if let agentPrompt { writeSystem(agentPrompt, &writer) }
        var summary = summary
        for message in kept.map({ $0.map { request.messages[$0] } }) ?? request.messages {
            if let text = summary, message.role != .system, message.role != .developer {
                writeSystem(text, &writer)
                summary = nil
            }
            if message.hasHints { writeWithoutHints(message.node, &writer) } else { writer.raw(message.node.slice) }
        }
        writer.endArray()
    }

    private func writeSystem(_ text: String, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("role", "system")
        writer.member("content", text)
        writer.endObject()
    }

    private func writeWithoutHints(_ node: JSONNode, _ writer: inout JSONWriter) {
        writer.beginObject()
        for member in node.members {
            switch member.key {
            case "pinned":
                continue
            case "metadata":
                let others = member.value.members.filter { !ChatMessage.metadataHints.contains($0.key) }
                guard !others.isEmpty else { continue }
                writer.key("metadata")
                writer.beginObject()
                for other in others { writer.raw(request.document.bytes[other.range]) }
                writer.endObject()
            default:
                writer.raw(request.document.bytes[member.range])
            }
        }
        writer.endObject()
    }
}
