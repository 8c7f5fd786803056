import Foundation
import OrchCore
import Testing

@testable import OrchCommandLine

@Suite struct SandboxCommandTests {
    private static func attempt(_ name: String, _ verdict: SandboxBench.Attempt.Verdict) -> SandboxBench.Attempt {
        SandboxBench.Attempt(
            name: name, group: name == "mount" ? "kernel" : "network", what: "tries \(name)", verdict: verdict,
            detail: "EPERM")
    }

    private func fixture(
        _ attempts: [SandboxBench.Attempt] = [], parts: [Checkup] = [Checkup("bubblewrap", .ok, "0.8.0")],
        run: SandboxBench.Run? = nil
    ) -> CommandEnvironment {
        var fixture = Fixture()
        fixture.sandbox = SandboxBench(
            inspect: { parts }, attempts: attempts.count,
            battery: { told in
                for attempt in attempts { told(attempt) }
                return attempts
            },
            run: { script, input in
                guard var run else { throw CommandFailure(.unavailable, "there is no sandbox") }
                run.output += script + input
                return run
            })
        return fixture.environment
    }

    // MARK: check

    @Test func `a battery that held says so by group`() async {
        let run = await orch(
            "sandbox", "check", in: fixture([Self.attempt("tcp", .held), Self.attempt("mount", .held)]))
        #expect(run.status == 0)
        #expect(run.out.hasPrefix("✓ bubblewrap  0.8.0\n"))
        #expect(run.out.hasSuffix("\nnetwork     1 of 1 held\nkernel      1 of 1 held\nHELD: 2 of 2 attempts\n"))
    }

    @Test(arguments: [SandboxBench.Attempt.Verdict.escaped, .broken])
    func `an attempt that was not held is shown, and is a failure`(verdict: SandboxBench.Attempt.Verdict) async {
        let run = await orch(
            "sandbox", "check", in: fixture([Self.attempt("tcp", verdict), Self.attempt("udp", .held)]))
        #expect(run.status == 1)
        #expect(run.out.contains("network     1 of 2 held\n  ✗ tcp: tries tcp\n      \(verdict.rawValue): EPERM\n"))
        #expect(run.out.hasSuffix("NOT SAFE: 1 of 2 attempts escaped or could not be made\n"))
        #expect(!run.out.contains("udp"))
    }

    @Test func `all attempts are shown to whoever asks`() async {
        let run = await orch("sandbox", "check", "--all", in: fixture([Self.attempt("udp", .held)]))
        #expect(run.status == 0 && run.out.contains("  ✓ udp: tries udp\n      held: EPERM\n"))
    }

    @Test func `where a part is missing, the battery is not run`() async throws {
        let parts = [Checkup("bubblewrap", .failed, "not installed", remedy: "install it")]
        let environment = fixture([Self.attempt("tcp", .held)], parts: parts)
        let run = await orch("sandbox", "check", in: environment)
        #expect(run.status == 69)
        #expect(run.out.hasSuffix("the battery is not run: there is no sandbox to break\n"))
        let json = try await orch("sandbox", "check", "--json", in: environment).json()
        #expect(json.objectValue?["battery"] == .null)
    }

    @Test func `whoever only looks breaks nothing`() async {
        let run = await orch("sandbox", "check", "--no-battery", in: fixture([Self.attempt("tcp", .escaped)]))
        #expect(run.status == 0 && !run.out.contains("attempts"))
    }

    @Test func `the same for programs`() async throws {
        let json = try await orch("sandbox", "check", "--json", in: fixture([Self.attempt("tcp", .held)])).json()
        #expect(
            json == [
                "parts": [["name": "bubblewrap", "verdict": "ok", "detail": "0.8.0", "remedy": .null]],
                "battery": [
                    "attempts": 1, "held": 1,
                    "results": [["name": "tcp", "group": "network", "verdict": "held", "detail": "EPERM"]],
                ],
            ])
    }

    // MARK: run

    private static func ended(_ end: String, _ code: Int? = nil) -> SandboxBench.Run {
        SandboxBench.Run(
            output: [], errors: Array("warned\n".utf8), end: end, exitCode: code, milliseconds: 21, peakMemory: nil)
    }

    private func withProgram(_ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "program-\(UUID().uuidString).py"
        try Data("print(1)\n".utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    @Test(
        arguments: [
            ("exit", 0, 0, ""), ("exit", 7, 7, "orch: the program ended with code 7\n"),
            ("memory", nil, 1, "orch: ended at its limit: memory\n"),
            ("timeout", nil, 1, "orch: ended: its time was over\n"),
        ] as [(String, Int?, Int32, String)])
    func `a program's output is passed on, and what ended it`(
        end: String, code: Int?, status: Int32, ending: String
    ) async throws {
        try await withProgram { path in
            let run = await orch(
                "sandbox", "run", path, in: fixture(run: Self.ended(end, code)), pieces: [Array("in".utf8)])
            #expect(run.status == status)
            #expect(run.out == "print(1)\nin")
            #expect(run.err == "warned\n" + ending)
        }
    }

    @Test func `a program's end as JSON`() async throws {
        try await withProgram { path in
            let run = await orch("sandbox", "run", path, "--json", in: fixture(run: Self.ended("exit", 0)))
            let json = try run.json()
            #expect(
                json == [
                    "end": "exit", "exit_code": 0, "stdout": "print(1)\n", "stderr": "warned\n", "milliseconds": 21,
                    "peak_memory_bytes": .null,
                ])
        }
    }

    @Test func `without a file or a sandbox nothing runs`() async throws {
        #expect(await orch("sandbox", "run", "/nowhere/program.py", in: fixture()).status == 66)
        try await withProgram { path in
            #expect(await orch("sandbox", "run", path, in: fixture()).status == 69)
        }
    }
}
