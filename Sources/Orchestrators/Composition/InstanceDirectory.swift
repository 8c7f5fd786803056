import OrchCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The folder of runtime state: databases, keys, the model's launcher. Nobody else may look into it.
final class InstanceDirectory: Sendable {
    let path: String
    private let commands = Mutex<Int32?>(nil)

    /// Makes the folder, with mode 0700, where it is not there.
    init(_ path: String) throws(InstanceError) {
        self.path = path
        // Whatever the program makes is its user's alone.
        umask(0o077)
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += made.isEmpty && !part.isEmpty ? String(part) : "/\(part)"
            guard !part.isEmpty, mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
            throw InstanceError(
                message: "the folder of ORCH_INSTANCE_DIR cannot be made: \(String(cString: strerror(errno)))")
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw InstanceError(
                message: "the folder of ORCH_INSTANCE_DIR cannot be written to: check its owner and mode")
        }
    }

    /// A file in the folder.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Says for as long as this process lives that a command runs which makes receipts.
    func joinCommands() throws(InstanceError) {
        let isJoined = commands.withLock { descriptor in
            if descriptor == nil {
                let opened = openCommandLock()
                guard opened >= 0, flock(opened, LOCK_SH) == 0 else { return false }
                descriptor = opened
            }
            return true
        }
        guard isJoined else {
            throw InstanceError(message: "the folder of ORCH_INSTANCE_DIR takes no lock: check its file system")
        }
    }

    /// Runs something while no command makes receipts; those that begin meanwhile wait for it.
    ///
    /// - Returns: Whether it ran.
    func withoutCommands(_ body: () async throws -> Void) async rethrows -> Bool {
        let descriptor = openCommandLock()
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
        try await body()
        return true
    }

    private func openCommandLock() -> Int32 { open(file("commands.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }

    /// Sees to it that one server alone uses the folder, as long as this process lives.
    func lock() throws(InstanceError) {
        let descriptor = open(file("server.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw InstanceError(
                message: "another server uses this ORCH_INSTANCE_DIR: stop it, or give this one a folder of its own")
        }
        // The descriptor stays open: the lock is the process's.
    }
}

/// A folder of runtime state that cannot be used.
struct InstanceError: CodedError {
    let message: String
    var codeName: String { "instance_unusable" }
}
