import Foundation
import Testing

extension EndToEnd {
    /// `orch secrets scan` and `orch boundary verify` on real repositories.
    struct SecretsTests {
        private static let token = "ghp_" + String(repeating: "a1B2c3D4", count: 5).prefix(36)
        private static let key = "AKIA" + "Q3EGRT7WLPZ2XKMN"

        private static func repository(_ bench: Bench) async throws -> URL {
            let folder = try bench.folder("repository")
            let log = bench.folder.appending(path: "git.txt")
            let script = """
                set -e
                git init -q -b main .
                git config user.name Test
                git config user.email test@example.org
                printf 'token = "%s"\\n' "$1" > old.py
                git add -A
                git commit -q -m "with a token"
                rm old.py
                printf 'print(1)\\n' > new.py
                git add -A
                git commit -q -m "without it"
                """
            let child = try bench.start(
                URL(filePath: "/bin/sh"), ["-c", script, "sh", Self.token],
                ChildProcess.Options(
                    environment: ["PATH": Surroundings.environment["PATH"] ?? "", "HOME": folder.path],
                    directory: folder, log: log))
            #expect(try await child.waitForEnd() == .code(0))
            return folder
        }

        @Test func `A secret is found where it is, let stand by the baseline, and never printed`() async throws {
            try await withBench { bench in
                let folder = try await Self.repository(bench)
                func scan(_ arguments: String...) async throws -> (end: ChildProcess.Exit, output: String) {
                    let result = try await bench.orch(["secrets", "scan", folder.path] + arguments)
                    #expect(!result.output.contains(Self.token))
                    #expect(!result.output.contains(Self.key))
                    return result
                }
                #expect(try await scan().end == .code(0))
                let history = try await scan("--history")
                #expect(history.end == .code(1))
                #expect(history.output.contains("old.py:1:"))

                try Data("x = 1\nkey = '\(Self.key)'\n".utf8).write(to: folder.appending(path: "untracked.py"))
                let found = try await scan("--json")
                #expect(found.end == .code(1))
                let report = try JSON(parsing: found.output.utf8)
                #expect(report["files"].int == 2)
                #expect(report["findings"].elements.map { $0["path"].string } == ["untracked.py"])
                #expect(report["findings"].elements.first?["line"].int == 2)

                #expect(try await scan("--history", "--write-baseline").end == .code(0))
                let clean = try await scan("--history", "--json")
                #expect(clean.end == .code(0))
                #expect(try JSON(parsing: clean.output.utf8)["known"].int == 2)
                try FileManager.default.removeItem(at: folder.appending(path: "untracked.py"))
                #expect(try await scan("--history").output.contains("no longer there: untracked.py"))
            }
        }

        @Test func `What cannot be looked at has its own status`() async throws {
            try await withBench { bench in
                let plain = try bench.folder("plain")
                try Data("\u{0}\(Self.token)".utf8).write(to: plain.appending(path: "binary"))
                for (arguments, status) in [
                    (["secrets", "scan", "/nonexistent"], Int32(66)),
                    (["secrets", "scan", plain.path, "--history"], 69),
                    (["secrets", "scan", plain.path], 0),
                    (["secrets", "scan", plain.path, "--baseline", "/nonexistent"], 66),
                    (["boundary", "verify", plain.path], 69), (["boundary", "verify", "/nonexistent"], 66),
                ] {
                    let result = try await bench.orch(arguments)
                    #expect(result.end == .code(status), "\(arguments): \(result.output)")
                }
                let odd = try bench.folder("odd")
                let repository = try await Self.repository(bench)
                let missing = try await bench.orch(["boundary", "verify", repository.path, "--policy", "/nonexistent"])
                #expect(missing.end == .code(66), "\(missing.output)")
                try Data("version: 1\nforbidden: 7\n".utf8).write(to: odd.appending(path: "policy.yaml"))
                let malformed = try await bench.orch(
                    ["boundary", "verify", repository.path, "--policy", odd.appending(path: "policy.yaml").path])
                #expect(malformed.end == .code(65), "\(malformed.output)")
                try Data("no JSON".utf8).write(to: plain.appending(path: ".orch-secrets-baseline.json"))
                #expect(try await bench.orch(["secrets", "scan", plain.path]).end == .code(65))
            }
        }

        @Test func `A boundary is safe, or says what is on its wrong side`() async throws {
            try await withBench { bench in
                let folder = try await Self.repository(bench)
                let policy = Surroundings.checkout.appending(path: "config/boundary.yaml").path
                func verify() async throws -> (end: ChildProcess.Exit, output: String) {
                    let child = try bench.start(
                        URL(filePath: "/bin/sh"), ["-c", "git add -A"],
                        ChildProcess.Options(
                            environment: ["PATH": Surroundings.environment["PATH"] ?? ""], directory: folder,
                            log: bench.folder.appending(path: "add.txt")))
                    _ = try await child.waitForEnd()
                    return try await bench.orch(["boundary", "verify", folder.path, "--policy", policy])
                }
                try Data("PORT=1\n".utf8).write(to: folder.appending(path: ".env.example"))
                try Data(".env\n.build/\ninstance/\n*.db\nbench-results/\n".utf8)
                    .write(to: folder.appending(path: ".gitignore"))
                let safe = try await verify()
                #expect(safe.end == .code(0), "\(safe.output)")
                #expect(safe.output.hasPrefix("PUBLIC BOUNDARY SAFE: "))

                try Data("see \("/" + "home")/jo/notes\n".utf8).write(to: folder.appending(path: "notes.md"))
                let broken = try await verify()
                #expect(broken.end == .code(1))
                #expect(broken.output.contains("notes.md:1"))
                #expect(try await bench.orch(["boundary", "verify", folder.path]).end != .code(0))
            }
        }
    }
}
