import Synchronization

/// An embedder that is loaded when it is first asked for, once.
final class LazyEmbedder: Sendable {
    private let load: @Sendable () throws(EmbedderError) -> any Embedder
    /// Held while it is loaded: who asks then waits, on threads that are there for waiting.
    private let loading = Mutex(())
    private let result = Mutex<Result<any Embedder, EmbedderError>?>(nil)

    init(load: @escaping @Sendable () throws(EmbedderError) -> any Embedder) {
        self.load = load
    }

    /// What loading it gave; nil before.
    var known: Result<any Embedder, EmbedderError>? { result.withLock { $0 } }

    /// Loads it where that was not done. Blocks.
    func get() -> Result<any Embedder, EmbedderError> {
        if let known { return known }
        return loading.withLock { _ in
            if let known { return known }
            let loaded: Result<any Embedder, EmbedderError>
            do throws(EmbedderError) { loaded = .success(try load()) } catch {
                // Files that cannot be opened now may be later, as where descriptors have run out.
                if error.code == .unavailable { return .failure(error) }
                loaded = .failure(error)
            }
            result.withLock { $0 = loaded }
            return loaded
        }
    }
}
