import OrchCore
import Synchronization

/// Where the runs' groups are made: a directory of each hierarchy.
struct CgroupBase: Sendable {
    struct Hierarchy: Sendable {
        let directory: CgroupDirectory
        let controllers: Set<Cgroups.Controller>
    }

    let version: Cgroups.Version
    let hierarchies: [Hierarchy]
    let server: ProcessTable.Entry
    let processes: ProcessTable

    /// How many names are tried, and how many directory entries a sweep looks at.
    private static let nameAttempts = 16
    private static let sweepLimit = 1 << 16
    /// Of the whole process, as two of these may be for one place.
    private static let number = Atomic<UInt64>(0)

    var controllers: Set<Cgroups.Controller> { hierarchies.reduce(into: []) { $0.formUnion($1.controllers) } }

    /// Makes a group with all of its limits, or nothing.
    func makeGroup(_ limits: SandboxLimits) throws(SandboxError) -> RunGroup {
        let settings = try CgroupSetting.all(limits, version, controllers)
        let group = RunGroup(name: try makeDirectories(), version: version, hierarchies: hierarchies)
        do {
            for setting in settings { try apply(setting, to: group.name) }
            try group.openForJoining()
            return group
        } catch {
            group.remove()
            throw error
        }
    }

    private func makeDirectories() throws(SandboxError) -> String {
        for _ in 0..<Self.nameAttempts {
            let number = Self.number.add(1, ordering: .relaxed).newValue
            let name = GroupName(process: server.id, start: server.start, number: number).description
            var made: [CgroupDirectory] = []
            do {
                for hierarchy in hierarchies {
                    try hierarchy.directory.make(name)
                    made.append(hierarchy.directory)
                }
                return name
            } catch {
                for directory in made { try? directory.remove(name) }
                if error == .exists { continue }
                throw Self.unusable("it cannot be made", error)
            }
        }
        throw Self.unusable("every name that was tried is taken", .exists)
    }

    private func apply(_ setting: CgroupSetting, to group: String) throws(SandboxError) {
        for hierarchy in hierarchies where hierarchy.controllers.contains(setting.controller) {
            do { try hierarchy.directory.set("\(group)/\(setting.file)", to: setting.value) } catch {
                let isHeldAnyway =
                    switch setting.absence {
                    case .fails: false
                    case .passes: error == .missing
                    case .passesWithoutSwap: error == .missing && !processes.hasSwap
                    }
                guard isHeldAnyway else { throw Self.unusable("\(setting.file) cannot be set", error) }
            }
        }
    }

    static func unusable(_ what: String, _ failure: SystemFailure) -> SandboxError {
        SandboxError(.unavailable, "the run's control group cannot be used: \(what), system error \(failure.code)")
    }

    /// Removes the groups of servers that are no more, and what runs in them.
    func sweep() -> Cgroups.Sweep {
        var names: Set<String> = []
        for hierarchy in hierarchies {
            names.formUnion((try? hierarchy.directory.names(limit: Self.sweepLimit)) ?? [])
        }
        var sweep = Cgroups.Sweep()
        for text in names {
            guard let name = GroupName(text), !processes.isAlive(name.process, start: name.start) else { continue }
            let group = RunGroup(name: text, version: version, hierarchies: hierarchies)
            // Of a process of another pid namespace it cannot be said that it is dead: it cannot be seen.
            let isForeign = group.processes().contains(0)
            if !isForeign, group.kill(), group.remove() { sweep.removed += 1 } else { sweep.left += 1 }
        }
        return sweep
    }
}
