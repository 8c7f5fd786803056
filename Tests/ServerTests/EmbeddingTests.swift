import OrchCore
import OrchOrchestrator
import OrchTestSupport
import Testing

@testable import OrchServer

@Suite("Embeddings of this process")
struct EmbeddingTests {
    /// One number for each text: how many bytes it has.
    private static func options(_ failure: EmbeddingError? = nil, loading: EmbeddingError? = nil) -> TestServer.Options
    {
        var options = TestServer.Options()
        options.provider = nil
        options.builtIn = [
            "builtin": BuiltInEmbedder(
                name: "tiny",
                model: { () async throws(EmbeddingError) in
                    if let loading { throw loading }
                    return BuiltInEmbedder.Model(dimensions: 1, tokens: { $0.utf8.count })
                },
                vectors: { (texts) async throws(EmbeddingError) in
                    if let failure { throw failure }
                    return texts.map { [Float($0.utf8.count)] }
                })
        ]
        return options
    }

    @Test("are answered without a model server, with the trace's name")
    func answers() async throws {
        try await TestServer.run(Self.options()) { server in
            let answer = try await server.ask(.post("/v1/embeddings", #"{"input":["a","bc"]}"#))
            #expect(answer.status == 200 && answer["x-orch-trace-id"] != nil)
            #expect(
                answer.text == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.0]},"#
                    + #"{"object":"embedding","index":1,"embedding":[2.0]}],"model":"tiny","#
                    + #""usage":{"prompt_tokens":3,"total_tokens":3}}"#)
        }
    }

    static let faults = [
        (
            #"{"input":[]}"#,
            #""message":"Invalid 'input': empty array. Expected an array with minimum length 1, but got an empty "#
                + #"array instead.","type":"invalid_request_error","param":"input","code":"empty_array""#
        ),
        (
            #"{"input":""}"#,
            #""message":"Invalid 'input': string too short. Expected a string with minimum length 1, but got an "#
                + #"empty string instead.","type":"invalid_request_error","param":"input","code":"empty_string""#
        ),
        (
            #"{"input":[[1,2]]}"#,
            #""message":"input[0] must be a string: the built-in embedder takes texts, not tokens","#
                + #""type":"invalid_request_error","param":"input[0]","code":"invalid_type""#
        ),
        (
            #"{"input":"x","dimensions":2}"#,
            #""message":"tiny has 1 dimensions, and no other number of them","type":"invalid_request_error","#
                + #""param":"dimensions","code":"invalid_value""#
        ),
    ]

    @Test("that are asked for wrongly are refused with OpenAI's errors", arguments: faults)
    func refusals(_ body: String, _ error: String) async throws {
        try await TestServer.run(Self.options()) { server in
            let answer = try await server.ask(.post("/v1/embeddings", body))
            #expect(answer.status == 400 && answer.text == #"{"error":{\#(error)}}"#)
        }
    }

    @Test("that there is no room for say when to come again; a text that is too large never will fit")
    func failures() async throws {
        try await TestServer.run(Self.options(EmbeddingError(.queueFull, "4096 texts wait"))) { server in
            let answer = try await server.ask(.post("/v1/embeddings", #"{"input":"x"}"#))
            expectError(answer, 503, "service_unavailable", "embedding_queue_full")
            #expect(answer["retry-after"] == "1" && answer["x-orch-trace-id"] != nil)
        }
        try await TestServer.run(Self.options(EmbeddingError(.inputTooLarge, "too long"))) { server in
            let answer = try await server.ask(.post("/v1/embeddings", #"{"input":"x"}"#))
            expectError(answer, 400, "invalid_request_error", "input_too_large", param: "input")
        }
    }

    @Test("without the model's files say how to get them")
    func notInstalled() async throws {
        let missing = EmbeddingError(.unavailable, "not installed: run ./scripts/assets install")
        try await TestServer.run(Self.options(loading: missing)) { server in
            let answer = try await server.ask(.post("/v1/embeddings", #"{"input":"x"}"#))
            expectError(answer, 503, "service_unavailable", "embedder_unavailable")
            #expect(answer.text.contains("./scripts/assets install"))
        }
    }
}
