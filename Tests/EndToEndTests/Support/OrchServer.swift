import Foundation

/// The program under test, running.
struct OrchServer: Sendable {
    static let token = "e2e-bearer-Zk4vQ9rT2mXw7Lp1Nc8H"

    let process: ChildProcess
    let port: Int
    let instance: URL
    let log: URL

    var http: HTTPClient { HTTPClient(port: port, token: Self.token) }
    var database: URL { instance.appending(path: "trace.db") }
    var url: String { "http://127.0.0.1:\(port)" }

    /// A chat of one user message; the server chooses the model.
    func chat(_ text: String, streams: Bool = false) async throws -> HTTPAnswer {
        try await http.send("POST", "/v1/chat/completions", Self.body(text, streams: streams))
    }

    func openChat(_ text: String) async throws -> HTTPStream {
        try await http.open("POST", "/v1/chat/completions", Self.body(text, streams: true))
    }

    static func body(_ text: String, streams: Bool = false) -> [String: Any] {
        ["messages": [["role": "user", "content": text]], "stream": streams]
    }

    func waitUntilReady(within limit: Duration = .seconds(120)) async throws {
        try await eventually(within: limit, every: .milliseconds(100), "/ready") {
            try await http.send("GET", "/ready").status == 200
        }
    }

    /// Resident memory in KiB.
    var residentKiB: Int? {
        let status = try? String(contentsOfFile: "/proc/\(process.id)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    /// Processes whose parent it is.
    var children: [pid_t] {
        let path = "/proc/\(process.id)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return threads.flatMap { thread in
            ((try? String(contentsOfFile: "\(path)/\(thread)/children", encoding: .utf8)) ?? "").split(separator: " ")
                .compactMap { pid_t($0) }
        }
    }
}

extension Bench {
    /// What a server is told where a test says nothing else.
    private static let usual = [
        "ORCH_PORT": "0", "ORCH_BEARER_TOKEN": OrchServer.token, "ORCH_ORCHESTRATOR_MODE": "advanced",
        "ORCH_LLM_ENABLED": "1", "ORCH_LLM_NETWORK_ENABLED": "1", "ORCH_LLM_PROVIDER": "openai",
        "ORCH_RATE_LIMIT": "100000 per second", "ORCH_MODEL_CHAT": "scripted-chat",
        "ORCH_MODEL_EMBED": "scripted-embed", "ORCH_MODEL_TOOL": "scripted-chat",
    ]

    /// The surroundings of a server; nothing of the test's own ORCH_ settings gets through.
    func environment(_ settings: [String: String], name: String) -> [String: String] {
        var all = Self.usual
        all["ORCH_INSTANCE_DIR"] = folder.appending(path: "\(name)-instance").path
        all["ORCH_ASSETS_DIR"] = Surroundings.assets.path
        for variable in ["PATH", "HOME", "LANG", "LD_LIBRARY_PATH"] {
            all[variable] = Surroundings.environment[variable]
        }
        return all.merging(settings) { _, new in new }
    }

    /// Starts the program without waiting for anything.
    func launch(
        _ settings: [String: String] = [:], name: String = "server", program: URL = Surroundings.program
    ) throws -> ChildProcess {
        guard Surroundings.exists(program) else {
            throw TestFailure("no program at \(program.path): build it, or set ORCH_TEST_BINARY")
        }
        return try start(
            program, ["serve"],
            ChildProcess.Options(
                environment: environment(settings, name: name), directory: folder,
                log: folder.appending(path: "\(name).log")))
    }

    /// Starts a server and waits until it listens.
    func server(
        _ settings: [String: String] = [:], upstream: Upstream? = nil, name: String = "server",
        program: URL = Surroundings.program
    ) async throws -> OrchServer {
        var settings = settings
        if let upstream {
            settings["ORCH_OPENAI_BASE_URL"] = settings["ORCH_OPENAI_BASE_URL"] ?? "\(upstream.url)/v1"
            settings["ORCH_OLLAMA_URL"] = settings["ORCH_OLLAMA_URL"] ?? upstream.url
        }
        let before = text(of: "\(name).log").utf8.count
        let process = try launch(settings, name: name, program: program)
        var port: Int?
        try await eventually(within: .seconds(60), every: .milliseconds(3), "the server listens") {
            let new = String(decoding: Array(text(of: "\(name).log").utf8.dropFirst(before)), as: UTF8.self)
            port = new.firstMatch(of: /listening on http:\/\/127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) }
            if port == nil, let end = process.ended { throw TestFailure("the server ended before it listened: \(end)") }
            return port != nil
        }
        let instance = URL(filePath: environment(settings, name: name)["ORCH_INSTANCE_DIR"] ?? "")
        return OrchServer(
            process: process, port: port ?? 0, instance: instance, log: folder.appending(path: "\(name).log"))
    }

    /// Runs another command of the program to its end, beside the server or without one. Its output is all that it
    /// printed, errors too.
    func orch(
        _ arguments: [String], _ settings: [String: String] = [:], name: String = "server",
        program: URL = Surroundings.program
    ) async throws -> (end: ChildProcess.Exit, output: String) {
        let log = "orch-\(UUID().uuidString).txt"
        let child = try start(
            URL(filePath: "/bin/sh"), ["-c", #"exec "$0" "$@" 1>&2"#, program.path] + arguments,
            ChildProcess.Options(
                environment: environment(settings, name: name), directory: folder, log: folder.appending(path: log)))
        let end = try await child.waitForEnd()
        return (end, text(of: log))
    }
}
