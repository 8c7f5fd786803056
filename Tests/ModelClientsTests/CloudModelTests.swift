import OrchCore
import OrchEgress
import OrchModelClients
import OrchProviders
import OrchTestSupport
import Synchronization
import Testing

@Suite("Cloud models behind local names")
struct CloudModelTests {
    static let local = "{\"details\":{}}"
    static let embedding = Array(#"{"model":"m","input":"a"}"#.utf8)

    func http(show: String, chat: String = OllamaRequestTests.answer) -> ScriptedHTTP {
        ScriptedHTTP { $0.path == "/api/show" ? ScriptedReply(show) : ScriptedReply(chat) }
    }

    @Test(
        "are refused before any prompt is sent",
        arguments: [
            #"{"remote_host":"https://ollama.com:443","remote_model":"big"}"#, #"{"remote_model":"big"}"#,
            #"{"remote_host":"https://elsewhere.example"}"#, #"{"remote_host":7}"#, #"{"remote_host":"file:///x"}"#,
            #"{"remote_host":"https://user@ollama.com:443"}"#,
        ])
    func refuses(show: String) async throws {
        let http = http(show: show)
        let client = ollama(http)
        for error in [await client.failureOfComplete(.sample()), await client.failureOfStream(.sample())] {
            #expect(error?.code == .refusedByPolicy)
            #expect(error?.message.contains("ORCH_EGRESS_ALLOWLIST") == true)
        }
        await #expect(throws: ProviderError.self) { _ = try await client.embed(Self.embedding, timeout: .seconds(1)) }
        #expect(Set(http.paths) == ["/api/show"])
    }

    @Test("are not even looked up where the name says it", arguments: ["gpt-oss:120b-cloud", "x/y:Cloud"])
    func refusesByName(model: String) async throws {
        let http = http(show: Self.local)
        #expect(await ollama(http).failureOfStream(.sample(model: model))?.code == .refusedByPolicy)
        #expect(http.requests.isEmpty)
        #expect(await ollama(http, allowing: ["ollama.com:443"]).failureOfStream(.sample(model: model)) == nil)
    }

    @Test(
        "are asked where the allow-list names their host",
        arguments: [
            ("https://ollama.com:443", "ollama.com:443"), ("https://Ollama.com", "ollama.com:443"),
            ("http://box/", "box:80"), ("ollama.com", "ollama.com:443"), ("http://[::1]:8080", "[::1]:8080"),
        ])
    func allowsListed(host: String, entry: String) async throws {
        let text = #"{"remote_model":"big","remote_host":"\#(host)","message":{"content":"x"},"done":true}"#
        let http = http(show: text, chat: text)
        #expect(await ollama(http, allowing: [entry]).failureOfComplete(.sample()) == nil)
        #expect(await ollama(http, allowing: ["other:443"]).failureOfComplete(.sample())?.code == .refusedByPolicy)
    }

    @Test("are noticed in the answer too")
    func checksReply() async throws {
        let text = #"{"remote_host":"https://ollama.com:443","message":{"content":"x"},"done":true}"#
        let http = http(show: Self.local, chat: text)
        #expect(await ollama(http).failureOfComplete(.sample())?.code == .refusedByPolicy)
        #expect(await ollama(http).failureOfStream(.sample())?.code == .refusedByPolicy)
        #expect(http.unfinishedStreams == 0)
        let embeddings = ScriptedHTTP {
            ScriptedReply($0.path == "/api/show" ? "{}" : #"{"remote_model":"e","embeddings":[[1]]}"#)
        }
        await #expect(throws: ProviderError.self) {
            _ = try await ollama(embeddings).embed(Self.embedding, timeout: .seconds(1))
        }
    }

    @Test("Empty remote fields are those of a local model")
    func acceptsEmptyFields() async throws {
        let http = http(show: #"{"remote_host":"","remote_model":null}"#)
        #expect(await ollama(http).failureOfComplete(.sample()) == nil)
    }

    @Test("What is known of a model holds for a minute")
    func remembers() async throws {
        let http = http(show: Self.local)
        let clock = SteppedInstant()
        let timed = ollama(http, instant: { clock.now })
        for _ in 0..<3 { _ = try await timed.complete(.sample()) }
        #expect(http.paths.filter { $0 == "/api/show" }.count == 1)
        _ = try await timed.complete(.sample(model: "other"))
        #expect(http.paths.filter { $0 == "/api/show" }.count == 2)
        clock.advance(.seconds(61))
        _ = try await timed.complete(.sample())
        #expect(http.paths.filter { $0 == "/api/show" }.count == 3)
    }

    @Test("A failed look-up stops the call and is not remembered")
    func failedLookup() async throws {
        let clock = SteppedInstant()
        let start = clock.now
        let http = ScriptedHTTP { request in
            guard request.path == "/api/show" else { return ScriptedReply(OllamaRequestTests.answer) }
            return ScriptedReply("{}", status: clock.now == start ? 500 : 200)
        }
        let client = ollama(http)
        #expect(await client.failureOfComplete(.sample())?.code == .failed)
        #expect(http.paths == ["/api/show"])
        clock.advance(.seconds(1))
        #expect(await client.failureOfComplete(.sample()) == nil)
    }
}

/// A moment that moves when it is told to.
final class SteppedInstant: Sendable {
    private let moment = Mutex(ContinuousClock.now)

    var now: ContinuousClock.Instant { moment.withLock { $0 } }

    func advance(_ duration: Duration) { moment.withLock { $0 = $0.advanced(by: duration) } }
}
