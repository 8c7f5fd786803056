import OrchCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The control group of one run. Whoever made it ends what runs in it, and then removes it.
package final class RunGroup: Sendable {
    let name: String
    let version: Cgroups.Version
    let hierarchies: [CgroupBase.Hierarchy]
    private let state = Mutex(State())

    private struct State {
        var descriptors: [CInt] = []
        /// It was made here, and has not been removed.
        var isOurs = false
        /// What the kernel refused before ``RunGroup/kill()`` let it refuse everything.
        var refusedForks: Int?
    }

    /// The group of a name, whether it is there or not.
    init(name: String, version: Cgroups.Version, hierarchies: [CgroupBase.Hierarchy]) {
        self.name = name
        self.version = version
        self.hierarchies = hierarchies
    }

    deinit {
        closeDescriptors()
        // A group that someone forgot goes if it is empty; else the sweep of a later server finds it.
        if state.withLock(\.isOurs) { _ = removeDirectories() }
    }

    // MARK: Going in

    /// The open file of each hierarchy by which it is joined. A child is in the group when it has written `0` into
    /// every one of them, which it does between fork and exec, while it is one thread. They are closed on exec, and by
    /// ``remove()``.
    package var joinDescriptors: [CInt] { state.withLock(\.descriptors) }

    /// One thread that moves itself does not wait for a grace period of the kernel, as a process does (Linux 5.5).
    private var joinFile: String { version == .v1 ? "tasks" : "cgroup.procs" }

    /// Opens them; from here on the group goes with its last reference.
    func openForJoining() throws(SandboxError) {
        state.withLock { $0.isOurs = true }
        for hierarchy in hierarchies {
            do {
                let descriptor = try hierarchy.directory.openForJoining("\(name)/\(joinFile)")
                state.withLock { $0.descriptors.append(descriptor) }
            } catch {
                throw CgroupBase.unusable("\(joinFile) cannot be opened", error)
            }
        }
    }

    private func closeDescriptors() {
        let descriptors = state.withLock { state in
            defer { state.descriptors = [] }
            return state.descriptors
        }
        for descriptor in descriptors { close(descriptor) }
    }

    // MARK: The end

    /// How often what is left is looked at again: half a second in all.
    private static let rounds = 40

    /// Ends every process in the group. Nothing can be started in it after that.
    ///
    /// - Returns: Whether the group is empty now; a process that hangs in the kernel may take longer.
    @discardableResult
    package func kill() -> Bool {
        stopForks()
        // Of v2, since Linux 5.14.
        let isKernels =
            version == .v2 && hierarchies.allSatisfy { (try? $0.directory.set("\(name)/cgroup.kill", to: "1")) != nil }
        for round in 0..<Self.rounds {
            let left = processes()
            if left.isEmpty { return true }
            if !isKernels { left.forEach(ProcessTable.end) }
            ProcessTable.pause(round: round)
        }
        return processes().isEmpty
    }

    /// Without it, what forks faster than it is ended would live.
    private func stopForks() {
        let refused = refusedForks
        state.withLock { $0.refusedForks = $0.refusedForks ?? refused }
        for hierarchy in hierarchies where hierarchy.controllers.contains(.pids) {
            try? hierarchy.directory.set("\(name)/pids.max", to: "0")
        }
    }

    /// Who is in any of the directories; 0 stands for one that cannot be seen, or a list that cannot be read.
    func processes() -> Set<Int32> {
        var all: Set<Int32> = []
        for hierarchy in hierarchies {
            do {
                all.formUnion(try hierarchy.directory.processes(of: name))
            } catch {
                if error != .missing, error != .noDevice { all.insert(0) }
            }
        }
        return all
    }

    /// Removes the group, and waits a moment for processes that are just ending.
    ///
    /// - Returns: Whether all of it is gone. It may be called again.
    @discardableResult
    package func remove() -> Bool {
        closeDescriptors()
        for round in 0..<Self.rounds {
            let isGone = removeDirectories()
            if isGone {
                state.withLock { $0.isOurs = false }
                return true
            }
            ProcessTable.pause(round: round)
        }
        return false
    }

    /// Tries once.
    private func removeDirectories() -> Bool {
        var isGone = true
        for hierarchy in hierarchies {
            do { try hierarchy.directory.remove(name) } catch { isGone = isGone && error == .missing }
        }
        return isGone
    }

    // MARK: What it used

    /// What the run has used until now; ``remove()`` takes it away.
    package func usage() -> Usage {
        Usage(
            cpuTime: cpuTime, peakMemory: peakMemory, oomKills: oomKills,
            pidsRefused: state.withLock(\.refusedForks) ?? refusedForks)
    }
}
