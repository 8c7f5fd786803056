import Dispatch
import Synchronization

/// Embeds texts on threads of its own, off Swift's cooperative pool, which blocking work would hold up.
///
/// Texts wait in one queue, in the order in which they came, up to a bound. A request's texts are handed out in
/// portions: several threads share a large request, and a cancelled one ends with the pass that it is in.
package final class EmbeddingService: Sendable {
    /// How many texts may wait and be worked on, of all requests together.
    package static let maximumTexts = 4096
    /// How many bytes they may have together.
    package static let maximumBytes = 64 << 20
    /// How many texts a thread takes at once.
    static let portion = 16

    private let state: Mutex<EmbeddingQueue>
    private let embedder: LazyEmbedder
    private let lanes: [DispatchQueue]
    /// Waits for the embedder to be loaded, and for nothing else.
    private let loading = DispatchQueue(label: "orchestrators.embeddings.loading")

    /// - Parameters:
    ///   - threads: How many texts' portions are worked on at once.
    ///   - maximumTexts: How many texts may wait and be worked on.
    ///   - load: Makes the embedder on first use. What it throws is remembered, and thrown to all who ask.
    package convenience init(
        threads: Int = 1, maximumTexts: Int = EmbeddingService.maximumTexts,
        load: @escaping @Sendable () throws(EmbedderError) -> any Embedder
    ) {
        self.init(LazyEmbedder(load: load), threads: threads, maximumTexts: maximumTexts)
    }

    /// The same embedder behind a queue and threads of its own, so that neither's texts wait for the other's.
    package func beside(
        threads: Int = 1, maximumTexts: Int = EmbeddingService.maximumTexts
    ) -> EmbeddingService {
        EmbeddingService(embedder, threads: threads, maximumTexts: maximumTexts)
    }

    private init(_ embedder: LazyEmbedder, threads: Int, maximumTexts: Int) {
        precondition(threads > 0, "a service needs a thread")
        state = Mutex(
            EmbeddingQueue(threads: threads, maximumTexts: maximumTexts, maximumBytes: Self.maximumBytes))
        self.embedder = embedder
        // A serial queue has a thread when it has work, from a pool that is not the cooperative one.
        lanes = (0..<threads).map { DispatchQueue(label: "orchestrators.embeddings.\($0)") }
    }

    /// The vectors of texts, in their order.
    ///
    /// - Throws: ``EmbedderError``: `queue_full`, `cancelled`, what the embedder throws, and what loading it threw.
    package func embed(_ texts: [String]) async throws -> [[Float]] {
        guard !texts.isEmpty else { return [] }
        try EmbedderLimits.check(texts)
        let request = EmbeddingRequest(texts)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<[[Float]], any Error>) in
                request.begin(continuation)
                switch state.withLock({ $0.add(request) }) {
                case .success(let started):
                    for lane in started { lanes[lane].async { self.work(lane) } }
                case .failure(let error):
                    request.fail(error)
                }
                if Task.isCancelled { cancel(request) }
            }
        } onCancel: {
            cancel(request)
        }
    }

    /// The embedder, loaded now where it was not yet: for its name, its dimensions, and the number of tokens of texts.
    package func loaded() async throws -> any Embedder {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<any Embedder, any Error>) in
            if let known = embedder.known {
                continuation.resume(with: known.mapError { $0 })
            } else {
                loading.async { continuation.resume(with: self.embedder.get().mapError { $0 }) }
            }
        }
    }

    private func cancel(_ request: EmbeddingRequest) {
        request.markCancelled()
        state.withLock { $0.drop(request) }
        request.fail(.cancelled)
    }

    /// What a thread does until nothing waits.
    private func work(_ lane: Int) {
        while let part = state.withLock({ $0.take(lane) }) {
            let request = part.request
            let result: Result<[[Float]], EmbedderError>
            do throws(EmbedderError) {
                result = .success(
                    try embedder.get().get().embed(
                        Array(request.texts[part.range]), isCancelled: { request.isCancelled }))
            } catch {
                result = .failure(error)
            }
            state.withLock { $0.finish(part) }
            switch result {
            case .success(let vectors): request.fill(part.range, vectors)
            case .failure(let error):
                state.withLock { $0.drop(request) }
                request.fail(error)
            }
        }
    }
}
