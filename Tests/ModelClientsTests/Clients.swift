import OrchCore
import OrchEgress
import OrchModelClients
import OrchProviders
import OrchTestSupport

/// The time that the tests' clients believe it is.
let testTime = Timestamp(microseconds: 1_700_000_000_000_000)

func openAI(
    _ http: any OutboundHTTP, name: OpenAIClient.Kind = .openai, basePath: String = "/v1", key: String? = nil
) -> OpenAIClient {
    OpenAIClient(name: name, http: http) { () throws(ProviderError) in
        (Endpoint(host: "127.0.0.1", port: 8000), basePath: basePath, apiKey: key.map { Redacted($0) })
    }
}

func ollama(
    _ http: any OutboundHTTP, allowing hosts: Set<String> = [],
    instant: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
) -> OllamaClient {
    OllamaClient(
        http: http,
        endpoint: { () throws(ProviderError) in
            (Endpoint(host: "127.0.0.1", port: 11_434), basePath: "", apiKey: nil)
        }, remoteHostAllowed: { hosts.contains($0) }, now: { testTime }, random: { 0xAB }, instant: instant)
}

/// An Ollama that answers `/api/chat` so, and knows every model as its own.
func ollamaHTTP(_ reply: ScriptedReply) -> ScriptedHTTP {
    ScriptedHTTP { $0.path == "/api/show" ? ScriptedReply("{}") : reply }
}

/// The JSON of a request's body.
func json(_ request: OutboundRequest?) throws -> JSONValue {
    try JSONValue(parsing: request?.body ?? [])
}

func json(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
}
