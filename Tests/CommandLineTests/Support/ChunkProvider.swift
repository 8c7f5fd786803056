import OrchCore
import OrchProviders
import Synchronization

/// A model that streams the given pieces of text. The piece `!` is a connection that breaks.
struct ChunkProvider: ModelProvider {
    let name = "chunks"
    let pieces: [String]

    init(pieces: [String]) {
        self.pieces = pieces
    }

    func complete(_ call: ChatCall) async throws(ProviderError) -> ChatReply {
        let message: JSONValue = ["role": "assistant", "content": .string(pieces.joined())]
        return ChatReply(body: try document(["choices": [["index": 0, "message": message, "finish_reason": "stop"]]]))
    }

    func stream(_ call: ChatCall) async throws(ProviderError) -> ChunkStream {
        let rest = Rest(pieces + ["."])
        return ChunkStream(
            connected: nil,
            next: { () async throws(ProviderError) -> JSONDocument? in
                guard let (piece, isLast) = rest.next() else { return nil }
                if piece == "!" { throw ProviderError(.unreachable, "the connection broke") }
                if isLast { return try document(["choices": [["index": 0, "delta": [:], "finish_reason": "stop"]]]) }
                return try document(["choices": [["index": 0, "delta": ["content": .string(piece)]]]])
            }, cancel: {})
    }

    func models(timeout: Duration) async throws(ProviderError) -> [ModelDescription] { [] }

    func embed(_ body: [UInt8], timeout: Duration) async throws(ProviderError) -> ChatReply {
        throw ProviderError(.unsupported, "no embeddings")
    }

    func checkHealth(timeout: Duration) async throws(ProviderError) {}

    private func document(_ value: JSONValue) throws(ProviderError) -> JSONDocument {
        do throws(JSONError) { return try JSONDocument(parsing: value.serialized) } catch {
            throw ProviderError(.malformedAnswer, error.message)
        }
    }

    private final class Rest: Sendable {
        private let pieces: Mutex<ArraySlice<String>>
        init(_ pieces: [String]) { self.pieces = Mutex(pieces[...]) }
        func next() -> (String, isLast: Bool)? {
            pieces.withLock { pieces in pieces.popFirst().map { ($0, pieces.isEmpty) } }
        }
    }
}
