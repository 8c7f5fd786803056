import Foundation
import Testing

extension EndToEnd {
    /// Counting and budget as people meet them.
    @Suite struct TokenTests {
        private static var conversation: [[String: Any]] {
            [["role": "system", "content": "You are brief."]]
                + (1...6).flatMap { number -> [[String: Any]] in
                    [
                        ["role": "user", "content": "Question \(number): what is \(number) × 7, naïvely? 用户 👩‍👩‍👧"],
                        ["role": "assistant", "content": "It is \(number * 7)."],
                    ]
                } + [["role": "user", "content": "And the last one?"]]
        }

        private static func ask(
            _ server: OrchServer, _ messages: [[String: Any]], model: String? = nil
        ) async throws -> HTTPAnswer {
            var body: [String: Any] = ["messages": messages, "max_tokens": 4]
            body["model"] = model
            return try await server.http.send("POST", "/v1/chat/completions", body)
        }

        @Test(.enabled(if: RealPart.model.isExpected, Comment(rawValue: RealPart.model.rawValue)))
        func `The managed model counts every prompt as we do`() async throws {
            try await withBench { bench in
                _ = try RealPart.model.require()
                let server = try await bench.server([
                    "ORCH_LLM_PROVIDER": "local", "ORCH_LLM_TIMEOUT_SEC": "300", "ORCH_LLM_NETWORK_ENABLED": "0",
                    "ORCH_MODEL_CHAT": "", "ORCH_MODEL_TOOL": "",
                ])
                try await server.waitUntilReady()
                let conversation = Self.conversation
                let withoutSystem = Array(conversation.dropFirst())
                for messages in [conversation, Array(conversation.prefix(2)), withoutSystem, [conversation[1]]] {
                    let answer = try await Self.ask(server, messages)
                    #expect(answer.status == 200)
                    #expect(answer.json["token_usage"]["fallback"].bool == false)
                    #expect(answer.json["token_usage"]["tokenizer"].string == "SmolLM2-135M-Instruct.Q4_1")
                    #expect(
                        answer.json["token_usage"]["input_tokens"].int == answer.json["usage"]["prompt_tokens"].int,
                        "\(messages.count) messages")
                }
            }
        }

