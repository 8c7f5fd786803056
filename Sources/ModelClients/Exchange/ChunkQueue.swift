import OrchCore
import OrchEgress
import OrchProviders
import Synchronization

/// Chunks that are all there already.
private final class ChunkQueue: Sendable {
    private let chunks: Mutex<ArraySlice<JSONDocument>>

    init(_ chunks: [JSONDocument]) {
        self.chunks = Mutex(chunks[...])
    }

    func next() -> JSONDocument? { chunks.withLock { $0.popFirst() } }
    func clear() { chunks.withLock { $0 = [] } }
}

extension ChunkStream {
    /// A stream of chunks that are all there already.
    init(chunks: [JSONDocument], connected: ConnectionRecord?) {
        let queue = ChunkQueue(chunks)
        self.init(
            connected: connected, next: { () async throws(ProviderError) in queue.next() }, cancel: { queue.clear() })
    }
}
