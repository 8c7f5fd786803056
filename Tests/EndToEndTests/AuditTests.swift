import Foundation
import Testing

extension EndToEnd {
    /// The log as a stranger sees it: over HTTP, by the command line, and by verifiers that are not ours.
    @Suite struct AuditTests {
        @Test func `What an answer carries verifies, in a bundle, with the key alone`() async throws {
            try await withBench { bench in
                let server = try await bench.server(["ORCH_LLM_ENABLED": "0"])
                for _ in 0..<3 { _ = try await server.chat("calc 1 + 1") }
                let answer = try await server.chat("calc 6 * 7")
                let receipt = answer.json["receipt"]
                let trace = try #require(receipt["trace_id"].string)
                #expect(receipt["leaf_index"].int == 3)
                #expect(receipt["checkpoint"].string?.contains("\n4\n") == true)

                let verdict = try await server.http.send("POST", "/v1/audit/verify", ["trace_id": trace])
                #expect(verdict.json["valid"].bool == true)
                #expect(verdict.json["reason"].string == "verified")
                #expect(verdict.json["log"]["leaf_hash"].string == receipt["leaf_hash"].string)

                let key = try await bench.verifierKey()
                let file = bench.folder.appending(path: "bundle.json").path
                #expect(
                    try await bench.orch(["audit", "bundle", trace, "--with-salts", "--out", file]).end == .code(0))
                let request = try Self.write(answer: answer, bench)
                let opened = try await bench.orch(
                    ["audit", "check-bundle", file, "--key", key, "--answer", request])
                #expect(opened.end == .code(0), "\(opened.output)")
                let other = bench.folder.appending(path: "other.txt").path
                try Data("43".utf8).write(to: URL(filePath: other))
                let wrong = try await bench.orch(["audit", "check-bundle", file, "--key", key, "--answer", other])
                #expect(wrong.end == .code(1), "\(wrong.output)")
            }
        }

