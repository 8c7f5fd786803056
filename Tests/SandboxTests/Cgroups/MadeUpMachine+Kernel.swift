import OrchTestSupport
import Synchronization

@testable import OrchSandbox

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the kernel does.
extension MadeUpMachine {
    var calls: CgroupCalls {
        CgroupCalls(
            make: { [self] (name, directory) throws(SystemFailure) in
                try act(.make, path(name, directory))
                try CgroupCalls.kernel.make(name, directory)
                fill(name, in: path(".", directory))
            },
            remove: { [self] (name, directory) throws(SystemFailure) in
                let path = path(name, directory)
                try act(.remove, path)
                guard isThere(path) else { throw .missing }
                guard read("\(path)/cgroup.procs").isEmpty else { throw .busy }
                for file in names(in: path) where unlink(folder.path("\(path)/\(file)")) != 0 {
                    rmdir(folder.path("\(path)/\(file)"))
                }
                try CgroupCalls.kernel.remove(name, directory)
            },
            set: { [self] (name, directory, value) throws(SystemFailure) in
                let path = path(name, directory)
                try act(.set, path)
                try set(path, value)
                state.withLock { $0.settings.append("\(path)=\(value)") }
            })
    }

    private func fill(_ group: String, in directory: String) {
        let (missing, directories) = state.withLock { ($0.missing, $0.directories) }
        for file in MadeUpFiles.ofGroup(in: directory) {
            let isDirectory = directories.contains("\(directory)/\(file)")
            if isDirectory { makeDirectory("\(directory)/\(group)/\(file)") }
            if isDirectory || missing.contains("\(directory)/\(file)") { continue }
            write("\(directory)/\(group)/\(file)", "")
        }
    }

    private func act(_ act: Act, _ path: String) throws(SystemFailure) {
        let failure: SystemFailure? = state.withLock { state in
            let index = state.failures.firstIndex { $0.act == act && path.contains($0.part) && $0.times > 0 }
            guard let index else { return nil }
            if state.failures[index].times != .max { state.failures[index].times -= 1 }
            return state.failures[index].failure
        }
        if let failure { throw failure }
    }

    private func set(_ path: String, _ value: String) throws(SystemFailure) {
        let file = try SmallFile(folder.path(path), O_WRONLY)
        let group = String(path.prefix(path.lastIndex(of: "/").map { $0.utf16Offset(in: path) } ?? 0))
        switch path.split(separator: "/").last {
        case "cgroup.procs": move(value == "0" ? "\(Self.server)" : value, to: path)
        case "cgroup.kill": write("\(group)/cgroup.procs", "")
        case "cgroup.subtree_control":
            guard !isThere("\(group)/cgroup.type") || read("\(group)/cgroup.procs").isEmpty else { throw .busy }
            let before = read(path).split(whereSeparator: \.isWhitespace).map(String.init)
            let added = value.split(separator: " ").map { String($0.dropFirst()) }
            let offered = Set(
                read("\(group)/cgroup.controllers").split(whereSeparator: \.isWhitespace).map(String.init))
            guard offered.isSuperset(of: added) else { throw .missing }
            write(path, Set(before + added).sorted().joined(separator: " ") + "\n")
        default: try file.put(value)
        }
    }

    /// A process is in one group of a hierarchy, and all our tests move within one.
    private func move(_ process: String, to path: String) {
        let parts = path.split(separator: "/")
        for other in [parts.dropLast(2) + ["cgroup.procs"], parts.dropLast() + ["orch-server", "cgroup.procs"]] {
            let name = other.joined(separator: "/")
            guard isThere(name) else { continue }
            let rest = read(name).split(separator: "\n").filter { $0 != process }
            write(name, rest.map { "\($0)\n" }.joined())
        }
        write(path, read(path) + "\(process)\n")
    }

    /// A path in the folder, of an open directory.
    private func path(_ name: String, _ directory: CInt) -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/fd/\(directory)", &buffer, buffer.count)
        let bytes = buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:))
        let base = String(decoding: bytes, as: UTF8.self).dropFirst(folder.path.count + 1)
        return name == "." ? String(base) : "\(base)/\(name)"
    }
}
