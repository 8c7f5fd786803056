import OrchCore
import OrchProviders
import Synchronization

/// A model server whose answers a test decides.
final class ScriptedModel: ModelProvider {
    /// The content of the piece of this number, counted from 0; nil ends the answer.
    typealias Pieces = @Sendable (Int) async throws(ProviderError) -> String?

    private struct State {
        var taken = 0
        var wasCancelled = false
        var calls: [ChatCall] = []
    }

    let name = "openai"
    private let pieces: Pieces
    private let failure: ProviderError?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - failure: What every call fails with.
    ///   - pieces: The streamed answer.
    init(
        failure: ProviderError? = nil,
        pieces: @escaping Pieces = { (number: Int) async throws(ProviderError) in number < 3 ? "piece \(number) " : nil
        }
    ) {
        self.failure = failure
        self.pieces = pieces
    }

    /// How many pieces were asked for.
    var taken: Int { state.withLock { $0.taken } }
    var wasCancelled: Bool { state.withLock { $0.wasCancelled } }
    var calls: [ChatCall] { state.withLock { $0.calls } }

    /// Waits for ever, or until the caller goes away.
    static func stall() async throws(ProviderError) -> String? {
        try? await Task.sleep(for: .seconds(3600))
        throw ProviderError(.cancelled, "the call was cancelled")
    }

    func complete(_ call: ChatCall) async throws(ProviderError) -> ChatReply {
        try note(call)
        return ChatReply(
            body: try Self.document(
                #"{"id":"x","object":"chat.completion","created":1,"model":"test-model","choices":[{"index":0,"#
                    + #""message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"#
                    + #""usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}"#))
    }

    func stream(_ call: ChatCall) async throws(ProviderError) -> ChunkStream {
        try note(call)
        return ChunkStream(
            connected: nil,
            next: { [self] () async throws(ProviderError) in
                let number = state.withLock { state in
                    defer { state.taken += 1 }
                    return state.taken
                }
                let piece: String?
                do throws(ProviderError) { piece = try await pieces(number) } catch {
                    if error.code == .cancelled { state.withLock { $0.wasCancelled = true } }
                    throw error
                }
                guard let piece else { return nil }
                return try Self.document(
                    #"{"id":"x","object":"chat.completion.chunk","created":1,"model":"test-model","#
                        + #""choices":[{"index":0,"delta":{"content":"\#(piece)"},"finish_reason":null}]}"#)
            },
            cancel: { [self] in state.withLock { $0.wasCancelled = true } })
    }

    func models(timeout: Duration) async throws(ProviderError) -> [ModelDescription] {
        [
            ModelDescription(id: "test-model", created: 7, owner: "tests"),
            ModelDescription(id: "org/model:7b", created: 8, owner: "tests"),
        ]
    }

    func embed(_ body: [UInt8], timeout: Duration) async throws(ProviderError) -> ChatReply {
        if let failure { throw failure }
        return ChatReply(
            body: try Self.document(
                #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"model":"test-embedder"}"#
            ))
    }

    func checkHealth(timeout: Duration) async throws(ProviderError) {}

    private func note(_ call: ChatCall) throws(ProviderError) {
        state.withLock { $0.calls.append(call) }
        if let failure { throw failure }
    }

    private static func document(_ json: String) throws(ProviderError) -> JSONDocument {
        do throws(JSONError) { return try JSONDocument(parsing: Array(json.utf8)) } catch {
            throw ProviderError(.malformedAnswer, "the script is not JSON")
        }
    }
}
