import Foundation
import Testing

extension EndToEnd {
    /// Fifty secrets of many kinds are put into everything that the program reads; afterwards they are nowhere but where
    /// they were put.
    @Suite(.enabled(if: RealPart.python.isExpected, Comment(rawValue: RealPart.python.rawValue)))
    struct CanaryTests {
        @Test func `No canary gets from an input into what is kept or shown to others`() async throws {
            try await withBench { bench in
                let canaries = Canary.all
                let policies = try Policies(bench, canaries)
                let upstream = try await bench.upstream()
                let other = "e2e-other-caller-Wn6tR3kX8vB1"
                let server = try await bench.server(
                    [
                        "ORCH_LOG_LEVEL": "TRACE", "ORCH_TRUST_PANEL_ENABLED": "1",
                        "ORCH_BEARER_TOKEN": "\(OrchServer.token),other:\(other)",
                        "ORCH_AGENT_DIR": policies.agents.path, "ORCH_ROUTER_POLICY_PATH": policies.router.path,
                    ], upstream: upstream)
                for canary in canaries { try await Self.put(canary, into: server) }
                try await Self.put(all: canaries, into: server)
                #expect(try await upstream.requests().count >= canaries.count * 2)
                try policies.spoil(canaries)
                try await eventually(within: .seconds(30), every: .milliseconds(100), "the spoilt files are refused") {
                    let log = bench.text(of: "server.log")
                    return log.contains("router policy refused") && log.contains("an agent file is not in force")
                }

                let stranger = HTTPClient(port: server.port, token: other)
                for path in [
                    "/metrics", "/v1/models", "/v1/agents", "/v1/tools", "/v1/trust/events?limit=200&debug=1",
                    "/openapi.json", "/ready", "/health", "/v1/audit/checkpoint", "/nothing",
                ] {
                    let answer = try await stranger.send("GET", path)
                    Self.expectNone(of: canaries, in: Data(answer.body), "GET \(path)")
                }
                let answer = try await stranger.send(
                    "POST", "/v1/chat/completions", OrchServer.body("what did the others say?"))
                Self.expectNone(of: canaries, in: Data(answer.body), "another caller's answer")

                // It dies in the middle of a stream that is full of them.
                let text = try Self.script(["answer": canaries.map(\.text).joined(separator: " "), "delay_ms": 50])
                let stream = try await server.openChat(text)
                _ = try await stream.nextEvent()
                server.process.signal(SIGABRT)
                _ = try await server.process.waitForEnd()
                stream.close()
                try Self.expectNothingKept(of: canaries, bench, server)

                // The next start closes what was open, and its end moves the journal into the database.
                let next = try await bench.server(
                    ["ORCH_AGENT_DIR": policies.agents.path], upstream: upstream)
                next.process.signal(SIGTERM)
                #expect(try await next.process.waitForEnd() == .code(0))
                try Self.expectNothingKept(of: canaries, bench, next)
            }
        }

        @Test func `With the guard on no canary that a model says gets to the caller, whole or streamed`() async throws
        {
            try await withBench { bench in
                let upstream = try await bench.upstream()
                let canaries = Canary.all.filter(\.isFound)
                #expect(canaries.count > 40)
                for (action, mark) in [("redact", "[REDACTED]"), ("block", "content_filter")] {
                    let server = try await bench.server(
                        ["ORCH_OUTPUT_GUARD": action], upstream: upstream, name: "server-\(action)")
                    for canary in canaries {
                        let text = try Self.script(["answer": "It is\n\(canary.text)\nand that is all of it."])
                        for streams in [false, true] {
                            let answer = try await server.chat(text, streams: streams)
                            #expect(answer.status == 200)
                            #expect(answer.text.contains(mark), "\(canary.kind), \(action), streams: \(streams)")
                            Self.expectNone(of: [canary], in: Data(answer.body), "an answer under \(action)")
                        }
                    }
                }
            }
        }

        // MARK: Putting

        private static func script(_ script: [String: Any]) throws -> String { "script:" + JSON.text(script) }

