import OrchCore
import OrchEgress
import OrchModelClients
import OrchProviders
import OrchTestSupport
import Testing

@Suite("What an OpenAI-compatible server is sent")
struct OpenAIRequestTests {
    @Test("is the body as it stands, with its media type and the key")
    func sendsBodyAsItStands() async throws {
        let http = ScriptedHTTP { _ in ScriptedReply(#"{"choices":[]}"#) }
        let call = ChatCall.sample(#"{ "model":"m", "x_unknown": 1.50, "messages":[] }"#)
        _ = try await openAI(http, key: "sk-1").complete(call)
        let request = try #require(http.requests.first)
        #expect(request.body == call.body)
        #expect(request.method == .post)
        #expect(request.timeout == call.timeout)
        let headers = Dictionary(request.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { one, _ in one })
        #expect(
            headers == [
                "Accept": "application/json", "Content-Type": "application/json", "Authorization": "Bearer sk-1",
            ])
    }

    @Test("goes to the path under the base, however that is written", arguments: ["/v1", "/v1/", "v1", "/v1//"])
    func joinsPaths(base: String) async throws {
        let http = ScriptedHTTP { _ in ScriptedReply(#"{"data":[]}"#) }
        _ = try await openAI(http, basePath: base).models(timeout: .seconds(1))
        #expect(http.paths == ["/v1/models"])
        #expect(http.requests.first?.headers.contains { $0.name == "Authorization" } == false)
    }

    @Test("has no key that could break the header", arguments: ["", "a\r\nX: y", "a b", "ключ"])
    func refusesKeys(key: String) async throws {
        let http = ScriptedHTTP { _ in ScriptedReply(#"{"choices":[]}"#) }
        let error = await openAI(http, key: key).failureOfComplete(.sample())
        #expect(error?.code == .rejectedKey)
        #expect(error.map { key.isEmpty || !$0.description.contains(key) } == true)
        #expect(http.requests.isEmpty)
    }

    @Test("is nothing where nobody knows where the server is")
    func asksForPlaceFirst() async throws {
        let http = ScriptedHTTP { _ in ScriptedReply("{}") }
        let client = OpenAIClient(name: .local, http: http) { () throws(ProviderError) in
            throw ProviderError(.notReady, "starting")
        }
        #expect(await client.failureOfStream(.sample())?.code == .notReady)
        #expect(http.requests.isEmpty)
    }

    @Test("An embeddings body is passed on as it stands")
    func sendsEmbeddingsBody() async throws {
        let http = ScriptedHTTP { _ in ScriptedReply(#"{"data":[]}"#) }
        let body = Array(#"{"input":[1,2],"model":"e"}"#.utf8)
        _ = try await openAI(http).embed(body, timeout: .seconds(1))
        #expect(http.requests.first?.body == body)
    }
}

@Suite("Readiness of the managed server")
struct LocalServerTests {
    @Test("is asked at the root, whatever the base path")
    func asksRoot() async throws {
        let http = ScriptedHTTP { _ in ScriptedReply(#"{"status":"ok"}"#) }
        try await openAI(http, name: .local).checkHealth(timeout: .seconds(1))
        #expect(http.paths == ["/health"])
    }

    @Test("is not given while it loads its model")
    func saysNotReady() async throws {
        let http = ScriptedHTTP { _ in ScriptedReply(#"{"error":{"code":503,"type":"unavailable_error"}}"#, status: 503)
        }
        let client = openAI(http, name: .local)
        await #expect { try await client.checkHealth(timeout: .seconds(1)) } throws: {
            ($0 as? ProviderError)?.code == .notReady
        }
        #expect(await client.failureOfComplete(.sample())?.code == .notReady)
        #expect(await client.failureOfStream(.sample())?.code == .notReady)
        #expect(
            await openAI(http).failureOfComplete(.sample())?.code == .failed, "others have failed when they say 503")
    }
}
