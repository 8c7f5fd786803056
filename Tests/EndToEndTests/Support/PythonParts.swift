import Foundation

/// The scripted model server (Tests/Clients/upstream.py).
struct Upstream: Sendable {
    let process: ChildProcess
    let port: Int

    var url: String { "http://127.0.0.1:\(port)" }

    /// What it was asked, listings aside.
    func requests() async throws -> [JSON] {
        try await HTTPClient(port: port).send("GET", "/recorded").json["requests"].elements
    }

    /// Streams whose reader went away.
    func aborted() async throws -> Int {
        try await HTTPClient(port: port).send("GET", "/recorded").json["aborted"].int ?? 0
    }
}

extension Bench {
    func python(
        _ script: String, _ arguments: [String] = [], part: RealPart = .python, environment: [String: String] = [:]
    ) throws -> ChildProcess {
        let path = Surroundings.environment["PATH"] ?? "/usr/bin:/bin"
        let surroundings = ["PATH": path, "PYTHONDONTWRITEBYTECODE": "1"]
        return try start(
            try part.require(), [Surroundings.clients.appending(path: script).path] + arguments,
            ChildProcess.Options(
                environment: surroundings.merging(environment) { _, new in new }, directory: folder,
                log: folder.appending(path: "\(script).log"), isSpokenWith: true))
    }

    func upstream() async throws -> Upstream {
        let process = try python("upstream.py")
        guard let port = try JSON(parsing: try await process.readLine().utf8)["port"].int else {
            throw TestFailure("the scripted server did not say its port")
        }
        return Upstream(process: process, port: port)
    }
}
