import OrchTokens

/// An embedder by its name.
struct Embedder: Sendable {
    var name: String
    var vectors: TextVectors
}
