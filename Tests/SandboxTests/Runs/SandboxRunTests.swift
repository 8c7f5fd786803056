import OrchCore
import Testing

@testable import OrchSandbox

#if canImport(Glibc)
import Glibc
#endif

/// The real sandbox, on this machine.
@Suite struct SandboxRunTests {
    private let folder = ToolFolder([
        "words.py": "import json, sys\nprint(len(json.load(sys.stdin)['text'].split()), *sys.argv[1:])\n",
        "fails.py": "import sys\nsys.exit('there is no answer')\n",
        "raises.py": "open('/tools/words.py', 'w')\n",
        "not-a-program": "neither\n",
    ])

    private func sandbox(_ limits: SandboxLimits = SandboxLimits(), machine: Machine = Machine()) -> Sandbox {
        Sandbox(Sandbox.Settings(choice: .bubblewrap, limits: limits, toolFolder: folder.path), machine: machine)
    }

    // MARK: Answers

    @Test func `an expression has a value`() async throws {
        let run = try await sandbox().run(.pythonExpression(" 2 ** 100 "))
        #expect(run.end == .exited(code: 0))
        #expect(run.value == "1267650600228229401496703205376")
        #expect(run.output.isEmpty && run.errors.isEmpty && run.failure == nil)
    }

    @Test func `value, output and errors are apart`() async throws {
        let run = try await sandbox().run(
            .pythonCode("import os, sys\nprint('out')\nsys.stderr.write('err')\nos.write(1, b'raw')\n[1, 'two']"))
        #expect(run.value == "[1, 'two']")
        #expect(run.output == Array("rawout\n".utf8))
        #expect(run.errors == Array("err".utf8))
    }

    @Test func `what nobody caught is told with its lines`() async throws {
        let run = try await sandbox().run(.pythonCode("print('before')\ndef f():\n    return 1 / 0\nf()"))
        #expect(run.output == Array("before\n".utf8))
        let failure = try #require(run.failure)
        #expect(failure.hasPrefix("Traceback (most recent call last):\n  File \"<code>\", line 4"))
        #expect(failure.hasSuffix("ZeroDivisionError: division by zero\n"))
        #expect(run.end == .exited(code: 1) && run.value == nil)
    }

    @Test(arguments: ["1 +", "def f(:", "\u{0}", "'\u{1F600}", "  return 1"])
    func `code that is none is told`(code: String) async throws {
        let run = try await sandbox().run(.pythonCode(code))
        #expect(run.failure?.contains("Error") == true)
    }

    @Test func `an exit of the code's own is its exit code`() async throws {
        #expect(try await sandbox().run(.pythonCode("import os; os._exit(7)")).end == .exited(code: 7))
        #expect(try await sandbox().run(.pythonCode("raise SystemExit(3)")).end == .exited(code: 3))
        let signal = try await sandbox().run(.pythonCode("import ctypes; ctypes.string_at(1)"))
        #expect(signal.end == .exited(code: 128 + Int(SIGSEGV)))
    }

