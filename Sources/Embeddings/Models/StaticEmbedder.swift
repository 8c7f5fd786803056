import CEmbeddings

/// A static model, as potion-base-8M: the mean of the tokens' rows, scaled to length 1.
///
/// Special and unknown tokens do not count; a text without any others has a vector of zeros.
package final class StaticEmbedder: Embedder {
    package let name: String
    package let hash: String
    package let dimensions: Int
    package let maximumTokens: Int? = nil
    private let tokenizer: WordPieceTokenizer
    private let rows: MappedRows
    private let instructions: InstructionSet

    /// - Parameters:
    ///   - hash: SHA-256 of the weights, in hexadecimal.
    ///   - weights: model.safetensors.
    ///   - tokenizer: tokenizer.json.
    ///   - instructions: Tests and benchmarks choose them.
    /// - Throws: ``EmbedderError`` naming the first fault of a file, or what is not supported.
    package init(
        name: String, hash: String, weights: WeightBytes, tokenizer: [UInt8], instructions: InstructionSet = .best
    ) throws(EmbedderError) {
        precondition(instructions.isAvailable, "this processor does not have these instructions")
        let wordPieces = try WordPieceTokenizer(json: tokenizer)
        let table = try Safetensors(weights).floats("embeddings")
        guard table.shape.count == 2, table.shape[1] > 0, table.shape[1].isMultiple(of: 16), table.shape[1] <= 4096
        else {
            throw .unsupported("the tensor embeddings is of \(table.shape), not of rows of a multiple of 16")
        }
        guard wordPieces.count <= table.shape[0] else {
            throw .unsupported("the tokenizer has \(wordPieces.count) tokens, and the model \(table.shape[0])")
        }
        self.name = name
        self.hash = hash
        dimensions = table.shape[1]
        self.tokenizer = wordPieces
        rows = try MappedRows(table, owner: weights)
        self.instructions = instructions
    }

    package func tokens(of text: String) -> Int { ids(of: text).count }

    /// The ids of the rows that count.
    package func ids(of text: String) -> [UInt32] {
        tokenizer.ids(of: text, limit: .max).filter { $0 != tokenizer.unknown }
    }

    package func embed(_ texts: [String], isCancelled: () -> Bool) throws(EmbedderError) -> [[Float]] {
        try EmbedderLimits.check(texts)
        var vectors: [[Float]] = []
        vectors.reserveCapacity(texts.count)
        for text in texts {
            if isCancelled() { throw .cancelled }
            vectors.append(try vector(ids(of: text)))
        }
        return vectors
    }

    private func vector(_ ids: [UInt32]) throws(EmbedderError) -> [Float] {
        var length: Float = 0
        let vector = [Float](unsafeUninitializedCapacity: dimensions) { vector, count in
            guard let start = vector.baseAddress else { return }
            ids.withUnsafeBufferPointer { ids in
                length = cem_mean_of_rows(
                    instructions.path, rows.start, ids.baseAddress, ids.count, dimensions, start)
            }
            count = dimensions
        }
        guard length.isFinite else { throw .invalid("the weights hold what leads to no number") }
        return vector
    }
}
