import Synchronization

@testable import OrchOrchestrator

/// An embedder of this process that says what a test wants, and keeps what it was asked.
final class FakeEmbedder: Sendable {
    private let asked = Mutex<[[String]]>([])
    private let failure: EmbeddingError?
    private let loading: EmbeddingError?

    /// - Parameters:
    ///   - failure: What making vectors ends with.
    ///   - loading: What loading it ends with.
    init(failure: EmbeddingError? = nil, loading: EmbeddingError? = nil) {
        self.failure = failure
        self.loading = loading
    }

    /// The texts of each call.
    var calls: [[String]] { asked.withLock { $0 } }

    /// A vector of a text holds its length, and numbers that no decimal of few digits is.
    static func vector(_ text: String) -> [Float] { [Float(text.utf8.count), -0.1, 1 / 3, 1e-9] }

    /// Under its own name and the standard one. A text has as many tokens as bytes.
    var named: [String: BuiltInEmbedder] {
        let port = BuiltInEmbedder(
            name: "tiny",
            model: { [loading] () async throws(EmbeddingError) in
                if let loading { throw loading }
                return BuiltInEmbedder.Model(dimensions: 4, tokens: { $0.utf8.count })
            },
            vectors: { (texts) async throws(EmbeddingError) in
                self.asked.withLock { $0.append(texts) }
                if let failure = self.failure { throw failure }
                return texts.map(Self.vector)
            })
        return ["tiny": port, BuiltInEmbedder.standardName: port]
    }
}
