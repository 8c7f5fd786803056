import OrchCore
import OrchProviders

/// Writes an OpenAI chat body as Ollama's `/api/chat` takes it.
///
/// What Ollama cannot honour is refused with the field's name. Values that mean the same to both are copied as bytes.
enum OllamaChatRequest {
    /// Room left for the answer where the request does not limit it.
    private static let usualOutputTokens = 1024
    private static let contextSizes = 2048...131_072

    static func body(for call: ChatCall, streams: Bool) throws(ProviderError) -> [UInt8] {
        let root = try JSONDocument(request: call.body).root
        try OllamaFields.check(root)
        var writer = JSONWriter(capacity: call.body.count + 256)
        writer.beginObject()
        writer.member("model", call.model)
        writer.member("stream", streams)
        try OllamaMessages.write(root["messages"], &writer)
        if let tools = root["tools"], !tools.isNull, root["tool_choice"]?.string != "none" {
            writer.key("tools")
            writer.raw(tools.slice)
        }
        try writeFormat(root["response_format"], &writer)
        try writeThinking(root["reasoning_effort"], &writer)
        writeOptions(root, inputTokens: call.inputTokens, &writer)
        writer.endObject()
        return writer.bytes
    }

    private static func writeFormat(_ format: JSONNode?, _ writer: inout JSONWriter) throws(ProviderError) {
        guard let format, !format.isNull else { return }
        switch format["type"]?.string {
        case "text":
            break
        case "json_object":
            writer.member("format", "json")
        case "json_schema":
            guard let schema = format["json_schema"]?["schema"], schema.kind == .object else {
                throw .unsupported("response_format.json_schema.schema", "must be an object")
            }
            writer.key("format")
            writer.raw(schema.slice)
        default:
            throw .unsupported("response_format.type", "must be text, json_object or json_schema")
        }
    }

    private static func writeThinking(_ effort: JSONNode?, _ writer: inout JSONWriter) throws(ProviderError) {
        guard let effort, !effort.isNull else { return }
        switch effort.string {
        case "none": writer.member("think", false)
        case let level? where ["low", "medium", "high"].contains(level): writer.member("think", level)
        default: throw .unsupported("reasoning_effort", "must be none, low, medium or high for Ollama")
        }
    }

    private static func writeOptions(_ root: JSONNode, inputTokens: Int, _ writer: inout JSONWriter) {
        let limit = (root["max_completion_tokens"]?.int ?? root["max_tokens"]?.int)
        writer.key("options")
        writer.beginObject()
        writer.member("num_ctx", contextSize(input: inputTokens, output: limit ?? usualOutputTokens))
        if let limit { writer.member("num_predict", limit) }
        for name in ["temperature", "top_p", "seed", "frequency_penalty", "presence_penalty"] {
            guard let value = root[name], !value.isNull else { continue }
            writer.key(name)
            writer.raw(value.slice)
        }
        if let stop = root["stop"], !stop.isNull {
            writer.key("stop")
            if stop.kind == .array {
                writer.raw(stop.slice)
            } else {
                writer.beginArray()
                writer.raw(stop.slice)
                writer.endArray()
            }
        }
        writer.endObject()
    }

    /// A power of two, so that the model is not loaded anew for every length.
    static func contextSize(input: Int, output: Int) -> Int {
        let (sum, overflowed) = max(0, input).addingReportingOverflow(max(0, output))
        var size = contextSizes.lowerBound
        while size < contextSizes.upperBound, overflowed || size < sum { size *= 2 }
        return size
    }
}
