import Glibc
import OrchSandbox

/// Measures the sandbox beside bubblewrap and Python alone: `SandboxBenchmark start|parallel|many [COUNT]`.
@main
enum SandboxBenchmark {
    private static let sandbox = Sandbox(Sandbox.Settings(choice: .bubblewrap, toolFolder: "sandbox_tools"))

    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        try await sandbox.prepare()
        switch words.first {
        case "start": try await start(rounds: words.dropFirst().first.flatMap { Int($0) } ?? 51)
        case "parallel": try await parallel(words.dropFirst().first.flatMap { Int($0) } ?? 30)
        case "many": try await many(words.dropFirst().first.flatMap { Int($0) } ?? 1000)
        default: print("usage: SandboxBenchmark start|parallel|many [COUNT]")
        }
    }

    // MARK: From the start to the first line

    /// The time on the clock that both sides share, as the guest's first line prints it.
    private static let firstLine = "import time; print(time.monotonic_ns())"

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private static func start(rounds: Int) async throws {
        var (ours, bare): ([Int], [Int]) = ([], [])
        for _ in 0..<rounds {
            bare.append(try bareRun())
            ours.append(try await ownRun())
        }
        report(ours, bare)
    }

    private static func ownRun() async throws -> Int {
        let start = now()
        let run = try await sandbox.run(.pythonCode(firstLine))
        return (Int(String(decoding: run.output.dropLast(), as: UTF8.self)) ?? 0) - start
    }

    // Inlined into an asynchronous function, sorting breaks the optimiser of Swift 6.3.1.
    @inline(never)
    private static func report(_ ours: [Int], _ bare: [Int]) {
        let (a, b) = (ours.sorted()[ours.count / 2], bare.sorted()[bare.count / 2])
        print("start to first line: sandbox \(milliseconds(a)) ms, bubblewrap and python3 alone \(milliseconds(b)) ms")
        print("ratio \(hundredths(a, b))")
    }

    private static func milliseconds(_ value: Int) -> String { "\(Double(value / 10_000) / 100)" }
    private static func hundredths(_ a: Int, _ b: Int) -> String { "\(Double(100 * a / b) / 100)" }

    /// bubblewrap with the system's folder and no more, and Python as anybody starts it.
    @inline(never)
    private static func bareRun() throws -> Int {
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure() }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        let words = [
            "bwrap", "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
            "--symlink", "usr/bin", "/bin", "--unshare-all", "--die-with-parent", "/usr/bin/python3", "-c", firstLine,
        ]
        var arguments = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var process = pid_t()
        let start = now()
        guard posix_spawn(&process, "/usr/bin/bwrap", &actions, nil, &arguments, environ) == 0 else { throw Failure() }
        close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 64)
        var count = 0
        while case let more = read(ends[0], &bytes[count], bytes.count - count), more > 0 { count += more }
        close(ends[0])
        waitpid(process, nil, 0)
        guard count > 1, let end = Int(String(decoding: bytes[..<(count - 1)], as: UTF8.self)) else { throw Failure() }
        return end - start
    }

    private struct Failure: Error {}

    // MARK: Many

    private static func parallel(_ count: Int) async throws {
        let code = "x = bytearray(40 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1\nlen(x)"
        let greedy = "x = bytearray(900 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1"
        let start = ContinuousClock.now
        let runs = try await withThrowingTaskGroup(of: SandboxRun.self) { group in
            for index in 0..<count {
                group.addTask { try await sandbox.run(.pythonCode(index.isMultiple(of: 3) ? greedy : code)) }
            }
            var runs: [SandboxRun] = []
            for try await run in group { runs.append(run) }
            return runs
        }
        let killed = runs.count { $0.end == .limit(.memory) }
        let peak = runs.compactMap(\.peakMemory).max() ?? 0
        print(
            "\(count) in parallel: \(start.duration(to: .now)), \(killed) ended at their memory, "
                + "\(runs.count { $0.value == "41943040" }) answered, largest group \(peak >> 20) MiB")
        print("left: \(leftovers())")
    }

    private static func many(_ count: Int) async throws {
        _ = try await sandbox.run(.pythonExpression("1"))
        let before = leftovers()
        let start = ContinuousClock.now
        for index in 0..<count {
            // Each leaves what it can: a daemon, files, an open pipe.
            let code =
                "import os\nopen('/tmp/a', 'w').write('x')\nif os.fork() == 0:\n    os.setsid()\n    import time\n"
                + "    time.sleep(60)\n\(index)"
            guard try await sandbox.run(.pythonCode(code)).value == "\(index)" else { throw Failure() }
        }
        let (duration, after) = (start.duration(to: .now), leftovers())
        print("\(count) runs: \(duration); before: \(before); after: \(after)")
        guard before == after else { exit(1) }
    }

    /// What is there of this process's: launchers, descriptors, mounts, groups.
    private static func leftovers() -> String {
        let processes = names("/proc").filter { isOthers($0) || text("/proc/\($0)/comm") == "bwrap\n" }.count
        let mounts = text("/proc/self/mountinfo").split(separator: "\n").count
        let groups = ["memory", "pids", "cpu", "cpuacct", "unified", "."].flatMap { controller in
            walk("/sys/fs/cgroup/\(controller)", depth: 4).filter { $0.hasPrefix("orch-sandbox-") }
        }
        return "\(processes) processes, \(names("/proc/self/fd").count) descriptors, \(mounts) mounts, "
            + "\(groups.count) groups, \(names("/tmp").filter { $0.hasPrefix("orch-") }.count) files"
    }

    /// Whether this is a process, dead ones too, of a user that the sandbox makes up.
    private static func isOthers(_ process: String) -> Bool {
        let line = text("/proc/\(process)/status").split(separator: "\n").first { $0.hasPrefix("Uid:") }
        return line?.split(separator: "\t").last.flatMap { UInt32($0) } ?? 0 >= 1_800_000_000
    }

    private static func walk(_ path: String, depth: Int) -> [String] {
        guard depth > 0 else { return [] }
        return names(path).flatMap { [$0] + walk("\(path)/\($0)", depth: depth - 1) }
    }

    private static func names(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }
}
