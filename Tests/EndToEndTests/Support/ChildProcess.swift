import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A process that a test has started, and ends.
///
/// Spawned directly: Foundation's `Process` takes a child for running as long as one of its own children holds a
/// descriptor, which a test that kills servers and looks at what they leave behind cannot use.
final class ChildProcess: Sendable {
    enum Exit: Equatable {
        case code(Int32)
        case signal(Int32)
    }

    struct Options {
        var environment: [String: String] = [:]
        var directory: URL?
        /// Standard error is appended to this file; nil discards it.
        var log: URL?
        /// Whether the test writes to its standard input and reads its standard output.
        var isSpokenWith = false
    }

    let id: pid_t
    private let input: Int32
    private let output: Mutex<LineReader>
    private let exit = Mutex<Exit?>(nil)

    /// One at a time, so that no child gets a pipe that is another's.
    private static let spawning = Mutex(())

    convenience init(_ program: URL, _ arguments: [String], _ options: Options) throws {
        self.init(try Self.spawning.withLock { _ in try Self.spawn(program, arguments, options) })
    }

    private init(_ spawned: (id: pid_t, input: Int32, output: Int32)) {
        id = spawned.id
        input = spawned.input
        output = Mutex(LineReader(descriptor: spawned.output))
    }

    private static func spawn(
        _ program: URL, _ arguments: [String], _ options: Options
    ) throws -> (id: pid_t, input: Int32, output: Int32) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var ours: (input: Int32, output: Int32) = (-1, -1)
        var theirs: [Int32] = []
        if options.isSpokenWith {
            let (down, up) = (try Self.pipe(), try Self.pipe())
            posix_spawn_file_actions_adddup2(&actions, down.read, 0)
            posix_spawn_file_actions_adddup2(&actions, up.write, 1)
            ours = (down.write, up.read)
            theirs = [down.read, up.write]
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_addopen(
            &actions, 2, options.log?.path ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // There is no portable way to spawn into another folder; the shell's process becomes the program's.
        let change = #"cd "$0" && exec "$@""#
        let command = (options.directory.map { ["/bin/sh", "-c", change, $0.path] } ?? []) + [program.path]

        var id = pid_t()
        let words = (command + arguments).map { strdup($0) } + [nil]
        let settings = options.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + settings).forEach { free($0) } }
        let status = posix_spawn(&id, command[0], &actions, nil, words, settings)
        for descriptor in theirs { close(descriptor) }
        guard status == 0 else {
            throw TestFailure("\(program.path) cannot be started: \(String(cString: strerror(status)))")
        }
        return (id, ours.input, ours.output)
    }

    deinit {
        for descriptor in [input, output.withLock(\.descriptor)] where descriptor >= 0 { close(descriptor) }
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Foundation.pipe(&ends) == 0 else { throw TestFailure("no pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    // MARK: Its end

    /// How it ended; nil while it runs.
    var ended: Exit? {
        exit.withLock { exit in
            if let exit { return exit }
            var status: Int32 = 0
            guard waitpid(id, &status, WNOHANG) == id else { return nil }
            let signal = status & 0x7F
            exit = signal == 0 ? .code(status >> 8 & 0xFF) : .signal(signal)
            return exit
        }
    }

    func signal(_ number: Int32) {
        // Under the lock: a number that was waited for may be another process's by now.
        exit.withLock { if $0 == nil { _ = kill(id, number) } }
    }

    func waitForEnd(within limit: Duration = .seconds(60)) async throws -> Exit {
        try await eventually(within: limit, every: .milliseconds(2), "the end of process \(id)") { ended != nil }
        return ended ?? .code(-1)
    }

    /// Ends it at once, as the loss of power would.
    func killHard() async throws {
        signal(SIGKILL)
        _ = try await waitForEnd()
    }

    // MARK: Speaking with it

    func write(line: String) throws {
        var bytes = Array("\(line)\n".utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(input, $0.baseAddress, $0.count) }
            guard count > 0 else { throw TestFailure("process \(id) reads no more") }
            bytes = bytes.dropFirst(count)
        }
    }

    /// The next line of its standard output.
    func readLine() async throws -> String {
        try await offPool { [self] in
            guard let line = try output.withLock({ try $0.next() }) else {
                throw TestFailure("process \(id) ended its output")
            }
            return line
        }
    }
}

/// Reads lines from a descriptor; blocks.
struct LineReader {
    let descriptor: Int32
    private var bytes: [UInt8] = []

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The next line without its end; nil after the last.
    mutating func next() throws -> String? {
        while true {
            if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                defer { bytes.removeFirst(end + 1) }
                return String(decoding: bytes[..<end], as: UTF8.self)
            }
            var part = [UInt8](repeating: 0, count: 65536)
            let count = read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            bytes += part[..<count]
        }
    }
}
