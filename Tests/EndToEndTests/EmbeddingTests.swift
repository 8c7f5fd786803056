import Foundation
import Testing

extension EndToEnd {
    /// The embedder of the process, with its real model.
    @Suite(.enabled(if: RealPart.embedder.isExpected, Comment(rawValue: RealPart.embedder.rawValue)))
    struct EmbeddingTests {
        /// Nothing may be asked of a model server.
        private static let settings = ["ORCH_LLM_ENABLED": "0", "ORCH_LLM_NETWORK_ENABLED": "0"]

        private static func embed(
            _ server: OrchServer, _ texts: [String], _ more: [String: Any] = [:]
        ) async throws -> HTTPAnswer {
            let body = more.merging(["input": texts]) { $1 }
            return try await server.http.send("POST", "/v1/embeddings", body)
        }

        @Test(.enabled(if: RealPart.openAIClient.isExpected, Comment(rawValue: RealPart.openAIClient.rawValue)))
        func `The OpenAI client embeds texts without any model server`() async throws {
            try await withBench { bench in
                _ = try RealPart.embedder.require()
                try await bench.checks("embedder", against: bench.server(Self.settings))
            }
        }

        @Test func `A text has the same bytes whenever and beside whatever it is embedded`() async throws {
            try await withBench { bench in
                _ = try RealPart.embedder.require()
                let server = try await bench.server(Self.settings)
                let first = try await Self.embed(server, ["the weather in Oslo"])
                #expect(first.status == 200 && first.json["model"].string == "all-minilm-l6-v2")
                #expect(first.json["usage"]["prompt_tokens"].int == 6)
                #expect(try await Self.embed(server, ["the weather in Oslo"]).body == first.body)
                let many = (0..<40).map { "text \($0)" } + ["the weather in Oslo"]
                let beside = try await Self.embed(server, many, ["encoding_format": "base64"])
                let alone = try await Self.embed(server, ["the weather in Oslo"], ["encoding_format": "base64"])
                let vector = alone.json["data"].elements.first?["embedding"].string
                #expect(vector != nil && beside.json["data"].elements.last?["embedding"].string == vector)
                // Another process, too.
                let other = try await bench.server(Self.settings, name: "other")
                #expect(try await Self.embed(other, ["the weather in Oslo"]).body == first.body)
            }
        }

        @Test func `Its files' hash is in every receipt, and the checkup says that it works`() async throws {
            try await withBench { bench in
                _ = try RealPart.embedder.require()
                let server = try await bench.server(Self.settings)
                let answer = try await Self.embed(server, ["text"])
                let trace = try #require(answer.headers["x-orch-trace-id"])
                let shown = try await bench.orch(["trace", "show", trace, "--json"], Self.settings)
                #expect(shown.output.contains(#""embedder":""#), "\(shown.output)")
                let doctor = try await bench.orch(["doctor"], Self.settings, name: "doctor")
                #expect(doctor.output.contains("all-minilm-l6-v2, 384 dimensions"), "\(doctor.output)")
            }
        }

        @Test func `Without its files it says how to get them, and the checkup does`() async throws {
            try await withBench { bench in
                let settings = Self.settings.merging(["ORCH_ASSETS_DIR": try bench.folder("assets").path]) { $1 }
                let server = try await bench.server(settings)
                let answer = try await Self.embed(server, ["text"])
                #expect(answer.status == 503 && answer.errorCode == "embedder_unavailable")
                #expect(answer.json["error"]["message"].string?.contains("./scripts/assets install") == true)
                let doctor = try await bench.orch(["doctor"], settings, name: "doctor")
                #expect(doctor.output.contains("embedder"), "\(doctor.output)")
            }
        }
    }
}