        @Test func `The log is one over restarts, a key is never made silently, and a wrong one refuses the start`()
            async throws
        {
            try await withBench { bench in
                let settings = ["ORCH_LLM_ENABLED": "0"]
                var server = try await bench.server(settings)
                _ = try await server.chat("calc 1 + 1")
                let key = server.instance.appending(path: "receipts.key")
                let mode = try FileManager.default.attributesOfItem(atPath: key.path)[.posixPermissions] as? Int
                #expect(mode == 0o600)
                try await server.process.killHard()
                server = try await bench.server(settings)
                let receipt = try await server.chat("calc 1 + 2").json["receipt"]
                #expect(receipt["leaf_index"].int == 1)
                try await server.process.killHard()

                let kept = try Data(contentsOf: key)
                try FileManager.default.removeItem(at: key)
                try await Self.expectRefused(bench, settings, "is not in the file of ORCH_RECEIPT_SIGNING_KEY_PATH")
                #expect(!FileManager.default.fileExists(atPath: key.path))
                #expect(try await bench.orch(["audit", "fsck"], settings).end == .code(1))

                let other = try await bench.server(settings, name: "other")
                try await other.process.killHard()
                try FileManager.default.copyItem(at: other.instance.appending(path: "receipts.key"), to: key)
                try await Self.expectRefused(bench, settings, "the log is signed by")

                try FileManager.default.removeItem(at: key)
                _ = FileManager.default.createFile(
                    atPath: key.path, contents: kept, attributes: [.posixPermissions: 0o644])
                try await Self.expectRefused(bench, settings, "may be read by others")
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)
                server = try await bench.server(settings)
                #expect(try await server.chat("calc 1 + 3").json["receipt"]["leaf_index"].int == 2)
            }
        }

        @Test func `A rotation is signed by both keys, and the log goes on from what was given out before`()
            async throws
        {
            try await withBench { bench in
                let settings = ["ORCH_LLM_ENABLED": "0"]
                let server = try await bench.server(settings)
                let answer = try await server.chat("calc 1 + 1")
                let anchor = bench.folder.appending(path: "answer.json")
                try Data(answer.text.utf8).write(to: anchor)
                #expect(
                    try await bench.orch(["audit", "key", "--rotate"], settings).output.contains("another server uses"))
                server.process.signal(SIGTERM)
                _ = try await server.process.waitForEnd()
                let old = try await bench.verifierKey()
                #expect(try await bench.orch(["audit", "key", "--rotate"], settings).end == .code(0))
                let new = try await bench.verifierKey()
                #expect(old != new)
                let again = try await bench.server(settings)
                _ = try await again.chat("calc 1 + 2")
                for key in [old, new] {
                    let fsck = try await bench.orch(
                        ["audit", "fsck", "--key", key, "--since", anchor.path], settings)
                    #expect(fsck.end == .code(0), "\(fsck.output)")
                    #expect(fsck.output.contains("consistent, append-only since size 1"))
                }
            }
        }

        @Test func `A lost key is replaced deliberately, and the check says so for ever`() async throws {
            try await withBench { bench in
                let settings = ["ORCH_LLM_ENABLED": "0"]
                let server = try await bench.server(settings)
                _ = try await server.chat("calc 1 + 1")
                try await server.process.killHard()
                try FileManager.default.removeItem(at: server.instance.appending(path: "receipts.key"))
                #expect(try await bench.orch(["audit", "key", "--rotate"], settings).end != .code(0))
                #expect(try await bench.orch(["audit", "key", "--create"], settings).end == .code(0))
                #expect(try await bench.orch(["audit", "key", "--create"], settings).end != .code(0))
                let again = try await bench.server(settings)
                #expect(try await again.chat("calc 1 + 2").status == 200)
                let fsck = try await bench.orch(["audit", "fsck"], settings)
                #expect(fsck.end == .code(1) && fsck.output.contains("did not sign for that"), "\(fsck.output)")
                let new = try await bench.verifierKey()
                #expect(try await bench.orch(["audit", "fsck", "--key", new], settings).end == .code(0))
            }
        }

        @Test func `Erasing and retention delete contents, leave proofs, and are leaves themselves`() async throws {
            try await withBench { bench in
                let settings = ["ORCH_LLM_ENABLED": "0", "ORCH_BEARER_TOKEN": "canary_caller:\(OrchServer.token)"]
                let server = try await bench.server(settings)
                var traces: [String] = []
                for number in 0..<4 {
                    let answer = try await server.chat("calc 1 + \(number)")
                    traces.append(try #require(answer.json["receipt"]["trace_id"].string))
                }
                #expect(try await bench.orch(["audit", "erase", traces[1]], settings).end == .code(64))
                try FileManager.default.copyItem(
                    at: server.database, to: server.instance.appending(path: "copy.db"))
                let erased = try await bench.orch(["audit", "erase", traces[1], "--yes"], settings)
                #expect(erased.end == .code(0), "\(erased.output)")
                let verdict = try await server.http.send("POST", "/v1/audit/verify", ["trace_id": traces[1]])
                #expect(verdict.json["reason"].string == "retired")
                #expect(verdict.json["log"]["content_verified"].string == "retired")
                #expect(verdict.json["log"]["inclusion_verified"].bool == true)
                #expect(try await bench.orch(["audit", "fsck"], settings).end == .code(0))

                // The server runs on, and its next leaf stands behind the erasure's.
                #expect(try await server.chat("calc 2 + 2").json["receipt"]["leaf_index"].int == 5)
                server.process.signal(SIGTERM)
                _ = try await server.process.waitForEnd()
                try FileManager.default.removeItem(at: server.instance.appending(path: "copy.db"))
                let small = settings.merging(["ORCH_RETENTION_MAX_MB": "1", "ORCH_RETENTION_DAYS": "36500"]) { $1 }
                let nothing = try await bench.orch(["maintain", "--json"], small)
                #expect(nothing.end == .code(0), "\(nothing.output)")
            }
        }

        private static func write(answer: HTTPAnswer, _ bench: Bench) throws -> String {
            let file = bench.folder.appending(path: "answer.txt")
            try Data((answer.json["choices"].elements.first?["message"]["content"].string ?? "").utf8).write(to: file)
            return file.path
        }

        private static func expectRefused(_ bench: Bench, _ settings: [String: String], _ reason: String) async throws {
            let end = try await bench.orch(["serve"], settings)
            #expect(end.end != .code(0) && end.output.contains(reason), "\(end.output)")
        }
    }
}

extension Bench {
    /// The newest key of the server's log.
    func verifierKey() async throws -> String {
        let output = try await orch(["audit", "key"]).output
        let keys = output.split(whereSeparator: \.isWhitespace).filter { $0.contains("+") && $0.contains("/") }
        return String(keys.last ?? "")
    }
}
