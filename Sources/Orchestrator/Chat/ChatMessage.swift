package import OrchCore

/// One message of a request, located in its body.
package struct ChatMessage: Sendable {
    package enum Role: String, Sendable, CaseIterable {
        case system, developer, user, assistant, tool, function
    }

    /// A member that costs tokens beside the content.
    enum Counted: Sendable {
        case name(JSONNode)
        case text(JSONNode)
        /// As JSON, as it stands in the request.
        case json(JSONNode)
    }

    package let node: JSONNode
    package let role: Role
    let content: JSONNode?
    /// What else of the message a model reads.
    let counted: [Counted]
    /// Whether the message carries hints of ours, which no provider shall see.
    package let hasHints: Bool

    init(_ node: JSONNode, path: String) throws(PipelineError) {
        guard node.kind == .object else { throw .wrongType(path, expected: "an object", found: node.kind) }
        self.node = node
        var role: Role?
        var content: JSONNode?
        var counted: [Counted] = []
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
                if value.kind == .string { counted.append(member.keyEquals("name") ? .name(value) : .text(value)) }
            case "tool_calls":
                guard value.kind == .array || value.isNull else {
                    throw .wrongType("\(path).tool_calls", expected: "an array", found: value.kind)
                }
                if value.kind == .array { counted.append(.json(value)) }
            case "function_call" where value.kind == .object:
                counted.append(.json(value))
            case "reasoning_content" where value.kind == .string, "reasoning" where value.kind == .string:
                counted.append(.text(value))
            default:
                break
            }
        }
        guard let role else { throw .missing("\(path).role") }
        self.role = role
        self.content = content
        self.counted = counted
        self.hasHints = hasHints
    }

    /// The message's text; the text parts of composed content are joined by line feeds.
    package var text: String {
        guard let content else { return "" }
        if let text = content.string { return text }
        return content.elements.compactMap { $0["text"]?.string }.joined(separator: "\n")
    }

    /// Bytes of all texts as they stand in the request, escapes and quotes with them: no fewer than the texts have.
    var textBytes: Int {
        var bytes = role.rawValue.utf8.count
        if let content {
            bytes += content.kind == .string ? content.range.count : 0
            for part in content.elements { bytes += part["text"]?.range.count ?? 0 }
        }
        for counted in counted {
            switch counted {
            case .name(let node), .text(let node), .json(let node): bytes += node.range.count
            }
        }
        return bytes
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
