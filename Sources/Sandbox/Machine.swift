import OrchCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds out which walls this machine can make, and for whom.
///
/// Blocks; for a worker's thread.
struct Machine: Sendable {
    var bubblewrap = BubblewrapBackend.places
    var docker = DockerBackend.places
    var python = PythonRuntime.places
    var usesGroups = true
    var filter: @Sendable () throws(SandboxError) -> [UInt8] = { () throws(SandboxError) in
        try FilterProgram(.standard).bytes
    }

    /// The users that programs run as where the server is root. Nobody has these numbers.
    private static let users: ClosedRange<UInt32> = 1_800_000_000...1_900_000_000

    /// Of these, or of the last that there are, where the server is root of a namespace with fewer users. Nil where
    /// there are no others: whoever is root there alone is an ordinary user outside.
    static func users(in map: String) -> ClosedRange<UInt32>? {
        let ranges = map.split(separator: "\n").compactMap { line -> ClosedRange<UInt32>? in
            let numbers = line.split(separator: " ").compactMap { UInt64($0) }
            guard numbers.count == 3, numbers[2] > 0, let first = UInt32(exactly: numbers[0]) else { return nil }
            return first...UInt32(clamping: numbers[0] + numbers[2] - 1)
        }
        if ranges.contains(where: { $0.lowerBound <= users.lowerBound && $0.upperBound >= users.upperBound }) {
            return users
        }
        guard let last = ranges.max(by: { $0.upperBound < $1.upperBound }), last.upperBound > 1000 else { return nil }
        return max(last.lowerBound, last.upperBound - 500)...(last.upperBound - 1)
    }

    /// The walls of the settings' choice, tried once.
    func backend(_ settings: Sandbox.Settings) throws(SandboxError) -> any SandboxBackend {
        switch settings.choice {
        case .bubblewrap: return try bubblewrap(settings)
        case .docker: return try DockerBackend.find(in: docker, settings)
        case .auto:
            do throws(SandboxError) { return try bubblewrap(settings) } catch {
                // What bubblewrap lacks is easier to mend than docker.
                guard let docker = try? DockerBackend.find(in: docker, settings) else { throw error }
                return docker
            }
        }
    }

    func plain(_ settings: Sandbox.Settings) -> PlainBackend {
        let groups = usesGroups ? Cgroups.find() : nil
        let isGrouped = groups?.prepare().isAvailable ?? false
        return PlainBackend(
            toolFolder: SystemFile.folder(settings.toolFolder) ?? settings.toolFolder,
            python: python.first(where: SystemFile.isExecutable),
            groups: isGrouped ? groups : nil)
    }

    func bubblewrap(_ settings: Sandbox.Settings) throws(SandboxError) -> BubblewrapBackend {
        #if !os(Linux)
        throw SandboxError(.unavailable, "there is a sandbox on Linux alone")
        #else
        guard let launcher = bubblewrap.first(where: SystemFile.isExecutable) else { throw BubblewrapBackend.missing }
        let runtime = try PythonRuntime.find(in: python)
        let bytes = try filter()
        guard !bytes.isEmpty else {
            throw SandboxError(.unavailable, "the list of system calls is empty: nothing is allowed")
        }
        let groups = usesGroups ? Cgroups.find() : nil
        let isGrouped = groups?.prepare().isAvailable ?? false
        if isGrouped { groups?.sweep() }
        let backend = BubblewrapBackend(
            launcher: launcher,
            arguments: BubblewrapArguments(
                python: runtime,
                rootLinks: BubblewrapArguments.rootLinks()),
            toolFolder: settings.toolFolder, filter: bytes, groups: isGrouped ? groups : nil,
            users: geteuid() == 0 ? Self.users(in: SystemFile.text("/proc/self/uid_map")) : nil)
        var limits = settings.limits
        limits.wallClock = max(limits.wallClock, .seconds(10))
        let trial = try backend.run(.pythonExpression("6 * 7"), limits: limits, cancellation: -1)
        guard trial.value == "42" else {
            throw SandboxError(.unavailable, "Python does not run in the sandbox here; run orch sandbox check")
        }
        return backend
        #endif
    }
}
