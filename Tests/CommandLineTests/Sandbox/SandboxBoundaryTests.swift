import Foundation
import OrchCore
import Synchronization
import Testing

@testable import OrchCommandLine

/// What the commands about the sandbox take in and pass on, and how they end where there is none.
@Suite struct SandboxBoundaryTests {
    private static let maximumBytes = 8 << 20

    /// As the sandbox's own errors are: commands do not know their type.
    private struct Refusal: CodedError {
        let codeName: String
        let message: String
    }

    private static let none = Refusal(codeName: "sandbox_unavailable", message: "install bubblewrap")

    /// What a program was given.
    private final class Given: Sendable {
        private let state = Mutex<[(script: [UInt8], input: [UInt8])]>([])
        var runs: [(script: [UInt8], input: [UInt8])] { state.withLock { $0 } }
        func append(_ script: [UInt8], _ input: [UInt8]) { state.withLock { $0.append((script, input)) } }
    }

    private static func ended(
        output: [UInt8] = [], errors: [UInt8] = [], code: Int = 0
    ) -> SandboxBench.Run {
        SandboxBench.Run(
            output: output, errors: errors, end: "exit", exitCode: code, milliseconds: 1, peakMemory: 4096)
    }

    private func environment(
        attempts: Int = 1, battery: Result<[SandboxBench.Attempt], Refusal> = .success([]),
        run: Result<SandboxBench.Run, Refusal> = .success(ended()), given: Given = Given()
    ) -> CommandEnvironment {
        var fixture = Fixture()
        fixture.sandbox = SandboxBench(
            inspect: { [Checkup("bubblewrap", .ok, "0.8.0")] }, attempts: attempts,
            battery: { told in
                let attempt = SandboxBench.Attempt(name: "tcp", group: "network", what: "", verdict: .held, detail: "")
                told(attempt)
                return try battery.get()
            },
            run: { script, input in
                given.append(script, input)
                return try run.get()
            })
        return fixture.environment
    }

    private func withProgram(_ bytes: [UInt8] = Array("print(1)\n".utf8), _ body: (String) async throws -> Void)
        async throws
    {
        let path = NSTemporaryDirectory() + "program-\(UUID().uuidString).py"
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    // MARK: Where there is no sandbox

    @Test(arguments: [("sandbox_unavailable", 69), ("sandbox_too_many_runs", 1)] as [(String, Int32)])
    func `that there is no sandbox has a status of its own, and says what to do`(code: String, status: Int32)
        async throws
    {
        let refusal = Refusal(codeName: code, message: "install bubblewrap")
        try await withProgram { path in
            let run = await orch("sandbox", "run", path, in: environment(run: .failure(refusal)))
            #expect(run.status == status)
            #expect(run.out.isEmpty && run.err.hasPrefix("orch: install bubblewrap\n"))
        }
        #expect(await orch("sandbox", "check", in: environment(battery: .failure(refusal))).status == status)
    }

    @Test func `a battery that breaks off leaves no progress on the line of its error`() async {
        let run = await orch("sandbox", "check", in: environment(battery: .failure(Self.none)), isTerminal: true)
        #expect(run.status == 69)
        #expect(run.err.hasPrefix("\r1 of 1 attempts\r\u{1B}[K"))
    }

    @Test func `an attempt that was not made was not held`() async throws {
        let held = SandboxBench.Attempt(name: "udp", group: "network", what: "", verdict: .held, detail: "")
        let environment = environment(attempts: 3, battery: .success([held]))
        let run = await orch("sandbox", "check", in: environment)
        #expect(run.status == 1)
        #expect(run.out.hasSuffix("NOT SAFE: 2 of 3 attempts escaped or could not be made\n"))
        let json = await orch("sandbox", "check", "--json", in: environment)
        #expect(json.status == 1)
        let battery = try json.json().objectValue?["battery"]?.objectValue
        #expect(battery?["attempts"] == 3 && battery?["held"] == 1)
    }

    // MARK: What goes in

    @Test func `a program and its input go in byte by byte, however they come`() async throws {
        let (bytes, given) = ([0xFF, 0x00, 0x0A, 0xC3] as [UInt8], Given())
        try await withProgram(bytes) { path in
            let run = await orch(
                "sandbox", "run", path, in: environment(given: given), pieces: [[0xE2], [0x82, 0x00]])
            #expect(run.status == 0)
        }
        #expect(given.runs.map(\.script) == [bytes] && given.runs.map(\.input) == [[0xE2, 0x82, 0x00]])
    }

    @Test func `nothing is read from a terminal`() async throws {
        let given = Given()
        try await withProgram { path in
            _ = await orch(
                "sandbox", "run", path, in: environment(given: given), pieces: [[0x41]], isTerminal: true)
        }
        #expect(given.runs.map(\.input) == [[]])
    }

    @Test(arguments: [(0, 0), (1, 65)] as [(Int, Int32)])
    func `program and input have a bound`(over: Int, status: Int32) async throws {
        let long = [UInt8](repeating: 0x23, count: Self.maximumBytes + over)
        let given = Given()
        try await withProgram { path in
            let half = Array(long.prefix(1 << 20))
            let rest = Array(long.dropFirst(1 << 20))
            let run = await orch("sandbox", "run", path, in: environment(given: given), pieces: [half, rest])
            #expect(run.status == status)
        }
        try await withProgram(long) { path in
            let run = await orch("sandbox", "run", path, in: environment(given: given))
            #expect(run.status == status)
        }
        #expect(given.runs.count == (over == 0 ? 2 : 0))
    }

    @Test func `a folder is no program`() async {
        let run = await orch("sandbox", "run", NSTemporaryDirectory(), in: environment())
        #expect(run.status == 65 && run.err.contains("the program cannot be read: it is not a regular file"))
    }

    // MARK: What comes out

    @Test func `output comes out as it is, but does not steer a terminal`() async throws {
        let steering = Array("a\u{1B}[2Jb\n".utf8) + [0xFF]
        let environment = environment(run: .success(Self.ended(output: steering, errors: steering)))
        try await withProgram { path in
            let piped = await orch("sandbox", "run", path, in: environment)
            #expect(piped.outBytes == steering && piped.err == "a\u{1B}[2Jb\n\u{FFFD}")
            let shown = await orch("sandbox", "run", path, in: environment, isTerminal: true)
            #expect(shown.out == "a\\u{1b}[2Jb\n\u{FFFD}" && shown.err == shown.out)
            let json = try await orch("sandbox", "run", path, "--json", in: environment).json().objectValue
            #expect(json?["stdout"] == "a\u{1B}[2Jb\n\u{FFFD}" && json?["peak_memory_bytes"] == 4096)
        }
    }

    @Test(arguments: [255: 255, 256: 1, -1: 1, Int.max: 1] as [Int: Int32])
    func `a code that no process ends with is a failure`(code: Int, status: Int32) async throws {
        try await withProgram { path in
            let run = await orch("sandbox", "run", path, in: environment(run: .success(Self.ended(code: code))))
            #expect(run.status == status)
        }
    }
}
