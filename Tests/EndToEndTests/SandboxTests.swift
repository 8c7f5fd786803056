import Foundation
import Testing

extension EndToEnd {
    @Suite struct SandboxTests {
        /// Python without a policy and without approvals, for callers that the tests trust.
        private static let open = [
            "ORCH_TOOL_POLICY_ENFORCE": "0", "ORCH_TOOL_APPROVAL_ENFORCE": "0", "ORCH_LLM_ENABLED": "0",
        ]

        private func execute(
            _ server: OrchServer, _ name: String, _ arguments: [String: Any]
        ) async throws -> (result: JSON, trace: String?) {
            let answer = try await server.http.send(
                "POST", "/v1/tools/execute", ["name": name, "args": arguments])
            return (answer.json["result"], answer.json["receipt"]["trace_id"].string)
        }

        @Test func `Python runs in the sandbox, with its parts apart, a receipt and metrics`() async throws {
            try await withBench { bench in
                let server = try await bench.server(Self.open)
                let (result, trace) = try await execute(
                    server, "python_exec",
                    ["code": "import os\nprint('hello', dict(os.environ))\nos.path.exists('\(bench.folder.path)')"])
                #expect(result["status"].string == "ok")
                let parts = try JSON(parsing: (result["result"].string ?? "").utf8)
                #expect(parts["value"].string == "False")
                #expect(parts["stdout"].string == "hello {}\n")
                #expect(parts["stderr"].string == "" && parts["error"].isNull)

                let value = try await execute(server, "python_eval", ["expression": "sum(range(101))"]).result
                #expect(value["result"].string == #"{"value":"5050","error":null,"stdout":"","stderr":""}"#)
                let killed = try await execute(server, "python_exec", ["code": "import os; os._exit(9)"]).result
                #expect(killed["error"].string == "sandbox_failed" && killed["exit_code"].int == 9)
                let flood = try await execute(server, "python_exec", ["code": "while True: print('x' * 999)"]).result
                #expect(flood["error"].string == "sandbox_limit:output")

                let shown = try await bench.orch(["trace", "show", trace ?? "", "--json"], Self.open)
                #expect(shown.output.contains(#""sandbox":"bubblewrap""#))
                // Nothing that it has started is left, dead or alive.
                #expect(server.children.isEmpty)
                let metrics = try await server.http.send("GET", "/metrics").text
                for line in [
                    #"orch_sandbox_starts_total{backend="bubblewrap"} 4"#, #"orch_sandbox_ends_total{end="output"} 1"#,
                    "orch_sandbox_kills_total 1", "orch_sandbox_run_seconds_count 4",
                ] { #expect(metrics.contains(line), "\(line)") }
            }
        }

        @Test func `Where it is off, or wanted of a tool that has none, nothing runs and nobody is asked`()
            async throws
        {
            try await withBench { bench in
                let off = try await bench.server(["ORCH_TOOL_SANDBOX_ENABLED": "0", "ORCH_TOOL_POLICY_ENFORCE": "0"])
                let result = try await execute(off, "python_eval", ["expression": "1"]).result
                #expect(result["error"].string == "sandbox_disabled")
            }
            try await withBench { bench in
                let governed = try await Governed.start(bench, ["ORCH_TOOL_SANDBOX_REQUIRED": "1"])
                let answer = try await governed.ann.send("POST", "/v1/tools/execute", Governed.call("one"))
                #expect(answer.json["result"]["error"].string == "sandbox_required")
                #expect(
                    try await governed.op.send("GET", "/v1/hitl").json["data"].elements.isEmpty && bench.marks == [])
            }
        }

        @Test func `A server that is killed leaves no program behind`() async throws {
            try await withBench { bench in
                let server = try await bench.server(Self.open)
                let call = Task {
                    try? await execute(server, "python_exec", ["code": "import time; time.sleep(9)"])
                }
                let runs = { Self.launchers(of: server.process.id) }
                try await eventually("it runs") { !runs().isEmpty }
                let children = runs()
                try await server.process.killHard()
                try await eventually("it ends") { children.allSatisfy { kill($0, 0) != 0 } }
                _ = await call.value
            }
        }

        /// The processes named bwrap whose parent is this one.
        private static func launchers(of parent: pid_t) -> [pid_t] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return names.compactMap { pid_t($0) }.filter { process in
                let line = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
                let fields = line.split(separator: " ")
                return fields.count > 3 && fields[1] == "(bwrap)" && pid_t(fields[3]) == parent
            }
        }

        @Test func `The battery holds for whoever runs it, and for an ordinary user`() async throws {
            try await withBench { bench in
                let own = try await bench.orch(["sandbox", "check"])
                #expect(own.end == .code(0) && own.output.contains("HELD: "), "\(own.output)")
                guard getuid() == 0 else { return }
                // The program where everybody may start it.
                let place = try bench.folder("public")
                let program = place.appending(path: "orch")
                try FileManager.default.copyItem(at: Surroundings.program, to: program)
                for path in [bench.folder, place] { chmod(path.path, 0o777) }
                let user = try await bench.orch(
                    ["-u", "nobody", "--", program.path, "sandbox", "check"],
                    ["ORCH_INSTANCE_DIR": place.appending(path: "instance").path],
                    program: URL(filePath: "/usr/sbin/runuser"))
                #expect(user.output.contains("one process alone"), "\(user.output)")
                #expect(user.end == .code(0) && user.output.contains("HELD: "), "\(user.output)")
            }
        }

        @Test func `Where the system forbids namespaces nothing runs, and it says what to change`() async throws {
            try await withBench { bench in
                // Inside of these walls nobody can make others.
                let walls = ["--dev-bind", "/", "/", "--unshare-user", "--uid", "1000", "--gid", "1000"]
                let check = [Surroundings.program.path, "sandbox", "check"]
                let forbidden = try await bench.orch(
                    walls + ["--disable-userns", "--"] + check, program: URL(filePath: "/usr/bin/bwrap"))
                #expect(forbidden.end == .code(69))
                #expect(forbidden.output.contains("does not let the server make user namespaces"))
                #expect(forbidden.output.contains("the battery is not run"))
            }
        }

        @Test func `A program of one's own runs under the same limits`() async throws {
            try await withBench { bench in
                let file = bench.folder.appending(path: "program.py")
                try Data("import sys\nprint(sys.stdin.read().upper())\nsys.exit(4)\n".utf8).write(to: file)
                let shell = #"printf 'so it is' | "$1" sandbox run program.py"#
                let child = try await bench.orch(
                    ["-c", shell, "sh", Surroundings.program.path], program: URL(filePath: "/bin/sh"))
                #expect(child.end == .code(4))
                #expect(child.output.hasPrefix("SO IT IS\n") && child.output.contains("ended with code 4"))
            }
        }
    }
}
