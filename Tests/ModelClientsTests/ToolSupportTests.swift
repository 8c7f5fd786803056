import OrchModelClients
import OrchProviders
import OrchTestSupport
import Testing

@Suite("Tools and the managed model")
struct ToolSupportTests {
    private static let withTools = #"{"model":"m","messages":[],"tools":[{"type":"function"}]}"#
    private static let completion = #"{"choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]}"#

    private func server(supportsTools: Bool) -> ScriptedHTTP {
        ScriptedHTTP { request in
            let text =
                request.path == "/props"
                ? #"{"chat_template_caps":{"supports_tools":\#(supportsTools)}}"# : Self.completion
            return ScriptedReply(text)
        }
    }

    private func call(_ body: String) -> ChatCall {
        ChatCall(model: "m", body: Array(body.utf8), inputTokens: 1, timeout: .seconds(5))
    }

    @Test("a model without tool calls gets no request that names tools, which it would drop in silence")
    func refusesTools() async {
        let http = server(supportsTools: false)
        await #expect {
            _ = try await openAI(http, name: .local).complete(call(Self.withTools))
        } throws: { error in
            let error = error as? ProviderError
            return error?.code == .unsupported && error?.parameter == "tools"
        }
        #expect(http.paths == ["/props"])
    }

    @Test("the server is asked once what its model can do")
    func asksOnce() async throws {
        let http = server(supportsTools: true)
        let client = openAI(http, name: .local)
        for _ in 0..<3 { _ = try await client.complete(call(Self.withTools)) }
        #expect(http.paths.filter { $0 == "/props" }.count == 1)
        #expect(http.paths.filter { $0 == "/v1/chat/completions" }.count == 3)
    }

    @Test("no question is asked where no tools are named, or the server is not ours")
    func asksNothing() async throws {
        let local = server(supportsTools: false)
        _ = try await openAI(local, name: .local).complete(call(#"{"model":"m","messages":[],"tools":[]}"#))
        let other = server(supportsTools: false)
        _ = try await openAI(other).complete(call(Self.withTools))
        #expect(local.paths == ["/v1/chat/completions"])
        #expect(other.paths == ["/v1/chat/completions"])
    }
}
