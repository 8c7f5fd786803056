package import OrchCore
package import OrchEgress

/// A model server of some kind, spoken to in OpenAI's terms.
///
/// Bodies are OpenAI's `chat/completions` and `embeddings` JSON, whatever the server behind speaks. Cancelling the task
/// that waits for an answer cancels the call.
package protocol ModelProvider: Sendable {
    /// `openai`, `ollama` or `local`, for decisions, metrics and receipts.
    var name: String { get }

    /// Asks for a whole answer.
    func complete(_ call: ChatCall) async throws(ProviderError) -> ChatReply

    /// Asks for an answer in pieces.
    func stream(_ call: ChatCall) async throws(ProviderError) -> ChunkStream

    /// The models that the server offers.
    func models(timeout: Duration) async throws(ProviderError) -> [ModelDescription]

    /// Passes an OpenAI `embeddings` request on.
    func embed(_ body: [UInt8], timeout: Duration) async throws(ProviderError) -> ChatReply

    /// Returns if the server can answer now.
    func checkHealth(timeout: Duration) async throws(ProviderError)
}

/// One question to a model.
package struct ChatCall: Sendable {
    /// The model asked for, as it stands in the body.
    package var model: String
    /// A `chat/completions` body with everything in it that the server shall see, and nothing else.
    package var body: [UInt8]
    /// The input's counted size, for servers that size their context by it.
    package var inputTokens: Int
    /// The limit for a whole answer; for a stream, to each of its pieces.
    package var timeout: Duration

    package init(model: String, body: [UInt8], inputTokens: Int, timeout: Duration) {
        self.model = model
        self.body = body
        self.inputTokens = inputTokens
        self.timeout = timeout
    }
}

/// A server's whole answer.
package struct ChatReply: Sendable {
    package var body: JSONDocument
    /// The connection that was made for it, if one was.
    package var connected: ConnectionRecord?

    package init(body: JSONDocument, connected: ConnectionRecord? = nil) {
        self.body = body
        self.connected = connected
    }
}

/// An answer in pieces, each an OpenAI `chat.completion.chunk`.
package struct ChunkStream: Sendable {
    package let connected: ConnectionRecord?
    /// The next chunk; nil once the server has said that the answer is complete.
    ///
    /// A stream that breaks off before that throws.
    package let next: @Sendable () async throws(ProviderError) -> JSONDocument?
    /// Gives the rest up.
    package let cancel: @Sendable () -> Void

    package init(
        connected: ConnectionRecord?, next: @escaping @Sendable () async throws(ProviderError) -> JSONDocument?,
        cancel: @escaping @Sendable () -> Void
    ) {
        self.connected = connected
        self.next = next
        self.cancel = cancel
    }
}

/// A model as `/v1/models` lists it.
package struct ModelDescription: Sendable, Equatable {
    package var id: String
    /// Seconds since the epoch; 0 where the server does not say.
    package var created: Int
    package var owner: String

    package init(id: String, created: Int, owner: String) {
        self.id = id
        self.created = created
        self.owner = owner
    }
}
