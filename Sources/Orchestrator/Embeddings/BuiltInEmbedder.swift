/// An embedder of this process, as requests find it.
package struct BuiltInEmbedder: Sendable {
    /// The name that stands for the best one that is installed.
    package static let standardName = "builtin"
    /// Who answers, in receipts.
    static let provider = "builtin"

    /// What is known of a model once it is loaded.
    package struct Model: Sendable {
        let dimensions: Int
        let tokens: @Sendable (String) -> Int

        /// - Parameters:
        ///   - dimensions: How many numbers a vector has.
        ///   - tokens: How many tokens the model is given for a text.
        package init(dimensions: Int, tokens: @escaping @Sendable (String) -> Int) {
            self.dimensions = dimensions
            self.tokens = tokens
        }
    }

    let name: String
    let model: @Sendable () async throws(EmbeddingError) -> Model
    let vectors: @Sendable ([String]) async throws(EmbeddingError) -> [[Float]]

    /// - Parameters:
    ///   - name: The model's own.
    ///   - model: Loads it where it is not.
    ///   - vectors: Of texts, in their order.
    package init(
        name: String, model: @escaping @Sendable () async throws(EmbeddingError) -> Model,
        vectors: @escaping @Sendable ([String]) async throws(EmbeddingError) -> [[Float]]
    ) {
        self.name = name
        self.model = model
        self.vectors = vectors
    }
}
