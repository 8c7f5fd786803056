import CEmbeddings

/// A sentence transformer on BERT's encoder, as all-MiniLM-L6-v2: the mean over all tokens, scaled to length 1.
///
/// Weights and activations are rounded to integers, weights for each output and activations for each token, as finely
/// as 32-bit sums of their products allow. A text of more tokens than ``maximumTokens`` is cut.
package final class SentenceEmbedder: Embedder {
    package let name: String
    package let hash: String
    package let dimensions: Int
    package let maximumTokens: Int?
    private let tokenizer: WordPieceTokenizer
    private let weights: BERTWeights
    private let configuration: BERTConfiguration
    private let instructions: InstructionSet
    private let workspaces: WorkspacePool
    private let capacity: Int

    /// - Parameters:
    ///   - hash: SHA-256 of the weights, in hexadecimal.
    ///   - weights: model.safetensors.
    ///   - tokenizer: tokenizer.json.
    ///   - configuration: config.json.
    ///   - maximumTokens: How many tokens of a text count, special ones included: 256 for MiniLM.
    ///   - instructions: Tests and benchmarks choose them.
    /// - Throws: ``EmbedderError`` naming the first fault of a file, or what is not supported.
    package init(
        name: String, hash: String, weights: WeightBytes, tokenizer: [UInt8], configuration: [UInt8],
        maximumTokens: Int = 256, instructions: InstructionSet = .best
    ) throws(EmbedderError) {
        precondition(instructions.isAvailable, "this processor does not have these instructions")
        let configuration = try BERTConfiguration(json: configuration)
        guard maximumTokens > 2, maximumTokens <= configuration.positions else {
            throw .unsupported("the model has \(configuration.positions) positions, not \(maximumTokens)")
        }
        let wordPieces = try WordPieceTokenizer(json: tokenizer)
        guard wordPieces.count <= configuration.vocabulary else {
            throw .unsupported(
                "the tokenizer has \(wordPieces.count) tokens, and the model \(configuration.vocabulary)")
        }
        self.name = name
        self.hash = hash
        dimensions = configuration.width
        self.maximumTokens = maximumTokens
        self.tokenizer = wordPieces
        self.weights = try BERTWeights(weights, configuration)
        self.configuration = configuration
        self.instructions = instructions
        capacity = maximumTokens
        workspaces = WorkspacePool { BERTWorkspace(configuration, tokens: maximumTokens) }
    }

    package func tokens(of text: String) -> Int { ids(of: text).count }

    /// The ids that the model is given.
    package func ids(of text: String) -> [UInt32] {
        [tokenizer.start] + tokenizer.ids(of: text, limit: capacity - 2) + [tokenizer.end]
    }

    package func embed(_ texts: [String], isCancelled: () -> Bool) throws(EmbedderError) -> [[Float]] {
        try EmbedderLimits.check(texts)
        var vectors: [[Float]] = []
        vectors.reserveCapacity(texts.count)
        var pass: (ids: [UInt32], lengths: [Int]) = ([], [])
        for text in texts {
            let ids = ids(of: text)
            if pass.ids.count + ids.count > capacity { try run(&pass, into: &vectors, isCancelled) }
            pass.ids += ids
            pass.lengths.append(ids.count)
        }
        if !pass.ids.isEmpty { try run(&pass, into: &vectors, isCancelled) }
        return vectors
    }

    private func run(
        _ pass: inout (ids: [UInt32], lengths: [Int]), into vectors: inout [[Float]], _ isCancelled: () -> Bool
    ) throws(EmbedderError) {
        if isCancelled() { throw .cancelled }
        let found = workspaces.with { workspace in
            BERTPass(
                weights: weights, configuration: configuration, path: instructions.path, workspace: workspace
            ).vectors(pass.ids, lengths: pass.lengths)
        }
        for vector in found {
            guard let vector else { throw .invalid("the weights hold what leads to no number") }
            vectors.append(vector)
        }
        pass = ([], [])
    }
}
