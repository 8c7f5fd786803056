import OrchCore
import OrchProviders
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchServer

@Suite("Every route's answer")
struct RouteTests {
    @Test("health is told to anybody")
    func health() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(.get("/health", token: nil))
            #expect(answer.status == 200)
            #expect(answer.text == #"{"status":"ok","service":"orchestrators_v2"}"#)
            #expect(answer["content-type"] == "application/json")
        }
    }

    @Test("readiness is a status, and a reason where something is down")
    func ready() async throws {
        let states: [(Readiness, Int, String)] = [
            (.ready, 200, #"{"status":"ready","service":"orchestrators_v2"}"#),
            (.disabled, 503, #"{"status":"disabled","service":"orchestrators_v2"}"#),
            (
                .unready(.modelServer), 503,
                #"{"status":"unready","service":"orchestrators_v2","reason":"model_server"}"#
            ),
        ]
        for (readiness, status, body) in states {
            var options = TestServer.Options()
            options.readiness = readiness
            try await TestServer.run(options) { server in
                let answer = try await server.ask(.get("/ready", token: nil))
                #expect(answer.status == status)
                #expect(answer.text == body)
            }
        }
    }

    @Test("metrics are text, or 503 where they are off")
    func metrics() async throws {
        var options = TestServer.Options()
        try await TestServer.run(options) { server in
            let answer = try await server.ask(.get("/metrics"))
            #expect(answer.text == "# TYPE up gauge\nup 1\n")
            #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        }
        options.hasMetrics = false
        try await TestServer.run(options) { server in
            expectError(try await server.ask(.get("/metrics")), 503, "service_unavailable", "metrics_disabled")
        }
    }

    @Test("echo gives back what it got")
    func echo() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(.post("/echo", #"{"message":"h\u00e9 \"there\""}"#))
            #expect(answer[["echo"]] == "hé \"there\"")
        }
    }

    @Test("a chat is answered by the model, with the receipt's identity")
    func chat() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(.chat())
            #expect(answer.status == 200)
            #expect(answer[["object"]] == "chat.completion")
            #expect(answer[["choices"]]?.arrayValue?.first?.objectValue?["message"]?.objectValue?["content"] == "hello")
            #expect(answer["x-ai-generated"] == "true")
            let traceID = try #require(answer["x-orch-trace-id"])
            #expect(answer[["request_id"]] == .string(traceID))
            #expect(answer[["receipt", "trace_id"]] == .string(traceID))
            #expect(server.receipts?.entries.map(\.traceID) == [traceID])
            #expect(Int(answer["openai-processing-ms"] ?? "") != nil)
        }
    }

    @Test("an agent's chat names the agent, whatever the case of its name", arguments: ["Holly", "HOLLY", "h%6Flly"])
    func agentChat(name: String) async throws {
        let model = ScriptedModel()
        var options = TestServer.Options()
        options.provider = model
        try await TestServer.run(options) { server in
            let answer = try await server.ask(.chat(path: "/v1/agents/\(name)/chat"))
            #expect(answer.status == 200)
            #expect(answer[["agent"]] == "Holly")
            let sent = String(decoding: try #require(model.calls.first).body, as: UTF8.self)
            #expect(sent.contains("You are Holly."))
        }
    }

    @Test("models and agents are listed, and found one by one")
    func models() async throws {
        try await TestServer.run { server in
            let list = try await server.ask(.get("/v1/models"))
            let names = list[["data"]]?.arrayValue?.map { $0.objectValue?["id"]?.stringValue }
            #expect(names == ["test-model", "org/model:7b", "agent/Holly"])
            for path in ["test-model", "org/model:7b", "org%2Fmodel%3A7b", "agent/Holly"] {
                let one = try await server.ask(.get("/v1/models/\(path)"))
                #expect(one.status == 200, "\(path)")
                #expect(one[["object"]] == "model")
            }
            expectError(
                try await server.ask(.get("/v1/models/other")), 404, "invalid_request_error", "model_not_found",
                param: "id")
            let agents = try await server.ask(.get("/v1/agents"))
            #expect(agents[["count"]] == 1)
            let agent = try await server.ask(.get("/v1/agents/hOLLY"))
            #expect(agent[["system_prompt"]] == "You are Holly.")
            expectError(try await server.ask(.get("/v1/agents/nobody")), 404, "invalid_request_error", "not_found")
        }
    }

    @Test("embeddings are the provider's")
    func embeddings() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(.post("/v1/embeddings", #"{"input":"text"}"#))
            #expect(answer.status == 200)
            #expect(answer[["data"]]?.arrayValue?.count == 1)
            #expect(answer["x-orch-trace-id"] != nil)
        }
    }

    @Test("tools are listed and run")
    func tools() async throws {
        try await TestServer.run { server in
            let list = try await server.ask(.get("/v1/tools"))
            #expect(list[["count"]] == 2)
            let sum = try await server.ask(
                .post("/v1/tools/execute", #"{"name":"safe_calc","args":{"expression":"6*7"}}"#))
            #expect(sum[["result", "status"]] == "ok")
            #expect(sum[["result", "result"]] == "42")
            #expect(sum["x-orch-trace-id"] != nil)
            let unknown = try await server.ask(.post("/v1/tools/execute", #"{"name":"rm"}"#))
            #expect(unknown.status == 200)
            #expect(unknown[["result", "status"]] == "error")
        }
    }

    @Test("with no model, the local answer says so, whole and streamed")
    func noModel() async throws {
        var options = TestServer.Options()
        options.provider = nil
        try await TestServer.run(options) { server in
            try await server.expect(200, for: .chat())
            #expect(try await server.ask(.chat(streams: true)).text.hasSuffix("data: [DONE]\n\n"))
            expectError(
                try await server.ask(.post("/v1/embeddings", #"{"input":"x"}"#)), 503, "service_unavailable",
                "model_server_not_ready")
        }
    }

    @Test("an operator may do what bearers may")
    func operatorToken() async throws {
        try await TestServer.run { server in
            try await server.expect(200, for: .get("/v1/tools", token: TestServer.operatorToken))
        }
    }

    @Test("where no bearer is required, none is, and a right one still counts")
    func noBearerRequired() async throws {
        var options = TestServer.Options()
        options.isBearerRequired = false
        try await TestServer.run(options) { server in
            try await server.expect(200, for: .get("/v1/tools", token: nil))
            try await server.expect(200, for: .get("/v1/tools"))
            #expect(server.observed.map(\.caller) == ["anonymous", "tester"])
        }
    }

    @Test("a request's identity is the caller's if it is printable, else a new one")
    func requestIDs() async throws {
        try await TestServer.run { server in
            for good in ["abc", "a", String(repeating: "x", count: 128), "~!@#$%^&*()"] {
                let answer = try await server.ask(RawRequest().with("X-Request-ID", good))
                #expect(answer["x-request-id"] == good)
            }
            var made: Set<String> = []
            for bad in ["", "two words", String(repeating: "x", count: 129), "caf\u{e9}"] {
                let id = try await server.ask(RawRequest().with("X-Request-ID", bad))["x-request-id"]
                #expect(id?.hasPrefix("req-") ?? false)
                made.insert(id ?? "")
            }
            made.insert(try await server.ask(RawRequest())["x-request-id"] ?? "")
            #expect(made.count == 5)
        }
    }

    @Test("what is told of a request holds its route, status and caller, and nothing that was said")
    func records() async throws {
        try await TestServer.run { server in
            _ = try await server.ask(.chat().with("x-request-id", "mine"))
            _ = try await server.ask(.get("/nowhere?secret=1"))
            try await until { server.observed.count == 2 }
            let (first, second) = (server.observed[0], server.observed[1])
            #expect(first.template == "/v1/chat/completions")
            #expect(first.status == 200)
            #expect(first.requestID == "mine")
            #expect(first.caller == "tester")
            #expect(first.traceID?.description == server.receipts?.entries.first?.traceID)
            #expect(second.template == nil)
            #expect(second.errorCode == "unknown_path")
        }
    }
}
