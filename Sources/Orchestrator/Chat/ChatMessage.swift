package import OrchCore

/// One message of a request, located in its body.
package struct ChatMessage: Sendable {
    package enum Role: String, Sendable, CaseIterable {
        case system, developer, user, assistant, tool, function
    }

    package let node: JSONNode
    package let role: Role
    private let content: JSONNode?
    /// Whether the message carries hints of ours, which no provider shall see.
    package let hasHints: Bool

    init(_ node: JSONNode, path: String) throws(PipelineError) {
        guard node.kind == .object else { throw .wrongType(path, expected: "an object", found: node.kind) }
        self.node = node
        var role: Role?
        var content: JSONNode?
        var hasHints = false
        for member in node.members {
            let value = member.value
            switch member.key {
            case "role":
                guard let name = value.string else {
                    throw .wrongType("\(path).role", expected: "a string", found: value.kind)
                }
                guard let known = Role(rawValue: name) else {
                    throw PipelineError(
                        .invalidValue,
                        "\(path).role must be one of system, developer, user, assistant, tool, function",
                        parameter: "\(path).role")
                }
                role = known
            case "content":
                try Self.checkContent(value, path: "\(path).content")
                content = value
            case "pinned":
                guard value.kind == .bool || value.isNull else {
                    throw .wrongType("\(path).pinned", expected: "a boolean", found: value.kind)
                }
                hasHints = true
            case "metadata":
                try Self.checkMetadata(value, path: "\(path).metadata")
                hasHints = true
            case "name", "tool_call_id", "refusal":
                guard value.kind == .string || value.isNull else {
                    throw .wrongType("\(path).\(member.key)", expected: "a string", found: value.kind)
                }
            case "tool_calls":
                guard value.kind == .array || value.isNull else {
                    throw .wrongType("\(path).tool_calls", expected: "an array", found: value.kind)
                }
            default:
                break
            }
        }
        guard let role else { throw .missing("\(path).role") }
        self.role = role
        self.content = content
        self.hasHints = hasHints
    }

    /// The message's text; the text parts of composed content are joined by line feeds.
    package var text: String {
        guard let content else { return "" }
        if let text = content.string { return text }
        return content.elements.compactMap { $0["text"]?.string }.joined(separator: "\n")
    }

    /// How many bytes of text the message holds, everything that a model reads included.
    var countedBytes: Int {
        var bytes = role.rawValue.utf8.count
        for member in node.members {
            switch member.key {
            case "content":
                bytes += member.value.textBytes
                for part in member.value.elements { bytes += part["text"]?.textBytes ?? 0 }
            case "name", "tool_call_id", "reasoning_content":
                bytes += member.value.textBytes
            case "tool_calls", "function_call":
                bytes += member.value.range.count
            default:
                break
            }
        }
        return bytes
    }

    /// How many images the content holds.
    var imageCount: Int {
        content?.elements.reduce(0) { $0 + ($1["type"]?.string == "image_url" ? 1 : 0) } ?? 0
    }

    /// The keys of our hints inside `metadata`; other keys are the provider's business.
    static let metadataHints: Set<String> = ["pinned", "priority", "goal"]

    private static func checkContent(_ node: JSONNode, path: String) throws(PipelineError) {
        switch node.kind {
        case .string, .null:
            return
        case .array:
            for (index, part) in node.elements.enumerated() {
                let path = "\(path)[\(index)]"
                guard part.kind == .object else { throw .wrongType(path, expected: "an object", found: part.kind) }
                guard let type = part["type"] else { throw .missing("\(path).type") }
                guard let name = type.string else {
                    throw .wrongType("\(path).type", expected: "a string", found: type.kind)
                }
                guard name == "text" else { continue }
                guard let text = part["text"] else { throw .missing("\(path).text") }
                guard text.kind == .string else {
                    throw .wrongType("\(path).text", expected: "a string", found: text.kind)
                }
            }
        default:
            throw .wrongType(path, expected: "a string, null or an array of parts", found: node.kind)
        }
    }

    private static func checkMetadata(_ node: JSONNode, path: String) throws(PipelineError) {
        if node.isNull { return }
        guard node.kind == .object else { throw .wrongType(path, expected: "an object", found: node.kind) }
        for member in node.members {
            let (value, path) = (member.value, "\(path).\(member.key)")
            switch member.key {
            case "pinned" where value.kind != .bool && !value.isNull:
                throw .wrongType(path, expected: "a boolean", found: value.kind)
            case "goal" where value.kind != .bool && value.kind != .string && !value.isNull:
                throw .wrongType(path, expected: "a boolean or a string", found: value.kind)
            case "priority" where value.kind != .number && !value.isNull:
                guard let word = value.string, ["pinned", "high", "medium", "low"].contains(word) else {
                    throw PipelineError(
                        .invalidValue, "\(path) must be a number, or one of pinned, high, medium, low", parameter: path)
                }
            default:
                break
            }
        }
    }
}
