import OrchCore
import OrchProviders
import OrchTestSupport
import Testing

@testable import OrchServer

@Suite("Every refusal's answer")
struct ErrorTests {
    @Test("malformed JSON is told with its position")
    func malformedJSON() async throws {
        try await TestServer.run { server in
            for path in [
                "/echo", "/v1/chat/completions", "/v1/embeddings", "/v1/tools/execute", "/v1/agents/holly/chat",
            ] {
                let answer = try await server.ask(.post(path, "{\"messages\":\n  [}"))
                expectError(answer, 400, "invalid_request_error", "invalid_json")
                let message = answer[["error", "message"]]?.stringValue ?? ""
                #expect(message.contains("line 2"), "\(message)")
            }
            expectError(try await server.ask(.post("/echo", "")), 400, "invalid_request_error", "invalid_json")
        }
    }

    @Test("a wrong type is told with its path")
    func wrongTypes() async throws {
        try await TestServer.run { server in
            let path = "/v1/chat/completions"
            expectError(
                try await server.ask(
                    .post(path, #"{"messages":[{"role":"user","content":"a"},{"role":"user","content":7}]}"#)),
                400, "invalid_request_error", "invalid_type", param: "messages[1].content")
            expectError(
                try await server.ask(.post(path, "{}")), 400, "invalid_request_error", "missing_required_parameter",
                param: "messages")
            expectError(
                try await server.ask(.post(path, "[]")), 400, "invalid_request_error", "invalid_type", param: "body")
            expectError(
                try await server.ask(.post("/echo", #"{"message":7}"#)), 400, "invalid_request_error", "invalid_type",
                param: "message")
            expectError(
                try await server.ask(.post("/echo", "{}")), 400, "invalid_request_error", "missing_required_parameter",
                param: "message")
            expectError(
                try await server.ask(.post(path, #"{"model":"other","messages":[{"role":"user","content":"a"}]}"#)),
                404, "invalid_request_error", "model_not_found", param: "model")
        }
    }

    @Test("a conversation that cannot be made to fit is 400 and says both numbers")
    func contextLength() async throws {
        var options = TestServer.Options()
        options.tokenBudget = 20
        try await TestServer.run(options) { server in
            let answer = try await server.ask(
                .post("/v1/chat/completions", #"{"messages":[{"role":"user","content":"hello, world"}]}"#))
            expectError(answer, 400, "invalid_request_error", "context_length_exceeded", param: "messages")
            let message = answer.json?.objectValue?["error"]?.objectValue?["message"]?.stringValue
            #expect(
                message
                    == "what must be kept (system messages, tools, the first question and its answer, the last turn, "
                    + "what is pinned, and their tool calls) takes 25 tokens, and the budget is 20: shorten or unpin "
                    + "messages, or raise ORCH_MAX_TOKENS")
        }
    }

    @Test("a missing or wrong token is 401 and says which scheme is wanted")
    func unauthenticated() async throws {
        try await TestServer.run { server in
            let missing = try await server.ask(.get("/v1/tools", token: nil))
            expectError(missing, 401, "authentication_error", "missing_token")
            #expect(missing["www-authenticate"] == "Bearer")
            let wrong = try await server.ask(.get("/v1/tools", token: TestServer.token + "x"))
            expectError(wrong, 401, "authentication_error", "invalid_token")
            #expect(wrong["www-authenticate"] == "Bearer")
            for value in ["Basic dTpw", "Bearer", "Bearer ", TestServer.token, "Bearer  "] {
                let request = RawRequest(path: "/v1/tools", token: nil).with("Authorization", value)
                try await server.expect(401, for: request)
            }
            let spaced = RawRequest(path: "/v1/tools", token: nil).with("authorization", "bEARER  \(TestServer.token)")
            try await server.expect(200, for: spaced)
            #expect(server.failures.drain() == 7)
            #expect(server.failures.drain() == 0)
        }
    }

    @Test("too many wrong tokens from one address are 429, and a right one still passes")
    func tooManyFailures() async throws {
        try await TestServer.run { server in
            var limited = try await server.ask(.get("/v1/tools", token: "wrong"))
            var tries = 1
            // On a slow machine, some of the allowance comes back on the way.
            while limited.status == 401, tries < 100 {
                limited = try await server.ask(.get("/v1/tools", token: "wrong"))
                tries += 1
            }
            #expect(tries > LoginFailures.allowance.limit)
            expectError(limited, 429, "rate_limit_error", "too_many_failed_logins")
            #expect((Int(limited["retry-after"] ?? "") ?? 0) >= 1)
            try await server.expect(200, for: .get("/v1/tools"))
        }
    }

    @Test("a foreign Host or Origin is refused on every route")
    func foreignHost() async throws {
        try await TestServer.run { server in
            for path in ["/health", "/v1/tools", "/openapi.json", "/nowhere"] {
                for host in ["evil.example", "app.example", "localhost.evil.example", "localhost:x", ""] {
                    var request = RawRequest.get(path)
                    request.host = host
                    expectError(try await server.ask(request), 403, "permission_error", "host_not_allowed")
                }
                var without = RawRequest.get(path)
                without.host = nil
                expectError(try await server.ask(without), 403, "permission_error", "host_not_allowed")
                for origin in ["http://evil.example", "null", "file://", "http://localhost@evil.example"] {
                    expectError(
                        try await server.ask(RawRequest.get(path).with("Origin", origin)), 403, "permission_error",
                        "origin_not_allowed")
                }
            }
            var listed = RawRequest.get("/health").with("Origin", "http://localhost:3000")
            listed.host = "app.example:3000"
            try await server.expect(200, for: listed)
        }
    }

    @Test("an unknown path is 404, a wrong method 405 with those that are right")
    func unknownPathOrMethod() async throws {
        try await TestServer.run { server in
            for path in ["/", "/nowhere", "/v1", "/v1/", "/health/", "//health", "/v1/agents//chat", "*"] {
                expectError(try await server.ask(.get(path)), 404, "invalid_request_error", "unknown_path")
            }
            let wrong = try await server.ask(RawRequest(method: "DELETE", path: "/v1/chat/completions"))
            expectError(wrong, 405, "invalid_request_error", "method_not_allowed")
            #expect(wrong["allow"] == "POST")
            #expect(try await server.ask(.post("/health", "{}"))["allow"] == "GET")
            #expect(try await server.ask(RawRequest(method: "PUT", path: "/v1/agents/holly"))["allow"] == "GET")
        }
    }

    @Test("HEAD gets no body")
    func headRequest() async throws {
        try await TestServer.run { server in
            let connection = try server.connect()
            let reader = RawHTTPReader(connection)
            for _ in 0..<2 {
                try await connection.send(RawRequest(method: "HEAD", path: "/health").text)
                let answer = try #require(try await reader.message(isToHead: true))
                #expect(answer.status == 405)
                #expect(answer["allow"] == "GET")
            }
            try await connection.send(RawRequest().text)
            #expect(try await reader.message()?.status == 200)
        }
    }

    @Test("a body over the limit is 413, told or not, and the answer arrives though the client goes on sending")
    func tooLargeBody() async throws {
        var options = TestServer.Options()
        options.maximumBodyBytes = 1000
        try await TestServer.run(options) { server in
            let exact = #"{"message":"\#(String(repeating: "x", count: 986))"}"#
            #expect(exact.utf8.count == 1000)
            try await server.expect(200, for: .post("/echo", exact))

            let told = try server.connect()
            var request = RawRequest.post("/echo", "")
            request.body = nil
            try await told.send(request.with("Content-Length", "1001").head)
            let first = try #require(try await RawHTTPReader(told).message())
            expectError(first, 413, "invalid_request_error", "request_too_large")
            #expect(first["connection"] == "close")

            let chunked = try server.connect()
            try await chunked.send(request.with("Transfer-Encoding", "chunked").head)
            let chunk = "400\r\n" + String(repeating: "x", count: 1024) + "\r\n"
            async let answer = RawHTTPReader(chunked).message()
            do { for _ in 0..<2000 { try await chunked.send(chunk) } } catch {
                // The server has waited long enough for the rest.
            }
            expectError(try #require(try await answer), 413, "invalid_request_error", "request_too_large")
        }
    }

    @Test("nothing is answered that cannot be receipted", arguments: [true, false])
    func receiptsUnavailable(streams: Bool) async throws {
        var options = TestServer.Options()
        options.receipts = MemoryReceipts(failsAfter: 0)
        try await TestServer.run(options) { server in
            let answer = try await server.ask(.chat(streams: streams))
            expectError(answer, 503, "service_unavailable", "receipts_unavailable")
            #expect(answer["retry-after"] == "1")
            #expect(!answer.text.contains("hello"))
            expectError(
                try await server.ask(.post("/v1/tools/execute", #"{"name":"echo","args":{"text":"x"}}"#)), 503,
                "service_unavailable", "receipts_unavailable")
        }
    }

    @Test("with the API turned off, every route of it is 503, and the others answer")
    func apiDisabled() async throws {
        var options = TestServer.Options()
        options.isAPIEnabled = false
        try await TestServer.run(options) { server in
            for path in ["/v1/models", "/v1/models/x", "/v1/tools", "/v1/agents", "/v1/agents/holly"] {
                expectError(try await server.ask(.get(path)), 503, "service_unavailable", "api_disabled")
            }
            expectError(try await server.ask(.chat()), 503, "service_unavailable", "api_disabled")
            try await server.expect(200, for: .get("/health"))
            try await server.expect(200, for: .get("/metrics"))
        }
    }

    @Test("the rate limit tells what is left, and when to come back")
    func rateLimit() async throws {
        var options = TestServer.Options()
        options.rules = [RateLimiter.Rule(limit: 3, period: .seconds(3600))]
        try await TestServer.run(options) { server in
            for left in [2, 1, 0] {
                let answer = try await server.ask(.get("/v1/tools"))
                #expect(answer.status == 200)
                #expect(answer["x-ratelimit-limit-requests"] == "3")
                #expect(answer["x-ratelimit-remaining-requests"] == String(left))
                #expect(answer["x-ratelimit-reset-requests"]?.hasSuffix("s") ?? false)
            }
            let limited = try await server.ask(.get("/v1/tools"))
            expectError(limited, 429, "rate_limit_error", "rate_limit_exceeded")
            #expect(limited["x-ratelimit-remaining-requests"] == "0")
            let wait = Int(limited["retry-after"] ?? "") ?? 0
            #expect((1...1200).contains(wait))
            try await server.expect(200, for: .get("/v1/tools", token: TestServer.operatorToken))
            try await server.expect(200, for: .get("/health"))
            try await server.expect(200, for: .get("/metrics"))
        }
    }

    @Test(
        "a provider's failure is told by its kind",
        arguments: [
            (ProviderError(.failed, "down"), 502, "provider_error"),
            (ProviderError(.unreachable, "down"), 502, "provider_error"),
            (ProviderError(.malformedAnswer, "odd"), 502, "provider_error"),
            (ProviderError(.refusedByPolicy, "no"), 502, "provider_error"),
            (ProviderError(.timedOut, "slow"), 504, "provider_error"),
            (ProviderError(.circuitOpen, "paused", retryAfter: .milliseconds(2500)), 503, "service_unavailable"),
            (ProviderError(.notReady, "loading"), 503, "service_unavailable"),
            (ProviderError(.networkDisabled, "off"), 503, "service_unavailable"),
            (ProviderError(.notAllowlisted, "no"), 403, "permission_error"),
            (ProviderError(.rejectedRequest, "no"), 400, "invalid_request_error"),
            (ProviderError(.unsupported, "no", parameter: "logprobs"), 400, "invalid_request_error"),
            (ProviderError(.rateLimited, "busy", retryAfter: .seconds(9)), 429, "rate_limit_error"),
        ])
    func providerFailures(failure: ProviderError, status: Int, type: String) async throws {
        var options = TestServer.Options()
        options.provider = ScriptedModel(failure: failure)
        try await TestServer.run(options) { server in
            for streams in [false, true] {
                let answer = try await server.ask(.chat(streams: streams))
                expectError(answer, status, type, failure.codeName, param: failure.parameter)
                #expect(answer["x-orch-trace-id"] != nil)
                switch status {
                case 503 where failure.retryAfter != nil: #expect(answer["retry-after"] == "3")
                case 429: #expect(answer["retry-after"] == "9")
                case 503: #expect(answer["retry-after"] == "1")
                default: #expect(answer["retry-after"] == nil)
                }
            }
            #expect(server.receipts?.statuses == ["failed", "failed"])
        }
    }
}
