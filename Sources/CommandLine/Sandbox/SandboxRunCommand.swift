import ArgumentParser
import OrchCore
import SystemPackage

/// `orch sandbox run`
struct SandboxRunCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run one Python program in the sandbox, under the limits of the settings.",
        discussion: """
            The program gets standard input. What it writes comes out as it is; what ended it stands last on standard \
            error, where that is not an exit of its own with status 0. Nothing is receipted.

            The exit status is the program's own; 1 where a limit or its time ended it, 69 where there is no sandbox.

            Examples:
              orch sandbox run program.py < input.txt
              orch sandbox run program.py --json < /dev/null
              orch sandbox run program.py --set ORCH_SANDBOX_MEMORY_MB=64
            """)

    @Argument(help: "The program, a file of Python.")
    var file: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    private static let maximumBytes = 8 << 20

    func run(in session: Session) async throws {
        let bench = try configuration.workbench(in: session).1.sandbox
        let (script, input) = (try script(), try await input(session))
        let run = try await SandboxBench.using { try await bench.run(script, input) }
        let report = SandboxRunReport(run: run)
        if output.json {
            try session.print(json: true, report.json, orText: "")
        } else {
            try Self.pass(run.output, to: session.out)
            try Self.pass(run.errors, to: session.err)
            if let ending = report.ending { try session.err.write("orch: \(ending)\n") }
        }
        if report.status != 0 { throw ExitCode(report.status) }
    }

    private func script() throws -> [UInt8] {
        do {
            return try BoundedFile.contents(of: FilePath(file), maximumBytes: Self.maximumBytes)
        } catch is Errno {
            throw CommandFailure(.notFound, "the program cannot be read: it is not there, or not for you")
        } catch let failure as CommandFailure {
            throw CommandFailure(failure.status, "the program cannot be read: \(failure.message)")
        }
    }

    /// Standard input; nothing where that is a terminal.
    private func input(_ session: Session) async throws -> [UInt8] {
        let standardInput = session.terminal.standardInput
        guard !standardInput.isTerminal else { return [] }
        var bytes: [UInt8] = []
        while let piece = try await standardInput.nextPiece() {
            bytes += piece
            guard bytes.count <= Self.maximumBytes else {
                throw CommandFailure(.malformedData, "standard input is longer than \(Self.maximumBytes) bytes")
            }
        }
        return bytes
    }

    private static func pass(_ bytes: [UInt8], to output: Terminal.Output) throws {
        guard output.isTerminal else { return try output.writeBytes(bytes) }
        try output.write(foreign: String(decoding: bytes, as: UTF8.self))
    }
}

/// What `orch sandbox run` says of the end.
struct SandboxRunReport {
    let run: SandboxBench.Run

    /// What ended it, in words; nil of an exit with status 0.
    var ending: String? {
        switch (run.end, run.exitCode) {
        case ("exit", 0?): nil
        case ("exit", let code?): "the program ended with code \(code)"
        case ("timeout", _): "ended: its time was over"
        default: "ended at its limit: \(run.end)"
        }
    }

    var status: Int32 {
        // Of a wider number the system would keep the low byte, which may be 0.
        guard run.end == "exit", let code = run.exitCode.flatMap(UInt8.init(exactly:)) else {
            return ExitStatus.failure.rawValue
        }
        return Int32(code)
    }

    /// `{"end","exit_code","stdout","stderr","milliseconds","peak_memory_bytes"}`
    var json: String {
        let value: JSONValue = [
            "end": .string(run.end), "exit_code": .number(run.exitCode),
            "stdout": .string(String(decoding: run.output, as: UTF8.self)),
            "stderr": .string(String(decoding: run.errors, as: UTF8.self)),
            "milliseconds": .integer(run.milliseconds), "peak_memory_bytes": .number(run.peakMemory),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
