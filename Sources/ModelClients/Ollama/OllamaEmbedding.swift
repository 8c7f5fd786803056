import OrchCore
import OrchProviders

/// An OpenAI `embeddings` request as Ollama's `/api/embed` takes it, and the answer's way back.
struct OllamaEmbedding {
    let model: String
    /// What Ollama is sent.
    let body: [UInt8]
    private let isBase64: Bool
    private let inputCount: Int

    init(request: [UInt8]) throws(ProviderError) {
        let root = try JSONDocument(request: request).root
        guard let model = root["model"]?.string else { throw .unsupported("model", "must be a string") }
        self.model = model
        inputCount = try Self.countInputs(root["input"])
        isBase64 = try Self.asksForBase64(root["encoding_format"])
        var writer = JSONWriter(capacity: request.count + 64)
        writer.beginObject()
        writer.member("model", model)
        // Too long an input is an error, as it is at OpenAI's, and not a vector of its beginning.
        writer.member("truncate", false)
        for member in root.members where !member.value.isNull {
            switch member.key {
            case "model", "encoding_format", "user":
                continue
            case "dimensions":
                let isPositive = member.value.int.map { $0 > 0 } ?? false
                try OllamaFields.require(isPositive, "dimensions", "must be a positive integer")
                fallthrough
            case "input":
                writer.key(member.key)
                writer.raw(member.value.slice)
            default:
                throw OllamaFields.unsupported(member.key, under: nil)
            }
        }
        writer.endObject()
        body = writer.bytes
    }

    /// The answer as OpenAI's list of embeddings.
    func answer(_ root: JSONNode) throws(ProviderError) -> JSONDocument {
        guard let vectors = root["embeddings"], vectors.kind == .array else { throw .malformed("has no embeddings") }
        var writer = JSONWriter(capacity: vectors.range.count + 256)
        var count = 0
        writer.beginObject()
        writer.member("object", "list")
        writer.key("data")
        writer.beginArray()
        for vector in vectors.elements {
            guard vector.kind == .array, vector.elements.allSatisfy({ $0.kind == .number }) else {
                throw .malformed("has an embedding that is not a list of numbers")
            }
            writer.beginObject()
            writer.member("object", "embedding")
            writer.member("index", count)
            writer.key("embedding")
            if isBase64 { writer.string(Self.base64(vector)) } else { writer.raw(vector.slice) }
            writer.endObject()
            count += 1
        }
        writer.endArray()
        guard count == inputCount else { throw .malformed("has another number of embeddings than there are inputs") }
        writer.member("model", model)
        let tokens = root["prompt_eval_count"]?.int ?? 0
        writer.key("usage")
        writer.beginObject()
        writer.member("prompt_tokens", tokens)
        writer.member("total_tokens", tokens)
        writer.endObject()
        writer.endObject()
        return try JSONDocument(answer: writer.bytes)
    }

    private static func countInputs(_ input: JSONNode?) throws(ProviderError) -> Int {
        guard let input else { throw .unsupported("input", "is missing") }
        if input.kind == .string { return 1 }
        var count = 0
        for element in input.elements {
            try OllamaFields.require(element.kind == .string, "input", "must be text: Ollama takes no token numbers")
            count += 1
        }
        try OllamaFields.require(count > 0, "input", "must be a string or an array of strings")
        return count
    }

    private static func asksForBase64(_ format: JSONNode?) throws(ProviderError) -> Bool {
        guard let format, !format.isNull else { return false }
        switch format.string {
        case "float": return false
        case "base64": return true
        default: throw .unsupported("encoding_format", "must be float or base64")
        }
    }

    /// Base 64 of the numbers as little-endian 32-bit floats.
    private static func base64(_ vector: JSONNode) -> String {
        var bytes: [UInt8] = []
        for element in vector.elements {
            let pattern = Float(element.double ?? 0).bitPattern
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: pattern >> shift))
            }
        }
        return Base64.encode(bytes)
    }
}