        /// Every input that takes one text at a time.
        private static func put(_ canary: Canary, into server: OrchServer) async throws {
            let (http, text) = (server.http, canary.text)
            let line = canary.line
            let path = canary.percentEncoded
            let chat = "/v1/chat/completions"
            func user(_ text: String) -> [[String: Any]] { [["role": "user", "content": text]] }
            let bodies: [[String: Any]] = [
                ["messages": user(try script(["answer": text]))],
                ["messages": user("echo \(text)"), "stream": true],
                ["messages": user("calculate 2 + \(text)")],
                ["messages": user("x"), "model": text],
                ["messages": user("x"), "model": "agent/\(text)"],
                ["messages": user("x"), text: text],
                ["messages": [["role": text, "content": text]]],
            ]
            for body in bodies { _ = try await http.send("POST", chat, body) }
            _ = try await http.send("POST", chat, text: "{\"messages\": \(text)")
            for body: [String: Any] in [
                ["name": "echo", "args": ["message": text]], ["name": text, "args": [:]],
                ["name": "echo", "args": [text: text]],
                ["name": "echo", "args": ["message": ""], "approval_token": text],
                ["name": "safe_calc", "args": ["expression": text]],
            ] {
                _ = try await http.send("POST", "/v1/tools/execute", body)
            }
            _ = try await http.send("POST", "/v1/embeddings", ["input": [text], "model": text])
            _ = try await http.send("POST", "/v1/audit/verify", ["trace_id": text])
            for path in [
                "/\(path)", "/v1/models/\(path)", "/v1/agents/\(path)", "/v1/audit/proof/\(path)",
                "/v1/trust/events?step_type=\(path)&trace_id=\(path)", "/health?\(path)=\(path)",
            ] {
                _ = try await http.send("GET", path)
            }
            for name in [
                "User-Agent", "Cookie", "Referer", "Accept", "x-request-id", "x-conversation-id", "traceparent",
                "OpenAI-Organization", "X-Api-Key", "X-Unknown", "Origin",
            ] {
                _ = try await http.send("GET", "/v1/models", headers: [name: line])
            }
            _ = try await HTTPClient(port: server.port, token: line).send("GET", "/v1/models")
        }

        /// What models and their servers say, with all of them at once.
        private static func put(all canaries: [Canary], into server: OrchServer) async throws {
            let text = canaries.map(\.text).joined(separator: "\n")
            for streams in [false, true] {
                _ = try await server.chat(try script(["answer": text]), streams: streams)
                for status in [400, 401, 404, 429, 500] {
                    _ = try await server.chat(try script(["status": status, "message": text]), streams: streams)
                }
                _ = try await server.chat(try script(["answer": text, "cut": 3]), streams: streams)
            }
        }

        // MARK: Looking

        private static func expectNothingKept(of canaries: [Canary], _ bench: Bench, _ server: OrchServer) throws {
            let log = bench.text(of: "server.log")
            #expect(log.count > 10_000)
            expectNone(of: canaries, in: Data(log.utf8), "the log, or what a crash printed")
            let names = try FileManager.default.subpathsOfDirectory(atPath: server.instance.path)
            #expect(names.contains("trace.db"))
            for name in names {
                guard let bytes = try? Data(contentsOf: server.instance.appending(path: name)) else { continue }
                expectNone(of: canaries, in: bytes, name)
            }
        }

        private static func expectNone(of canaries: [Canary], in bytes: Data, _ what: String) {
            for canary in canaries {
                for form in canary.forms where bytes.range(of: form) != nil {
                    Issue.record("\(what) holds the canary \(canary.kind) as \(String(decoding: form, as: UTF8.self))")
                }
            }
        }
    }
}

/// Files of policies that hold canaries where they may.
private struct Policies {
    let agents: URL
    let router: URL

    init(_ bench: Bench, _ canaries: [Canary]) throws {
        agents = try bench.folder("agents")
        router = bench.folder.appending(path: "router.yaml")
        let shipped = Surroundings.checkout.appending(path: "config")
        try FileManager.default.copyItem(at: shipped.appending(path: "router_policy.yaml"), to: router)
        let prompt = canaries.map { "  " + $0.line }.joined(separator: "\n")
        try "name: Keeper\ndescription: Keeps what it is told.\nsystem_prompt: |\n\(prompt)\n".write(
            to: agents.appending(path: "keeper.yaml"), atomically: true, encoding: .utf8)
    }

    /// Makes them files that are refused, for reasons that stand beside canaries and in them.
    func spoil(_ canaries: [Canary]) throws {
        let lines = canaries.map { "  - \(JSON.text($0.line))" }.joined(separator: "\n")
        for (number, canary) in canaries.enumerated() {
            try "name: \(JSON.text(canary.line))\nsystem_prompt: 7\n\(JSON.text(canary.line)): 1\n".write(
                to: agents.appending(path: "broken-\(number).yaml"), atomically: true, encoding: .utf8)
        }
        try "version: 1\nrules:\n\(lines)\n\(JSON.text(canaries[0].line)): (\n".write(
            to: router, atomically: true, encoding: .utf8)
    }
}
