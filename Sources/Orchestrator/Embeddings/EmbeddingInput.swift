import OrchCore

/// What a body asks of the built-in embedder.
struct EmbeddingInput {
    /// As many as OpenAI takes.
    static let maximumTexts = 2048

    let texts: [String]
    let isBase64: Bool
    /// nil where the model's own number will do.
    let dimensions: Int?

    /// - Throws: ``PipelineError``, for texts with OpenAI's words and codes.
    init(_ root: JSONNode) throws(PipelineError) {
        guard let input = root["input"] else { throw .missing("input") }
        texts = try Self.texts(input)
        isBase64 = root["encoding_format"]?.string == "base64"
        if let asked = root["dimensions"], !asked.isNull {
            guard asked.kind == .number else {
                throw .wrongType("dimensions", expected: "a number", found: asked.kind)
            }
            guard let number = asked.int, number > 0 else {
                throw PipelineError(
                    .invalidValue, "dimensions must be a whole number above 0", parameter: "dimensions")
            }
            dimensions = number
        } else {
            dimensions = nil
        }
    }

    private static func texts(_ input: JSONNode) throws(PipelineError) -> [String] {
        if input.kind == .string { return [try text(input, "input")] }
        var nodes: [JSONNode] = []
        for node in input.elements { nodes.append(node) }
        guard !nodes.isEmpty else {
            throw PipelineError(
                .emptyArray,
                "Invalid 'input': empty array. Expected an array with minimum length 1, but got an empty array instead.",
                parameter: "input")
        }
        guard nodes.count <= maximumTexts else {
            throw PipelineError(
                .arrayTooLong,
                "Invalid 'input': array too long. Expected an array with maximum length \(maximumTexts), but got an "
                    + "array with length \(nodes.count) instead.", parameter: "input")
        }
        var texts: [String] = []
        texts.reserveCapacity(nodes.count)
        for (index, node) in nodes.enumerated() { texts.append(try text(node, "input[\(index)]")) }
        return texts
    }

    private static func text(_ node: JSONNode, _ path: String) throws(PipelineError) -> String {
        guard let text = node.string else {
            if node.kind == .number || node.kind == .array {
                throw PipelineError(
                    .invalidType, "\(path) must be a string: the built-in embedder takes texts, not tokens",
                    parameter: path)
            }
            throw .wrongType(path, expected: "a string", found: node.kind)
        }
        guard !text.isEmpty else {
            throw PipelineError(
                .emptyString,
                "Invalid '\(path)': string too short. Expected a string with minimum length 1, but got an empty string "
                    + "instead.", parameter: path)
        }
        return text
    }
}
