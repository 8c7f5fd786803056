#if os(Linux)
import Glibc
import OrchCore
import Testing

@testable import OrchSandbox

/// The real control groups of this machine, where they can be used without a change to what is there.
enum RealGroups {
    static let absence: Comment = "no control groups that may be written here without moving or changing anything"

    /// Never moves the tests themselves.
    static let areThere: Bool = {
        let found = Cgroups.find()
        return found.outcome.isAvailable && found.preparation == .nothing
    }()

    static func ready() throws -> Cgroups {
        let cgroups = Cgroups.find()
        try #require(cgroups.preparation == .nothing)
        try #require(cgroups.prepare().isAvailable)
        return cgroups
    }

    /// Where a group of a name is, in each hierarchy.
    static func directories(_ cgroups: Cgroups, _ name: String) -> [String] { cgroups.places.map { "\($0)/\(name)" } }

    /// Who is in a group, of its list's path.
    static func processes(_ list: String) -> [pid_t] {
        let bytes = (try? SmallFile(list, O_RDONLY).contents(limit: 1 << 16)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { pid_t($0) }
    }

    static func remain(_ cgroups: Cgroups, _ name: String) -> Bool {
        directories(cgroups, name).contains { access($0, F_OK) == 0 }
    }
}

/// A shell's script that is in a group before its first command runs.
final class GroupedScript {
    struct Failure: Error { let code: CInt }

    let process: pid_t
    private var hasEnded = false

    /// Goes in as the sandbox's child does: it writes `0` into the group's open files.
    convenience init(_ script: String, in group: RunGroup) throws {
        try self.init(script, descriptors: group.joinDescriptors)
    }

    init(_ script: String, descriptors: [CInt] = []) throws {
        // The shell takes numbers of one digit; they must not be among those that are copied.
        let copies = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        defer { for copy in copies { close(copy) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (index, copy) in copies.enumerated() { posix_spawn_file_actions_adddup2(&actions, copy, CInt(3 + index)) }
        let joining = copies.indices.map { "echo 0 >&\(3 + $0) || exit 99; exec \(3 + $0)>&-" }.joined(separator: "; ")
        let words = ["sh", "-c", joining.isEmpty ? script : "\(joining); exec 2>/dev/null; \(script)"]
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, "/bin/sh", &actions, nil, arguments + [nil], environ)
        guard code == 0 else { throw Failure(code: code) }
        self.process = process
    }

    deinit {
        guard !hasEnded else { return }
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    /// Its status when it has ended by itself within the time; else it is ended, and there is none.
    func end(within limit: Duration = .seconds(20)) -> CInt? {
        defer { hasEnded = true }
        let deadline = ContinuousClock.now + limit
        var status: CInt = 0
        while waitpid(process, &status, WNOHANG) == 0 {
            guard ContinuousClock.now < deadline else {
                kill(process, SIGKILL)
                waitpid(process, &status, 0)
                return nil
            }
            usleep(2_000)
        }
        return status
    }
}
#endif