    @Test func `a program gets its input and its words`() async throws {
        let input = Array(#"{"text":"one two three"}"#.utf8)
        let run = try await sandbox().run(.tool("words.py", words: ["--fast", "ü"], input: input))
        #expect(run.output == Array("3 --fast ü\n".utf8))
        #expect(run.end == .exited(code: 0))
    }

    @Test func `a folder of tools that comes later is seen`() async throws {
        let place = "/tmp/orch-tools-later-\(Hexadecimal.encode(RandomBytes.draw(6)))"
        let sandbox = Sandbox(Sandbox.Settings(choice: .bubblewrap, toolFolder: place))
        await #expect(throws: SandboxError.self) { try await sandbox.run(.tool("words.py", words: [], input: [])) }
        symlink(folder.path, place)
        defer { unlink(place) }
        let run = try await sandbox.run(.tool("words.py", words: [], input: Array(#"{"text":"a b"}"#.utf8)))
        #expect(run.output == Array("2\n".utf8))
    }

    @Test func `a program that fails says so`() async throws {
        let run = try await sandbox().run(.tool("fails.py", words: [], input: []))
        #expect(run.end == .exited(code: 1))
        #expect(run.errors == Array("there is no answer\n".utf8))
        let raised = try await sandbox().run(.tool("raises.py", words: [], input: []))
        #expect(String(decoding: raised.errors, as: UTF8.self).contains("Read-only file system"))
    }

    @Test(arguments: ["missing", "not-a-program"])
    func `what cannot be started is missing`(name: String) async throws {
        await #expect(throws: SandboxError.self) { try await sandbox().run(.tool(name, words: [], input: [])) }
        let error = await #expect(throws: SandboxError.self) {
            try await sandbox().run(.tool(name, words: [], input: []))
        }
        #expect(error?.code == .commandMissing)
    }

    @Test func `a script runs whole, with its input`() async throws {
        let script =
            "import sys\nprint(len(open(__file__).read()))\nprint(sys.stdin.read())\n"
            + String(repeating: "#", count: 200_000)
        let run = try await sandbox().run(.script(Array(script.utf8), input: Array("in".utf8)))
        #expect(run.output == Array("\(script.utf8.count)\nin\n".utf8))
    }

    @Test func `nothing is there that is not shown`() async throws {
        let run = try await sandbox().run(
            .pythonCode(
                """
                import os
                print(sorted(os.listdir('/')), dict(os.environ), os.getcwd(), os.listdir('.'), os.getuid())
                print([fd for fd in range(3, 64) if os.path.exists(f'/dev/fd/{fd}')])
                """))
        let text = String(decoding: run.output, as: UTF8.self)
        #expect(text.hasSuffix("{} /tmp [] 65534\n[]\n"), "\(text)")
        #expect(
            !text.contains("'proc'") && !text.contains("'etc'") && !text.contains("'sys'") && !text.contains("'home'"))
    }

    @Test func `ordinary Python works`() async throws {
        let run = try await sandbox().run(
            .pythonCode(
                """
                import asyncio, ctypes, csv, datetime, decimal, hashlib, json, re, sqlite3, ssl, subprocess, sys
                import tempfile, threading, zlib, zoneinfo
                seen = []
                thread = threading.Thread(target=lambda: seen.append(1)); thread.start(); thread.join()
                async def wait():
                    await asyncio.sleep(0)
                    return 'async'
                seen.append(asyncio.run(wait()))
                seen.append(subprocess.run([sys.executable, '-I', '-S', '-c', 'print(6*7)'], capture_output=True).stdout)
                with tempfile.NamedTemporaryFile() as file:
                    file.write(b'x'); file.flush()
                    seen.append(open(file.name).read())
                seen.append(sqlite3.connect('/tmp/a.db').execute('select 1').fetchone())
                seen.append(hashlib.sha256(b'').hexdigest()[:8])
                seen.append(str(zoneinfo.ZoneInfo('Europe/Berlin')))
                seen
                """))
        #expect(run.failure == nil)
        #expect(run.value == "[1, 'async', b'42\\n', 'x', (1,), 'e3b0c442', 'Europe/Berlin']")
    }

    // MARK: Limits

    static let small = SandboxLimits(
        wallClock: .seconds(3), memory: 96 << 20, processes: 16, openFiles: 32, fileSize: 1 << 20,
        temporaryFolder: 4 << 20, output: 10_000)

    @Test(arguments: [
        ("x = bytearray(400 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1", SandboxRun.End.limit(.memory)),
        ("import os\nwhile True: os.fork()", .limit(.processes)),
        ("open('/tmp/a', 'wb').write(bytes(3 << 20))", .limit(.fileSize)),
        ("for i in range(9):\n    with open(f'/tmp/{i}', 'wb') as f: f.write(bytes(1 << 20))", .limit(.disk)),
        ("files = [open('/dev/null') for _ in range(99)]", .limit(.openFiles)),
        ("while True: print('x' * 1000)", .limit(.output)),
        ("import sys\nwhile True: sys.stderr.write('x' * 1000)", .limit(.output)),
        ("while True: pass", .limit(.cpu)),
        ("import time\ntime.sleep(60)", .timeout),
        ("import signal, time\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\ntime.sleep(60)", .timeout),
    ])
    func `what it wants too much of ends it, by name`(code: String, end: SandboxRun.End) async throws {
        let run = try await sandbox(Self.small).run(.pythonCode(code))
        #expect(run.end == end, "\(run.failure ?? "")")
        #expect(run.output.count <= 10_000 && run.errors.count <= 10_000)
    }

    @Test func `output of just the cap is whole`() async throws {
        let run = try await sandbox(Self.small).run(.pythonCode("print('x' * 9999)"))
        #expect(run.end == .exited(code: 0))
        #expect(run.output.count == 10_000)
    }

    @Test func `a caller who goes ends the run`() async throws {
        let sandbox = sandbox(SandboxLimits(wallClock: .seconds(60)))
        try await sandbox.prepare()
        let result = await withTaskGroup(of: Result<SandboxRun, SandboxError>.self) { group in
            group.addTask {
                do throws(SandboxError) {
                    return .success(try await sandbox.run(.pythonCode("import time; time.sleep(50)")))
                } catch {
                    return .failure(error)
                }
            }
            group.cancelAll()
            return await group.next()
        }
        #expect(throws: SandboxError(.cancelled, "whoever asked has gone")) { try result?.get() }
    }

    /// A program in the sandbox, by hand: what it writes first has been read.
    private func launched(
        _ code: String
    ) throws -> (started: LaunchPlan.Started, report: StatusReport, child: Int32, output: Descriptor) {
        let backend = try Machine().bubblewrap(Sandbox.Settings(choice: .bubblewrap, toolFolder: folder.path))
        let (status, writeStatus) = try Descriptor.pipe()
        let (output, writeOutput) = try Descriptor.pipe()
        let (input, filter) = (try Descriptor.memory([]), try Descriptor.memory(backend.filter))
        let started = try LaunchPlan(
            path: backend.launcher,
            arguments: ["bwrap"] + backend.arguments.options(SandboxLimits()) + ["--"]
                + [backend.arguments.python.executable, "-c", code],
            user: backend.users?.lowerBound
        ).start(descriptors: [input, writeOutput, writeOutput, filter, writeStatus].map(\.number), groups: [])
        writeOutput.end()
        writeStatus.end()
        var report = StatusReport(status)
        let first = report.waitForChild()
        var bytes: [UInt8] = []
        _ = output.read(into: &bytes, limit: 1)
        #expect(!bytes.isEmpty)
        return (started, report, try #require(first), output)
    }

    @Test func `what is ended before its time leaves no dead process to others`() throws {
        var (started, report, child, output) = try launched("print('here', flush=True)\nimport time; time.sleep(60)")
        var watch = Watch(
            started, stdout: output, stderr: output, cap: 1000, deadline: .now, cancellation: -1)
        let outcome = watch.finish(stop: { report.end(started) }, end: {})
        #expect(outcome.cut == .timeout)
        #expect(ProcessTable(root: "").parent(of: child) == nil)
        report.read()
        #expect(report.hasStarted)
    }

    @Test func `no program outlives bubblewrap, whatever it asks for`() throws {
        let code =
            "import ctypes, time\nctypes.CDLL(None).prctl(1, 0, 0, 0, 0)\nprint('here', flush=True)\ntime.sleep(60)"
        let (started, _, child, _) = try launched(code)
        started.kill()
        waitpid(started.process, nil, 0)
        var isThere = true
        for round in 0..<400 where isThere {
            let entry = ProcessTable.Entry(ProcessTable(root: "").bytes("\(child)/stat", limit: 4096) ?? [])
            isThere = entry.map { !$0.isEnded } ?? false
            ProcessTable.pause(round: round)
        }
        #expect(!isThere)
        if isThere { kill(child, SIGKILL) }
    }

    // MARK: Where there is none

    private func problem(_ change: (inout Machine) -> Void) async -> SandboxError? {
        var machine = Machine()
        change(&machine)
        let sandbox = sandbox(machine: machine)
        return await #expect(throws: SandboxError.self) { try await sandbox.run(.pythonExpression("1")) }
    }

    @Test func `without bubblewrap nothing runs, and it says what to install`() async {
        let error = await problem { $0.bubblewrap = ["/nowhere/bwrap"] }
        #expect(error?.code == .unavailable && error?.message.contains("apt-get install bubblewrap") == true)
    }

    @Test func `without Python nothing runs, and it says what to install`() async {
        let error = await problem { $0.python = ["/nowhere/python3"] }
        #expect(error?.code == .unavailable && error?.message.contains("apt-get install python3") == true)
    }

    @Test func `with an empty list of system calls nothing runs`() async {
        let error = await problem { $0.filter = { () throws(SandboxError) in [] } }
        #expect(error?.message == "the list of system calls is empty: nothing is allowed")
    }

    @Test func `where namespaces are forbidden nothing runs, and it says what to change`() async {
        let launcher = ToolFolder([
            "bwrap": "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"
        ])
        let error = await problem { $0.bubblewrap = ["\(launcher.path)/bwrap"] }
        #expect(error == BubblewrapBackend.namespacesForbidden)
    }

    @Test func `where the sandbox may have no name of its own it says what to change`() async {
        let launcher = ToolFolder([
            "bwrap": "#!/bin/sh\necho \"bwrap: Can't set hostname to sandbox: Operation not permitted\" >&2\nexit 1\n"
        ])
        let error = await problem { $0.bubblewrap = ["\(launcher.path)/bwrap"] }
        #expect(error?.message.contains("ProtectHostname") == true)
    }

    @Test func `a bubblewrap that cannot do it is no sandbox`() async {
        let launcher = ToolFolder(["bwrap": "#!/bin/sh\necho 'bwrap: Unknown option --size' >&2\nexit 1\n"])
        let error = await problem { $0.bubblewrap = ["\(launcher.path)/bwrap"] }
        #expect(error?.message.contains("too old") == true)
    }

    // MARK: Without control groups

    @Test func `without control groups a program has one process and its address space`() async throws {
        var machine = Machine()
        machine.usesGroups = false
        let sandbox = sandbox(Self.small, machine: machine)
        #expect(try await sandbox.run(.pythonExpression("6 * 7")).value == "42")
        let fork = try await sandbox.run(.pythonCode("import os; os.fork()"))
        #expect(fork.end == .limit(.processes))
        let memory = try await sandbox.run(.pythonCode("x = bytearray(200 << 20)"))
        #expect(memory.end == .limit(.memory))
    }
}
