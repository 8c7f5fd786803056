import OrchTestSupport
import Synchronization

@testable import OrchSandbox

/// A folder that looks like a machine's proc and cgroup file systems, and calls that do to it what the kernel would.
///
/// All of its processes have numbers beyond what Linux gives to any, as ours may be ended.
final class MadeUpMachine: Sendable {
    static let server: Int32 = 5_000_000

    let folder: TemporaryFolder
    let state = Mutex(State())

    struct State {
        /// What was set, in order: `path=value`.
        var settings: [String] = []
        /// Acts that fail, by a part of their path.
        var failures: [(act: Act, part: String, failure: SystemFailure, times: Int)] = []
        /// Files that new groups do not have, by the path of their directory, or have as directories.
        var missing: Set<String> = []
        var directories: Set<String> = []
    }

    enum Act { case make, remove, set }

    init() throws {
        folder = try TemporaryFolder()
        folder.setMode(0o755)
        write("proc/self/stat", Self.stat(Self.server, parent: 1, start: 77))
        write("proc/\(Self.server)/stat", Self.stat(Self.server, parent: 1, start: 77))
    }

    var settings: [String] { state.withLock(\.settings) }

    /// - Parameter times: How often, before it works.
    func fail(_ act: Act, _ part: String, _ failure: SystemFailure, times: Int = .max) {
        state.withLock { $0.failures.append((act, part, failure, times)) }
    }

    /// New groups in a directory have no such file.
    func without(_ file: String, in directory: String) {
        _ = state.withLock { $0.missing.insert("\(directory)/\(file)") }
    }

    /// New groups in a directory have a directory of that name.
    func withDirectory(_ name: String, in directory: String) {
        _ = state.withLock { $0.directories.insert("\(directory)/\(name)") }
    }

    func find() -> Cgroups { Cgroups.find(root: folder.path, calls: calls) }

    func ready() -> Cgroups {
        let cgroups = find()
        cgroups.prepare()
        return cgroups
    }
}
