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
    /// The model server that the program starts, watches, and takes with it.
    @Suite(.enabled(if: RealPart.model.isExpected, Comment(rawValue: RealPart.model.rawValue)))
    struct ManagedModelTests {
        private static let settings = [
            "ORCH_LLM_PROVIDER": "local", "ORCH_LLM_TIMEOUT_SEC": "300", "ORCH_LLM_NETWORK_ENABLED": "0",
            "ORCH_MODEL_CHAT": "", "ORCH_MODEL_TOOL": "",
        ]

        @Test func `While the model loads a chat gets a 503 that says so, tools work, and then it answers`()
            async throws
        {
            try await withBench { bench in
                _ = try RealPart.model.require()
                let assets = try Self.slowAssets(bench)
                let server = try await bench.server(Self.settings.merging(["ORCH_ASSETS_DIR": assets.path]) { $1 })
                let early = try await server.chat("Hello.")
                #expect(early.status == 503)
                #expect(early.errorCode == "model_server_not_ready")
                #expect(early.headers["retry-after"] != nil)
                let ready = try await server.http.send("GET", "/ready")
                #expect(ready.status == 503)
                #expect(ready.json["reason"].string == "model_server")
                #expect(try await server.chat("calc 6 * 7").status == 200)
                try await server.waitUntilReady()
                #expect(try await Self.ask(server).status == 200)
            }
        }

        /// The assets with a Python that waits before it starts: loading takes three seconds more than it does.
        private static func slowAssets(_ bench: Bench) throws -> URL {
            let (real, assets) = (Surroundings.assets, try bench.folder("assets"))
            let files = FileManager.default
            for name in try files.contentsOfDirectory(atPath: real.path) where name != "llama-server" {
                try files.createSymbolicLink(
                    at: assets.appending(path: name), withDestinationURL: real.appending(path: name))
            }
            let python = try bench.folder("assets/llama-server/venv/bin").appending(path: "python")
            let path = real.appending(path: "llama-server/venv/bin/python").path
            try Data("#!/bin/sh\nsleep 3\nexec '\(path)' \"$@\"\n".utf8).write(to: python)
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python.path)
            return assets
        }

        @Test func `Asking while the model loads does not keep it from answering when it is ready`() async throws {
            try await withBench { bench in
                _ = try RealPart.model.require()
                let server = try await bench.server(Self.settings)
                for _ in 0..<5 { _ = try await Self.ask(server) }
                try await server.waitUntilReady()
                #expect(try await Self.ask(server).status == 200)
            }
        }

        @Test func `A model server that is killed is started again and answers again`() async throws {
            try await withBench { bench in
                _ = try RealPart.model.require()
                let server = try await bench.server(
                    Self.settings.merging(["ORCH_LLM_CIRCUIT_MAX_FAILURES": "1000"]) { $1 })
                try await server.waitUntilReady()
                let before = try #require(server.children.first)
                #expect(try await Self.ask(server).status == 200)
                kill(before, SIGKILL)
                try await eventually(within: .seconds(60), "another child answers") {
                    guard let now = server.children.first, now != before else { return false }
                    return try await Self.ask(server).status == 200
                }
                #expect(bench.text(of: "server.log").contains("starting it again"))
                server.process.signal(SIGTERM)
                #expect(try await server.process.waitForEnd(within: .seconds(40)) == .code(0))
            }
        }

        @Test(arguments: [SIGKILL, SIGTERM], [true, false])
        func `The model server is gone when the server is, loaded or not`(signal: Int32, waits: Bool) async throws {
            try await withBench { bench in
                _ = try RealPart.model.require()
                let server = try await bench.server(Self.settings)
                if waits { try await server.waitUntilReady() }
                var child: pid_t?
                try await eventually(within: .seconds(20), every: .milliseconds(5), "there is a child") {
                    child = server.children.first
                    return child != nil
                }
                let id = try #require(child)
                server.process.signal(signal)
                _ = try await server.process.waitForEnd(within: .seconds(40))
                try await eventually(within: .seconds(10), "process \(id) is gone") { !Self.isRunning(id) }
            }
        }

        private static func ask(_ server: OrchServer) async throws -> HTTPAnswer {
            var body = OrchServer.body("Say hello.")
            body["max_tokens"] = 8
            return try await server.http.send("POST", "/v1/chat/completions", body)
        }

        private static func isRunning(_ id: pid_t) -> Bool {
            let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
            // A zombie that nobody waits for has ended.
            return status.map { !$0.contains(") Z ") } ?? false
        }
    }
}
