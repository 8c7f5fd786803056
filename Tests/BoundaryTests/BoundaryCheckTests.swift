import OrchBoundary
import OrchCore
import OrchRE2
import Testing

@Suite("The boundary of a repository")
struct BoundaryCheckTests {
    private func check(
        _ paths: [String], contents: [String: String] = [:], ignored: [String: Bool] = [".env": true],
        except: [String] = []
    ) throws -> [BoundaryViolation] {
        let pattern = try RE2Compiler().compile(#"/home/[a-z]+/"#, caseInsensitive: false)
        var check = BoundaryCheck(
            BoundaryPolicy(
                forbidden: [.init(id: "home-path", pattern: pattern, reason: "a home", except: except)],
                ignored: [".env"]))
        check.take(paths: paths + [".env.example"])
        for (path, text) in contents { check.take(path, Array(text.utf8)) }
        check.take(ignored: ignored)
        return check.violations.sorted()
    }

    @Test("Sources alone are safe")
    func safe() throws {
        #expect(try check(["README.md", "Sources/instance.swift", "Sources/logs/Log.swift"]) == [])
        #expect(try check(["a.txt"], contents: ["a.txt": "in /home and /homely/x/"]) == [])
    }

    @Test(
        "What is not source is told by its path",
        arguments: [
            ("instance/trace.json", "runtime-state"), ("logs/today.log", "runtime-state"),
            ("backups/a.tar", "runtime-state"), ("recall_frames/1.json", "runtime-state"), ("x/trace.db", "database"),
            ("A.SQLITE3", "database"), ("trace.db-wal", "database"), ("m/smollm.gguf", "model-file"),
            ("o200k_base.tiktoken", "model-file"), ("m/tokenizer.json", "model-file"), (".env", "env-file"),
            ("sub/.env", "env-file"),
        ])
    func paths(_ path: String, _ name: String) throws {
        let violations = try check([path])
        #expect(violations.map(\.check) == [name])
        #expect(violations.map(\.path) == [path])
    }

    @Test("Databases and models are known by how they begin, whatever they are called")
    func magic() throws {
        #expect(try check(["a"], contents: ["a": "SQLite format 3\0 and more"]).map(\.check) == ["database"])
        #expect(try check(["a"], contents: ["a": "GGUF\u{3}"]).map(\.check) == ["model-file"])
    }

    @Test("A forbidden text is told with each of its lines, but in files that may hold it")
    func forbidden() throws {
        let text = "one\nat /home/jo/x\nthree\n  /home/al/y"
        #expect(
            try check(["a", "b/c"], contents: ["a": text]) == [
                BoundaryViolation(check: "home-path", path: "a", line: 2, reason: "a home"),
                BoundaryViolation(check: "home-path", path: "a", line: 4, reason: "a home"),
            ])
        #expect(try check(["a"], contents: ["a": text], except: ["a"]) == [])
        #expect(try check(["b/c"], contents: ["b/c": text], except: ["b/"]) == [])
        #expect(try check(["bc"], contents: ["bc": text], except: ["b/", "b"]).count == 2)
        // Of what is binary no line can be told.
        #expect(try check(["a"], contents: ["a": "\0" + text]) == [])
    }

    @Test("What must be there is missed")
    func missing() throws {
        var check = BoundaryCheck(BoundaryPolicy(forbidden: [], ignored: [".env", "x.db"]))
        check.take(paths: [])
        check.take(ignored: [".env": true, "x.db": false])
        #expect(check.violations.map(\.check) == ["env-file", "ignore-rule"])
        #expect(check.violations.last?.reason == "it does not cover x.db")
        #expect(check.checks == 7)
    }
}
