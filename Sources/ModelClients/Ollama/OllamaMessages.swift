import OrchCore
import OrchProviders

/// Writes OpenAI messages as Ollama's: content is one text, images stand beside it, and arguments are objects.
enum OllamaMessages {
    static func write(_ messages: JSONNode?, _ writer: inout JSONWriter) throws(ProviderError) {
        guard let messages, messages.kind == .array else { throw .unsupported("messages", "must be an array") }
        var calledTools: [String: String] = [:]
        writer.key("messages")
        writer.beginArray()
        for (index, message) in messages.elements.enumerated() {
            try write(message, "messages[\(index)]", &calledTools, &writer)
        }
        writer.endArray()
    }

    private static func write(
        _ message: JSONNode, _ path: String, _ calledTools: inout [String: String], _ writer: inout JSONWriter
    ) throws(ProviderError) {
        let role = try role(of: message, path)
        try checkFields(of: message, role: role, path)
        writer.beginObject()
        writer.member("role", role)
        try OllamaContent.write(message["content"], "\(path).content", &writer)
        if let thoughts = message["reasoning_content"]?.string ?? message["reasoning"]?.string, role == "assistant" {
            writer.member("thinking", thoughts)
        }
        if let calls = message["tool_calls"], !calls.isNull {
            try OllamaToolCalls.write(calls, "\(path).tool_calls", &calledTools, &writer)
        }
        if role == "tool" {
            let identifier = message["tool_call_id"]?.string
            guard let name = identifier.flatMap({ calledTools[$0] }) ?? message["name"]?.string else {
                throw .unsupported("\(path).tool_call_id", "names no tool call before it")
            }
            writer.member("tool_name", name)
            if let identifier { writer.member("tool_call_id", identifier) }
        }
        writer.endObject()
    }

    private static func role(of message: JSONNode, _ path: String) throws(ProviderError) -> String {
        switch message["role"]?.string {
        case "developer": return "system"
        case let role? where ["system", "user", "assistant", "tool"].contains(role): return role
        default: throw .unsupported("\(path).role", "must be system, developer, user, assistant or tool for Ollama")
        }
    }

    private static func checkFields(of message: JSONNode, role: String, _ path: String) throws(ProviderError) {
        for member in message.members where !member.value.isNull {
            let key = member.key
            let isKnown =
                switch key {
                case "role", "content": true
                case "tool_calls", "reasoning_content", "reasoning": role == "assistant"
                case "tool_call_id", "name": role == "tool"
                // Clients send an answer's empty list back.
                case "annotations": member.value.kind == .array && member.value.elements.allSatisfy { _ in false }
                default: false
                }
            guard isKnown else { throw OllamaFields.unsupported(key, under: path) }
        }
    }
}

/// Writes assistant messages' tool calls, whose arguments are a string at OpenAI's and an object at Ollama's.
enum OllamaToolCalls {
    static func write(
        _ calls: JSONNode, _ path: String, _ calledTools: inout [String: String], _ writer: inout JSONWriter
    ) throws(ProviderError) {
        try OllamaFields.require(calls.kind == .array, path, "must be an array")
        writer.key("tool_calls")
        writer.beginArray()
        for (index, call) in calls.elements.enumerated() {
            let path = "\(path)[\(index)]"
            guard let function = call["function"], let name = function["name"]?.string else {
                throw .unsupported("\(path).function.name", "must be a string")
            }
            let text = function["arguments"]?.string ?? ""
            guard let arguments = try? JSONDocument(parsing: Array((text.isEmpty ? "{}" : text).utf8)),
                arguments.root.kind == .object
            else { throw .unsupported("\(path).function.arguments", "must be a JSON object in a string") }
            writer.beginObject()
            if let identifier = call["id"]?.string {
                calledTools[identifier] = name
                writer.member("id", identifier)
            }
            writer.key("function")
            writer.beginObject()
            writer.member("name", name)
            writer.key("arguments")
            writer.raw(arguments.root.slice)
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
    }
}
