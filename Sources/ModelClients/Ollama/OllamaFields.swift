import OrchCore
import OrchProviders

/// Which fields of an OpenAI chat body Ollama can honour, and with which values.
enum OllamaFields {
    /// Fields that are read where they are written, and hints to the orchestrator that no answer depends on.
    private static let takenElsewhere: Set<String> = [
        "model", "messages", "stream", "response_format", "reasoning_effort", "stream_options", "user",
        "safety_identifier", "prompt_cache_key", "metadata",
    ]

    /// Throws at the first field that cannot be honoured; null is as good as absent.
    static func check(_ root: JSONNode) throws(ProviderError) {
        for member in root.members where !member.value.isNull {
            let key = member.key
            guard !takenElsewhere.contains(key) else { continue }
            try check(key, member.value)
        }
    }

    private static func check(_ key: String, _ value: JSONNode) throws(ProviderError) {
        switch key {
        case "temperature", "top_p", "frequency_penalty", "presence_penalty":
            try require(value.kind == .number, key, "must be a number")
        case "seed":
            try require(value.int != nil, key, "must be an integer")
        case "max_tokens", "max_completion_tokens":
            try require(value.int.map { $0 > 0 } ?? false, key, "must be a positive integer")
        case "stop":
            let isList = value.kind == .array && value.elements.allSatisfy { $0.kind == .string }
            try require(value.kind == .string || isList, key, "must be a string or an array of strings")
        case "tools":
            try checkTools(value)
        case "tool_choice":
            try require(
                ["auto", "none"].contains(value.string), key, "must be auto or none: Ollama cannot be made to call")
        case "n":
            try require(value.int == 1, key, "must be 1: Ollama gives one choice")
        case "parallel_tool_calls":
            try require(value.bool == true, key, "cannot be turned off for Ollama")
        case "logprobs", "store":
            try require(value.bool == false, key, "is not supported by Ollama")
        case "top_logprobs":
            try require(value.int == 0, key, "is not supported by Ollama")
        case "logit_bias":
            try require(
                value.kind == .object && value.members.allSatisfy { _ in false }, key, "is not supported by Ollama")
        case "modalities":
            try require(
                value.kind == .array && value.elements.allSatisfy { $0.string == "text" }, key, "must be text alone")
        case "service_tier":
            try require(["auto", "default"].contains(value.string), key, "must be auto or default")
        default:
            throw unsupported(key, under: nil)
        }
    }

    private static func checkTools(_ tools: JSONNode) throws(ProviderError) {
        try require(tools.kind == .array, "tools", "must be an array")
        for (index, tool) in tools.elements.enumerated() {
            try require(tool["type"]?.string == "function", "tools[\(index)].type", "must be function for Ollama")
        }
    }

    static func require(_ condition: Bool, _ parameter: String, _ fault: String) throws(ProviderError) {
        guard condition else { throw .unsupported(parameter, fault) }
    }

    /// The refusal of a field by its key, which is repeated only if it is a plain word.
    static func unsupported(_ key: String, under path: String?) -> ProviderError {
        let place = path.map { "\($0)." } ?? ""
        if ServerFault.isIdentifier(key) { return .unsupported(place + key, "is not supported by Ollama") }
        return ProviderError(
            .unsupported, "a field of \(path ?? "the request") is not supported by Ollama", parameter: path)
    }
}
