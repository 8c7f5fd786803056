package import OrchCore
import OrchEgress
package import OrchProviders
import Synchronization

/// A provider whose answers to chat calls are given in advance, one after the other; the last one stays.
package final class ScriptedProvider: ModelProvider {
    package typealias Reply = @Sendable (ChatCall) async throws(ProviderError) -> JSONDocument

    private struct State {
        var replies: ArraySlice<Reply>
        var calls: [ChatCall] = []
    }

    package let name: String
    private let state: Mutex<State>

    package init(_ name: String, _ replies: [Reply]) {
        self.name = name
        state = Mutex(State(replies: replies[...]))
    }

    /// Fails so, time after time; nil is an answer.
    package convenience init(_ name: String, failures: [ProviderError?]) {
        self.init(name, failures.map { Self.reply(name, failure: $0) })
    }

    private static func reply(_ name: String, failure: ProviderError?) -> Reply {
        { (_: ChatCall) async throws(ProviderError) -> JSONDocument in
            if let failure { throw failure }
            return try answer(name)
        }
    }

    /// Fails with this after so long, or after all the time that the call has.
    package convenience init(_ name: String, failure: ProviderError, after pause: Duration?) {
        self.init(name, [Self.slowReply(failure, after: pause)])
    }

    private static func slowReply(_ failure: ProviderError, after pause: Duration?) -> Reply {
        { (call: ChatCall) async throws(ProviderError) -> JSONDocument in
            try? await Task.sleep(for: pause ?? call.timeout)
            throw failure
        }
    }

    /// The calls that reached it.
    package var calls: [ChatCall] { state.withLock { $0.calls } }

    /// A completion that says a text.
    package static func answer(_ text: String) throws(ProviderError) -> JSONDocument {
        let json = #"{"choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"}}]}"#
        guard let document = try? JSONDocument(parsing: Array(json.utf8)) else {
            throw ProviderError(.malformedAnswer, "the scripted text cannot stand in JSON")
        }
        return document
    }

    package func complete(_ call: ChatCall) async throws(ProviderError) -> ChatReply {
        ChatReply(
            body: try await take(call)(call),
            connected: ConnectionRecord(endpoint: Endpoint(host: name, port: 1), address: "127.0.0.1"))
    }

    package func stream(_ call: ChatCall) async throws(ProviderError) -> ChunkStream {
        let document = try await take(call)(call)
        let rest = Takings([document])
        return ChunkStream(
            connected: nil, next: { () async throws(ProviderError) in rest.popFirst() }, cancel: {})
    }

    package func models(timeout: Duration) async throws(ProviderError) -> [ModelDescription] { [] }

    package func embed(_ body: [UInt8], timeout: Duration) async throws(ProviderError) -> ChatReply {
        throw ProviderError(.unsupported, "no embeddings")
    }

    package func checkHealth(timeout: Duration) async throws(ProviderError) {}

    private func take(_ call: ChatCall) throws(ProviderError) -> Reply {
        let reply = state.withLock { state in
            state.calls.append(call)
            return state.replies.count > 1 ? state.replies.popFirst() : state.replies.first
        }
        guard let reply else { throw ProviderError(.failed, "nothing is scripted") }
        return reply
    }
}

/// A list that is taken from one by one.
private final class Takings: Sendable {
    private let items: Mutex<ArraySlice<JSONDocument>>

    init(_ items: [JSONDocument]) {
        self.items = Mutex(items[...])
    }

    func popFirst() -> JSONDocument? { items.withLock { $0.popFirst() } }
}