        @Test(.enabled(if: RealPart.python.isExpected, Comment(rawValue: RealPart.python.rawValue)))
        func `What is over the budget stays here, and what cannot be made to fit is refused`() async throws {
            try await withBench { bench in
                let upstream = try await bench.upstream()
                let server = try await bench.server(
                    ["ORCH_MAX_TOKENS": "150", "ORCH_METRICS_ENABLED": "1"], upstream: upstream)
                let answer = try await Self.ask(server, Self.conversation)
                #expect(answer.status == 200, "\(answer.json["error"]["message"].string ?? "")")
                let used = try #require(answer.json["token_usage"]["input_tokens"].int)
                #expect(used <= 150 && answer.json["token_usage"]["budget"].int == 150)
                let sent = try #require(try await upstream.requests().last?["body"]["messages"].elements)
                let texts = sent.map { $0["content"].string ?? "" }
                #expect(texts.count < Self.conversation.count)
                #expect(texts.first == "You are brief." && texts.last == "And the last one?")
                #expect(texts.contains { $0.hasPrefix("Question 1:") })
                #expect(!texts.contains { $0.hasPrefix("Question 2:") })

                let long = String(repeating: "word ", count: 400)
                let refused = try await Self.ask(server, [["role": "user", "content": long]])
                #expect(refused.status == 400 && refused.errorCode == "context_length_exceeded")
                let metrics = String(decoding: try await server.http.send("GET", "/metrics").body, as: UTF8.self)
                #expect(
                    metrics.contains(
                        #"orch_pruning_events_total{summary_added="false",summary_forced="false"} 1"#))
                #expect(metrics.contains("orch_token_utilization_ratio_count 1"))
            }
        }

        @Test func `Files are counted, encoded and given back by the commands`() async throws {
            try await withBench { bench in
                let file = bench.folder.appending(path: "text.txt")
                let text = "naïve 用户 👩‍👩‍👧\n"
                try Data(text.utf8).write(to: file)
                let count = try await bench.orch(["tokens", "count", "--model", "gpt-4o", "--json", file.path])
                #expect(count.end == .code(0), "\(count.output)")
                let tokens = try #require(try JSON(parsing: count.output.utf8)["tokens"].int)
                let encoded = try await bench.orch(["tokens", "encode", "--model", "gpt-4o", "--json", file.path])
                let ids = try JSON(parsing: encoded.output.utf8)["tokens"].elements.compactMap(\.int)
                #expect(ids.count == tokens)
                let decoded = try await bench.orch(
                    ["tokens", "decode", "--model", "gpt-4o"] + ids.map(String.init))
                #expect(decoded.end == .code(0) && decoded.output == text)
                // Without vocabularies bytes are counted, and the answer says so.
                let bytes = try await bench.orch(
                    ["tokens", "count", "--model", "gpt-4o", "--json", file.path],
                    ["ORCH_TOKENIZER_DIR": bench.folder.path])
                #expect(bytes.output.contains(#""tokenizer":"bytes","fallback":true"#))
            }
        }

        @Test(.enabled(if: RealPart.embedder.isExpected, Comment(rawValue: RealPart.embedder.rawValue)))
        func `By relevance the turn stays that answers what is asked, whatever its words`() async throws {
            try await withBench { bench in
                _ = try RealPart.embedder.require()
                let turns = [
                    ("Good morning.", "Good morning."),
                    ("Our database shall listen on port 5433, since 5432 is taken.", "Noted: Postgres on 5433."),
                    ("Lunch is at noon in the hall below.", "Noted: lunch at noon."),
                    ("The cat sat on the mat for a long time.", "Lovely."),
                ]
                let messages =
                    turns.flatMap { [["role": "user", "content": $0], ["role": "assistant", "content": $1]] }
                    + [["role": "user", "content": "Where does Postgres answer connections?"]]
                let file = bench.folder.appending(path: "request.json")
                try Data(JSON.text(["messages": messages]).utf8).write(to: file)
                func dropped(_ strategy: String) async throws -> [Int] {
                    let run = try await bench.orch([
                        "tokens", "prune", "--model", "gpt-4o", "--budget", "85", "--strategy", strategy, "--json",
                        file.path,
                    ])
                    #expect(run.end == .code(0), "\(run.output)")
                    return try JSON(parsing: run.output.utf8)["dropped"].elements.compactMap(\.int)
                }
                #expect(try await dropped("recency") == [2, 3])
                #expect(try await dropped("relevance") == [4, 5, 6, 7])
            }
        }

        @Test func `A vocabulary that is torn is told of, and bytes are counted in its place`() async throws {
            try await withBench { bench in
                let folder = try bench.folder("vocabularies")
                try Data("aGk= 0\nnot base64 1\n".utf8).write(to: folder.appending(path: "o200k_base.tiktoken"))
                let server = try await bench.server(["ORCH_TOKENIZER_DIR": folder.path])
                try await eventually("the log says so") {
                    bench.text(of: "server.log").contains("a vocabulary cannot be used")
                }
                let answer = try await server.chat("calc 6 * 7")
                #expect(answer.status == 200 && answer.json["token_usage"]["fallback"].bool == true)
                let doctor = try await bench.orch(["doctor"], ["ORCH_TOKENIZER_DIR": folder.path], name: "other")
                #expect(doctor.output.contains("o200k_base"))
            }
        }

        @Test func `A table of vocabularies that is broken keeps the server from starting, and names the line`()
            async throws
        {
            try await withBench { bench in
                let config = bench.folder.appending(path: "config")
                try FileManager.default.removeItem(at: config)
                try FileManager.default.copyItem(at: Surroundings.checkout.appending(path: "config"), to: config)
                try Data("version: 1\ntokenizers:\n  - models: [a]\n    tokenzier: x\n".utf8)
                    .write(to: config.appending(path: "tokenizers.yaml"))
                let process = try bench.launch()
                #expect(try await process.waitForEnd() != .code(0))
                let log = bench.text(of: "server.log")
                #expect(log.contains("tokenizers.yaml:4") && log.contains("did you mean `tokenizer`"), "\(log)")
            }
        }
    }
}
