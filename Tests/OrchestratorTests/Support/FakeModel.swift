import OrchCore
import OrchEgress
import OrchProviders
import Synchronization

/// A model server that says what a test wants, and keeps what it was asked.
final class FakeModel: ModelProvider {
    /// How a stream goes on behind its last chunk.
    enum Ending: Sendable {
        case complete
        case failure(ProviderError)
        /// Nothing comes until it is given up.
        case stalled
    }

    struct Script: Sendable {
        var answer = Chunks.completion("Hello.")
        var failure: ProviderError?
        var chunks = Chunks.answer("Hel", "lo.")
        var ending = Ending.complete
        var models: [String] = []
        var modelsFailure: ProviderError?
        var embedding = #"{"object":"list","data":[],"usage":{"prompt_tokens":3,"total_tokens":3}}"#
        var connected: ConnectionRecord?
    }

    private struct State {
        var script: Script
        var calls: [ChatCall] = []
        var embedded: [[UInt8]] = []
        var listings = 0
        var cancellations = 0
        var position = 0
    }

    let name = "fake"
    private let timeline: Timeline
    private let state: Mutex<State>

    init(_ script: Script = Script(), timeline: Timeline = Timeline()) {
        self.timeline = timeline
        state = Mutex(State(script: script))
    }

    var calls: [ChatCall] { state.withLock { $0.calls } }
    var bodies: [String] { calls.map { String(decoding: $0.body, as: UTF8.self) } }
    var embedded: [String] { state.withLock { $0.embedded.map { String(decoding: $0, as: UTF8.self) } } }
    var listings: Int { state.withLock { $0.listings } }
    var cancellations: Int { state.withLock { $0.cancellations } }

    func change(_ change: @Sendable (inout Script) -> Void) { state.withLock { change(&$0.script) } }

    func complete(_ call: ChatCall) async throws(ProviderError) -> ChatReply {
        let script = note(call)
        if let failure = script.failure { throw failure }
        return ChatReply(body: try document(script.answer), connected: script.connected)
    }

    func stream(_ call: ChatCall) async throws(ProviderError) -> ChunkStream {
        let script = note(call)
        if let failure = script.failure { throw failure }
        return ChunkStream(
            connected: script.connected,
            next: { [self] () async throws(ProviderError) in try await next() },
            cancel: { [self] in
                timeline.add("cancelled upstream")
                state.withLock { $0.cancellations += 1 }
            })
    }

    func models(timeout: Duration) async throws(ProviderError) -> [ModelDescription] {
        let script = state.withLock { state in
            state.listings += 1
            return state.script
        }
        if let failure = script.modelsFailure { throw failure }
        return script.models.map { ModelDescription(id: $0, created: 0, owner: "") }
    }

    func embed(_ body: [UInt8], timeout: Duration) async throws(ProviderError) -> ChatReply {
        timeline.add("asked")
        let script = state.withLock { state in
            state.embedded.append(body)
            return state.script
        }
        if let failure = script.failure { throw failure }
        return ChatReply(body: try document(script.embedding), connected: script.connected)
    }

    func checkHealth(timeout: Duration) async throws(ProviderError) {}

    private func note(_ call: ChatCall) -> Script {
        timeline.add("asked")
        return state.withLock { state in
            state.calls.append(call)
            state.position = 0
            return state.script
        }
    }

    private func next() async throws(ProviderError) -> JSONDocument? {
        let (chunk, ending) = state.withLock { state in
            defer { state.position += 1 }
            let isThere = state.position < state.script.chunks.count
            return (isThere ? state.script.chunks[state.position] : nil, state.script.ending)
        }
        if let chunk { return try document(chunk) }
        switch ending {
        case .complete: return nil
        case .failure(let error): throw error
        case .stalled:
            while state.withLock({ $0.cancellations == 0 }), !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(2))
            }
            throw ProviderError(.cancelled, "the call was cancelled")
        }
    }

    private func document(_ text: String) throws(ProviderError) -> JSONDocument {
        do { return try JSONDocument(parsing: Array(text.utf8)) } catch {
            throw ProviderError(.malformedAnswer, "the test's own text is not JSON")
        }
    }
}

/// Answers in OpenAI's form.
enum Chunks {
    static func completion(
        _ text: String, usage: String? = #"{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}"#
    ) -> String {
        let usage = usage.map { ",\"usage\":\($0)" } ?? ""
        return
            #"{"id":"chatcmpl-up","object":"chat.completion","created":5,"model":"m-up","choices":[{"index":0,"message":"#
            + #"{"role":"assistant","content":\#(quoted(text))},"finish_reason":"stop"}]\#(usage)}"#
    }

    static func chunk(
        _ delta: String, finish: String? = nil, index: Int = 0, id: String = "chatcmpl-up", created: Int = 5,
        usage: String? = nil
    ) -> String {
        let finish = finish.map { "\"\($0)\"" } ?? "null"
        let usage = usage.map { ",\"usage\":\($0)" } ?? ""
        return
            #"{"id":"\#(id)","object":"chat.completion.chunk","created":\#(created),"model":"m-up","choices":[{"index":\#(index),"#
            + #""delta":\#(delta),"finish_reason":\#(finish)}]\#(usage)}"#
    }

    static func content(_ text: String, index: Int = 0) -> String {
        chunk(#"{"content":\#(quoted(text))}"#, index: index)
    }

    static let role = chunk(#"{"role":"assistant","content":""}"#)
    static let usage =
        #"{"id":"chatcmpl-up","object":"chat.completion.chunk","created":5,"model":"m-up","choices":[],"#
        + #""usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}"#

    /// Role, the pieces, the end and the usage.
    static func answer(_ pieces: String...) -> [String] {
        [role] + pieces.map { content($0) } + [chunk("{}", finish: "stop"), usage]
    }

    static func quoted(_ text: String) -> String { String(decoding: JSONValue.string(text).serialized, as: UTF8.self) }
}
