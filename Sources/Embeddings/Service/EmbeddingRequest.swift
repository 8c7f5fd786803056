import Synchronization

/// Texts that somebody waits for, and their vectors as far as they are there.
final class EmbeddingRequest: Sendable {
    private struct State {
        var vectors: [[Float]]
        var missing: Int
        var continuation: CheckedContinuation<[[Float]], any Error>?
    }

    let texts: [String]
    private let state: Mutex<State>
    private let cancelled = Atomic(false)

    init(_ texts: [String]) {
        self.texts = texts
        state = Mutex(State(vectors: Array(repeating: [], count: texts.count), missing: texts.count))
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func markCancelled() { cancelled.store(true, ordering: .relaxed) }

    /// Says who waits, before anything is worked on.
    func begin(_ continuation: CheckedContinuation<[[Float]], any Error>) {
        state.withLock { $0.continuation = continuation }
    }

    /// Puts vectors in their places. The last ones end the waiting.
    func fill(_ range: Range<Int>, _ vectors: [[Float]]) {
        let done = state.withLock { state -> (CheckedContinuation<[[Float]], any Error>, [[Float]])? in
            guard state.continuation != nil else { return nil }
            state.vectors.replaceSubrange(range, with: vectors)
            state.missing -= range.count
            guard state.missing == 0, let continuation = state.continuation else { return nil }
            state.continuation = nil
            return (continuation, state.vectors)
        }
        if let (continuation, vectors) = done { continuation.resume(returning: vectors) }
    }

    /// Ends the waiting without vectors, where it has not ended.
    func fail(_ error: EmbedderError) {
        let waiting = state.withLock { state in
            defer { state.continuation = nil }
            return state.continuation
        }
        waiting?.resume(throwing: error)
    }
}
