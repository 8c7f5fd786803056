import Foundation
import Testing

extension EndToEnd {
    /// The OpenAI Python client, as it is installed, against the server. Tests/Clients/openai_client.py has the checks.
    @Suite(.enabled(if: RealPart.openAIClient.isExpected, Comment(rawValue: RealPart.openAIClient.rawValue)))
    struct OpenAIClientTests {
        @Test func `The OpenAI client does all that it can, and gets its own errors`() async throws {
            try await withBench { bench in
                let upstream = try await bench.upstream()
                try await bench.checks("scripted", against: bench.server(upstream: upstream), upstream)
            }
        }

        @Test func `The OpenAI client works with Ollama behind the server, chunked at every byte`() async throws {
            try await withBench { bench in
                let upstream = try await bench.upstream()
                let server = try await bench.server(["ORCH_LLM_PROVIDER": "ollama"], upstream: upstream)
                try await bench.checks("ollama", against: server, upstream)
            }
        }

        @Test func `The OpenAI client gets RateLimitError, and waits as it is told`() async throws {
            try await withBench { bench in
                let upstream = try await bench.upstream()
                let server = try await bench.server(["ORCH_RATE_LIMIT": "3 per second"], upstream: upstream)
                try await bench.checks("rate", against: server, upstream)
            }
        }

        @Test(arguments: [("network_off", "ORCH_LLM_NETWORK_ENABLED"), ("api_off", "ORCH_ENABLE_API")])
        func `The OpenAI client gets a 503 that says why`(group: String, setting: String) async throws {
            try await withBench { bench in
                let upstream = try await bench.upstream()
                try await bench.checks(group, against: bench.server([setting: "0"], upstream: upstream), upstream)
                #expect(try await upstream.requests().isEmpty)
            }
        }

        @Test(.enabled(if: RealPart.model.isExpected, Comment(rawValue: RealPart.model.rawValue)))
        func `The OpenAI client chats and streams with the managed model`() async throws {
            try await withBench { bench in
                _ = try RealPart.model.require()
                let server = try await bench.server([
                    "ORCH_LLM_PROVIDER": "local", "ORCH_LLM_TIMEOUT_SEC": "300", "ORCH_LLM_NETWORK_ENABLED": "0",
                    "ORCH_MODEL_CHAT": "", "ORCH_MODEL_TOOL": "",
                ])
                try await server.waitUntilReady()
                try await bench.checks("local", against: server)
            }
        }
    }
}

extension Bench {
    /// Runs a group of the client's checks; each that fails is an issue of its own.
    func checks(_ group: String, against server: OrchServer, _ upstream: Upstream? = nil) async throws {
        let process = try python(
            "openai_client.py", [group], part: .openAIClient,
            environment: [
                "ORCH_URL": "\(server.url)/v1", "ORCH_TOKEN": OrchServer.token, "UPSTREAM_URL": upstream?.url ?? "",
            ])
        var count = 0
        while let line = try? await process.readLine() {
            let report = try JSON(parsing: line.utf8)
            count += 1
            if let failure = report["failure"].string {
                Issue.record("\(group), \(report["check"].string ?? "?"): \(failure)")
            }
        }
        #expect(try await process.waitForEnd() == .code(0))
        #expect(count > 0, "no check was run")
    }
}
