import Foundation

/// A server with the unsafe tool `mark`, two operators and two callers, and a count of how often the tool ran.
struct Governed: Sendable {
    static let tokens = [
        "ann": "e2e-ann-Xv3kQ8rT1mZw6Lp0Nc7Hq", "ben": "e2e-ben-Yw4lR9sU2nXv5Kq1Md8Jp",
        "op": "e2e-op-Tz5mS0tV3oYu4Jr2Le9Kn", "chief": "e2e-chief-Ua6nT1uW4pZt3Is3Kf0Lm",
    ]

    let server: OrchServer
    private let bench: Bench

    var ann: HTTPClient { client("ann") }
    var op: HTTPClient { client("op") }
    func client(_ name: String) -> HTTPClient { HTTPClient(port: server.port, token: Self.tokens[name]) }

    static func settings(_ bench: Bench) -> [String: String] {
        [
            "ORCH_BEARER_TOKEN": "ann:\(tokens["ann"] ?? ""),ben:\(tokens["ben"] ?? "")",
            "ORCH_OPERATOR_TOKEN": "op:\(tokens["op"] ?? ""),chief:\(tokens["chief"] ?? "")",
            "TEST_MARKS": bench.folder.appending(path: "marks").path, "ORCH_LLM_ENABLED": "0",
            // The tests' own tools are trusted, and not safe.
            "ORCH_TOOL_SANDBOX_REQUIRED": "0",
            // Without vocabularies, which a debug build takes a while to read at each of many starts.
            "ORCH_LOG_LEVEL": "NOTICE", "ORCH_TOKENIZER_DIR": bench.folder.path,
        ]
    }

    static func start(
        _ bench: Bench, _ settings: [String: String] = [:], name: String = "server"
    ) async throws -> Governed {
        let all = Self.settings(bench).merging(settings) { $1 }
        let server = try await bench.server(all, name: name, program: Surroundings.programWithTools)
        return Governed(server: server, bench: bench)
    }

    /// Asks for a mark; gives the review that waits.
    func queue(_ text: String, waiting milliseconds: Int = 0) async throws -> String {
        let answer = try await ann.send(
            "POST", "/v1/tools/execute", Self.call(text, milliseconds))
        guard let id = answer.json["result"]["hitl_request_id"].string else { throw TestFailure(answer.text) }
        return id
    }

    /// An operator's approval of a mark.
    func approval(_ text: String, waiting milliseconds: Int = 0) async throws -> String {
        let answer = try await op.send("POST", "/v1/tools/approve", Self.call(text, milliseconds))
        guard let id = answer.json["approval_id"].string else { throw TestFailure(answer.text) }
        return id
    }

    static func call(_ text: String, _ milliseconds: Int = 0, approval: String? = nil) -> [String: Any] {
        var call: [String: Any] = ["name": "mark", "args": ["text": text, "wait_ms": milliseconds]]
        call["approval_token"] = approval
        return call
    }

    func item(_ id: String) async throws -> JSON { try await op.send("GET", "/v1/hitl/\(id)").json }
}

extension Bench {
    /// What the tool `mark` has left, in order.
    var marks: [String] { text(of: "marks").split(separator: "\n").map(String.init) }

    /// The bytes of the SQLite files in a folder.
    func databaseBytes(_ folder: URL) -> Data {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.contains(".db") }.reduce(Data()) { bytes, name in
            bytes + ((try? Data(contentsOf: folder.appending(path: name))) ?? Data())
        }
    }
}
