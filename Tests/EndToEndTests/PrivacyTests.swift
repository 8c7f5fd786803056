import Foundation
import Testing

extension EndToEnd {
    /// What people say, what models answer, and what secrets are must be nowhere but in the answers.
    @Suite(.enabled(if: RealPart.python.isExpected, Comment(rawValue: RealPart.python.rawValue)))
    struct PrivacyTests {
        @Test func `No prompt, answer, argument or secret is in the log or in a file`() async throws {
            try await withBench { bench in
                let upstream = try await bench.upstream()
                let operatorToken = "canary-operator-token-Qy7mB2xV9dK4"
                let apiKey = "canary-upstream-key-Lw3nZ8sR5tH1"
                let server = try await bench.server(
                    [
                        "ORCH_LOG_LEVEL": "TRACE", "ORCH_OPERATOR_TOKEN": "op:\(operatorToken)",
                        "ORCH_OPENAI_API_KEY": apiKey,
                    ], upstream: upstream)
                try await Self.saySecrets(to: server)
                // What the upstream got shows that the canaries were really on their way.
                let sent = try await upstream.requests()
                #expect(sent.contains { $0["headers"]["authorization"].string == "Bearer \(apiKey)" })
                #expect(sent.count > 8)

                // Running, and after its end: the WAL is gone then, and its pages are in the database.
                for isEnded in [false, true] {
                    if isEnded {
                        server.process.signal(SIGTERM)
                        #expect(try await server.process.waitForEnd() == .code(0))
                    }
                    let log = bench.text(of: "server.log")
                    #expect(log.count > 1000)
                    Self.expectClean(Data(log.utf8), "the log")
                    for (name, bytes) in try Self.files(in: server.instance) { Self.expectClean(bytes, name) }
                }
                for line in bench.text(of: "server.log").split(separator: "\n") {
                    let entry = try JSON(parsing: line.utf8)
                    for name in ["time", "level", "message"] { #expect(entry[name].string != nil) }
                }
            }
        }

        /// Everything that is said has the word in it; nothing of it is in what is kept.
        private static let mark = "canary"

        private static func expectClean(_ bytes: Data, _ what: String) {
            for secret in [mark, OrchServer.token] {
                guard let found = bytes.firstRange(of: Data(secret.utf8)) else { continue }
                let around = bytes[max(0, found.lowerBound - 120)..<min(bytes.count, found.upperBound + 40)]
                Issue.record("\(what) holds \(secret): \(String(decoding: around, as: UTF8.self))")
            }
        }

        private static func files(in folder: URL) throws -> [(String, Data)] {
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            #expect(names.contains("trace.db"))
            return try names.map { ($0, try Data(contentsOf: folder.appending(path: $0))) }
        }

        private static func saySecrets(to server: OrchServer) async throws {
            let http = server.http
            func user(_ text: String) -> [[String: Any]] { [["role": "user", "content": text]] }
            func post(_ path: String, _ body: [String: Any]) async throws -> HTTPAnswer {
                try await http.send("POST", path, body)
            }

            let chat = "/v1/chat/completions"
            // The model's answers, whole and streamed, by every way in.
            for streams in [false, true] {
                let text = #"canary-prompt script:{"answer": "canary-answer"}"#
                let answers = [
                    try await post(
                        chat,
                        [
                            "messages": [["role": "system", "content": "canary-system"]] + user(text),
                            "stream": streams,
                            "user": "canary-user", "metadata": ["canary": "canary-metadata"], "stop": ["canary-stop"],
                        ]),
                    try await post("/v1/agents/holly/chat", ["messages": user(text), "stream": streams]),
                    try await post(chat, ["model": "agent/Holly", "messages": user(text), "stream": streams]),
                ]
                for answer in answers {
                    #expect(answer.status == 200)
                    #expect(answer.text.contains("canary-answer"))
                }
                // A tool's arguments and result.
                let echoed = try await post(chat, ["messages": user("echo canary-echo"), "stream": streams])
                #expect(echoed.text.contains("canary-echo"))
            }
            let tool: [String: Any] = [
                "type": "function", "function": ["name": "canary_tool", "description": "canary"],
            ]
            _ = try await post(chat, ["messages": user(#"script:{"tools": true} "#), "tools": [tool]])
            let executed = try await post("/v1/tools/execute", ["name": "echo", "args": ["message": "canary-tool"]])
            #expect(executed.text.contains("canary-tool"))
            for (name, arguments) in [
                ("safe_calc", ["expression": "canary + 1"]), ("echo", ["canary": "canary"]), ("canary_tool", [:]),
            ] {
                _ = try await post("/v1/tools/execute", ["name": name, "args": arguments])
            }
            #expect(try await post("/v1/embeddings", ["input": ["canary-input"]]).status == 200)
            #expect(try await post("/echo", ["message": "canary-message"]).status == 200)

            // What goes wrong: the upstream's words, and requests that are refused.
            for status in [400, 401, 429, 500] {
                let text = #"canary-prompt script:{"status": \#(status), "message": "canary-upstream-error"}"#
                let answer = try await post(chat, ["messages": user(text)])
                #expect(answer.status >= 400)
                #expect(!answer.text.contains("canary"))
            }
            let malformed = [
                "canary", #"{"canary": "canary"#, #"{"messages": "canary"}"#, #"{"messages": [{"role": "canary"}]}"#,
            ]
            for body in malformed { #expect(try await http.send("POST", chat, text: body).status == 400) }
            #expect(try await post(chat, ["model": "canary-model", "messages": user("canary")]).status == 404)
            _ = try await http.send("GET", "/canary/path?canary=canary")
            _ = try await http.send("GET", "/v1/models/canary-model")
            _ = try await http.send("GET", "/v1/agents/canary-agent")
            _ = try await http.send(
                "GET", "/health?canary=canary", headers: ["User-Agent": "canary", "Cookie": "canary=1"])
            _ = try await http.send(
                "POST", chat, ["messages": user("canary")],
                headers: ["x-conversation-id": "canary-conversation", "Referer": "http://canary/"])
            let stranger = HTTPClient(port: server.port, token: "canary-wrong-token")
            #expect(try await stranger.send("GET", "/v1/models").status == 401)
            #expect(
                try await http.send("GET", "/v1/models", headers: ["Origin": "http://canary.example"]).status == 403)
            // A stream that is given up.
            let stream = try await server.openChat(#"canary script:{"words": 500, "delay_ms": 20, "answer": "canary"}"#)
            _ = try await stream.nextEvent()
            stream.close()
            try await Task.sleep(for: .milliseconds(500))
        }
    }
}
