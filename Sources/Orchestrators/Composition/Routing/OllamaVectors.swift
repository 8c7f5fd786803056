import OrchCore
import OrchProviders

/// Vectors from OpenAI's form of embeddings, scaled to length 1.
enum OllamaVectors {
    /// The most dimensions that a model may have.
    private static let maximumDimensions = 16_384

    static func request(model: String, _ texts: [String]) -> [UInt8] {
        JSONValue.object(["model": .string(model), "input": .array(texts.map(JSONValue.string))]).serialized
    }

    /// - Throws: Where there are not as many vectors as texts, or one of them is none.
    static func read(_ root: JSONNode, count: Int) throws(ProviderError) -> [[Float]] {
        var vectors: [[Float]] = []
        for item in root["data"].map({ Array($0.elements) }) ?? [] {
            guard let list = item["embedding"], list.kind == .array else { break }
            var vector: [Float] = []
            for number in list.elements {
                guard let value = number.double, vector.count < maximumDimensions else { throw unusable }
                vector.append(Float(value))
            }
            vectors.append(try scaled(vector))
        }
        guard vectors.count == count, Set(vectors.map(\.count)).count <= 1, vectors.first?.isEmpty != true else {
            throw unusable
        }
        return vectors
    }

    private static func scaled(_ vector: [Float]) throws(ProviderError) -> [Float] {
        var sum = 0.0
        for value in vector { sum += Double(value) * Double(value) }
        guard sum > 0, sum.isFinite else { throw unusable }
        let length = sum.squareRoot()
        return vector.map { Float(Double($0) / length) }
    }

    private static let unusable = ProviderError(.failed, "the model server's embeddings are not vectors of one size")
}
