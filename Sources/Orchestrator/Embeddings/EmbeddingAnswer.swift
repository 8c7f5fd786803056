import OrchCore

/// Vectors in OpenAI's form. The same vectors give the same bytes.
struct EmbeddingAnswer {
    let model: String
    let vectors: [[Float]]
    let tokens: Int
    let isBase64: Bool

    var json: [UInt8] {
        let numbers = vectors.reduce(0) { $0 + $1.count }
        var writer = JSONWriter(capacity: 256 + vectors.count * 64 + numbers * (isBase64 ? 6 : 14))
        writer.beginObject()
        writer.member("object", "list")
        writer.key("data")
        writer.beginArray()
        for (index, vector) in vectors.enumerated() {
            writer.beginObject()
            writer.member("object", "embedding")
            writer.member("index", index)
            writer.key("embedding")
            if isBase64 {
                writer.string(Base64.encode(Self.littleEndian(vector)))
            } else {
                writer.beginArray()
                for number in vector { writer.float(number) }
                writer.endArray()
            }
            writer.endObject()
        }
        writer.endArray()
        writer.member("model", model)
        writer.key("usage")
        writer.beginObject()
        writer.member("prompt_tokens", tokens)
        writer.member("total_tokens", tokens)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    /// IEEE 754's 32 bits of each number, lowest byte first.
    private static func littleEndian(_ vector: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(vector.count * 4)
        for number in vector {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}
