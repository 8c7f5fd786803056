import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension EndToEnd {
    /// How the program starts, stops, and refuses to.
    @Suite(.enabled(if: RealPart.python.isExpected, Comment(rawValue: RealPart.python.rawValue)))
    struct ProcessTests {
        @Test(arguments: [SIGTERM, SIGINT])
        func `Told to stop, the server finishes the stream that runs and ends with 0`(signal: Int32) async throws {
            try await withBench { bench in
                let upstream = try await bench.upstream()
                let server = try await bench.server(upstream: upstream)
                let stream = try await server.openChat(#"Go. script:{"words": 20, "delay_ms": 80}"#)
                #expect(stream.head.status == 200)
                for _ in 0..<3 { _ = try await stream.nextEvent() }
                server.process.signal(signal)
                // Nobody new is let in while it finishes.
                try await eventually(within: .seconds(2), "new connections are refused") {
                    (try? await server.http.send("GET", "/health")) == nil
                }
                #expect(server.process.ended == nil, "it did not wait for the stream")
                let events = try await stream.events()
                #expect(events.last == "[DONE]")
                #expect(events.contains { $0.contains("w19") })
                #expect(try await server.process.waitForEnd(within: .seconds(10)) == .code(0))
                #expect(try await bench.hasTrace(try #require(stream.head.headers["x-orch-trace-id"]), in: server))
            }
        }

        @Test func `Told to stop while idle connections are open, the server ends at once`() async throws {
            try await withBench { bench in
                let server = try await bench.server()
                var idle: [HTTPStream] = []
                for _ in 0..<5 {
                    let http = HTTPClient(port: server.port, token: OrchServer.token, keepsConnections: true)
                    let stream = try await http.open("GET", "/v1/models")
                    #expect(try await stream.next() != nil)
                    idle.append(stream)
                }
                let start = ContinuousClock.now
                server.process.signal(SIGTERM)
                #expect(try await server.process.waitForEnd(within: .seconds(40)) == .code(0))
                #expect(start.duration(to: .now) < .seconds(25))
                for stream in idle { stream.close() }
            }
        }

        @Test func `A second server on the same instance folder is refused, and the first goes on`() async throws {
            try await withBench { bench in
                let first = try await bench.server()
                let second = try bench.launch(
                    ["ORCH_INSTANCE_DIR": first.instance.path, "SWIFT_BACKTRACE": "enable=no"], name: "second")
                let end = try await second.waitForEnd(within: .seconds(30))
                #expect(end != .code(0))
                #expect(bench.text(of: "second.log").contains("ORCH_INSTANCE_DIR"))
                #expect(try await first.chat("calc 1 + 1").status == 200)
                #expect(end.isOrderly, "\(end)")
            }
        }

        @Test func `A server whose instance folder was left by kill -9 starts`() async throws {
            try await withBench { bench in
                try await bench.server().process.killHard()
                #expect(try await bench.server().chat("calc 1 + 1").status == 200)
            }
        }

        @Test func `A bad configuration is refused with all that is wrong, status 78, and no secret`() async throws {
            try await withBench { bench in
                let process = try bench.launch([
                    "ORCH_BEARER_TOKEN": "canary-secret-one,canary-secret-one",
                    "ORCH_RATE_LIMIT": "canary per fortnight", "ORCH_PORT": "99999", "ORCH_LLM_PROVIDER": "nobody",
                    "ORCH_LLM_TIMEOUT_SEC": "soon", "ORCH_OPENAI_API_KEY": "canary-secret-two",
                    "ORCH_ENV": "production", "SWIFT_BACKTRACE": "enable=no",
                ])
                let end = try await process.waitForEnd(within: .seconds(30))
                let log = bench.text(of: "server.log")
                for name in ["ORCH_RATE_LIMIT", "ORCH_PORT", "ORCH_LLM_PROVIDER", "ORCH_LLM_TIMEOUT_SEC"] {
                    #expect(log.contains("\(name) = "), "\(name) is not named")
                }
                #expect(!log.contains("canary-secret"))
                #expect(!log.contains("listening on"))
                #expect(end == .code(78))
            }
        }

        @Test func `With ORCH_ENABLE_API=0 health answers, ready says disabled, the rest is closed`() async throws {
            try await withBench { bench in
                let server = try await bench.server(["ORCH_ENABLE_API": "0"])
                let health = try await server.http.send("GET", "/health")
                #expect(health.status == 200)
                #expect(health.json["status"].string == "ok")
                let ready = try await server.http.send("GET", "/ready")
                #expect(ready.status == 503)
                #expect(ready.json["status"].string == "disabled")
                let answers = [
                    try await server.chat("calc 1 + 1"), try await server.http.send("GET", "/v1/models"),
                    try await server.http.send("GET", "/v1/tools"), try await server.http.send("GET", "/v1/agents"),
                    try await server.http.send(
                        "POST", "/v1/tools/execute", ["name": "echo", "args": ["message": "x"]]),
                    try await server.http.send("POST", "/v1/embeddings", ["input": "x"]),
                ]
                for answer in answers {
                    #expect(answer.status == 503)
                    #expect(answer.json["error"]["type"].string == "service_unavailable")
                    #expect(answer.json["error"].keys == ["code", "message", "param", "type"])
                }
            }
        }

        @Test func `Idle without a model, the server is small`() async throws {
            try await withBench { bench in
                let server = try await bench.server()
                #expect(try await server.http.send("GET", "/health").status == 200)
                try await Task.sleep(for: .seconds(1))
                guard let resident = server.residentKiB else { return }
                print("idle memory: \(resident) KiB")
                // A debug build carries what a release build does not.
                if Surroundings.isReleaseNamed { #expect(resident < 60 * 1024) }
            }
        }
    }
}

extension ChildProcess.Exit {
    /// It ended by itself, not by a crash.
    var isOrderly: Bool {
        if case .code = self { true } else { false }
    }
}
