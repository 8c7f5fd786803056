import OrchCore

/// A value that is written to a file of a run's group.
struct CgroupSetting: Hashable {
    /// What it means that a kernel does not have the file.
    enum Absence: Hashable {
        /// The group would not hold: no run.
        case fails
        /// Another setting holds as well.
        case passes
        /// It is about memory on a disk, and there must be no such place.
        case passesWithoutSwap
    }

    let controller: Cgroups.Controller
    let file: String
    let value: String
    var absence = Absence.fails

    /// Microseconds in which a group's share of processor time is counted.
    private static let period = 100_000
    /// The kernel takes no quota that is smaller.
    private static let smallestQuota = 1_000

    /// In the order in which they have to be written.
    static func all(
        _ limits: SandboxLimits, _ version: Cgroups.Version, _ controllers: Set<Cgroups.Controller>
    ) throws(SandboxError) -> [CgroupSetting] {
        // Zero or a negative number lifts some of the kernel's limits; 2²² is the most processes that it takes.
        guard limits.memory > 0, (1...1 << 20).contains(limits.processes), limits.cpuShare > 0,
            limits.cpuShare <= 10_000
        else {
            throw SandboxError(
                .unavailable, "the sandbox's limits of memory, processes and processors are not such as can be held")
        }
        let processes = "\(limits.processes + Cgroups.launcherProcesses)"
        let quota = max(smallestQuota, Int((limits.cpuShare * Double(period)).rounded()))
        let settings =
            switch version {
            case .v1: old(memory: "\(limits.memory)", processes: processes, quota: quota)
            case .v2: unified(memory: "\(limits.memory)", processes: processes, quota: quota)
            }
        return settings.filter { controllers.contains($0.controller) }
    }

    private static func old(memory: String, processes: String, quota: Int) -> [CgroupSetting] {
        [
            CgroupSetting(controller: .memory, file: "memory.limit_in_bytes", value: memory),
            // With swap: never below the limit without.
            CgroupSetting(
                controller: .memory, file: "memory.memsw.limit_in_bytes", value: memory, absence: .passes),
            CgroupSetting(
                controller: .memory, file: "memory.swappiness", value: "0", absence: .passesWithoutSwap),
            CgroupSetting(controller: .pids, file: "pids.max", value: processes),
            CgroupSetting(controller: .cpu, file: "cpu.cfs_period_us", value: "\(period)"),
            CgroupSetting(controller: .cpu, file: "cpu.cfs_quota_us", value: "\(quota)"),
        ]
    }

    private static func unified(memory: String, processes: String, quota: Int) -> [CgroupSetting] {
        [
            CgroupSetting(controller: .memory, file: "memory.max", value: memory),
            CgroupSetting(
                controller: .memory, file: "memory.swap.max", value: "0", absence: .passesWithoutSwap),
            // The whole group ends where one of it would.
            CgroupSetting(controller: .memory, file: "memory.oom.group", value: "1", absence: .passes),
            CgroupSetting(controller: .pids, file: "pids.max", value: processes),
            CgroupSetting(controller: .cpu, file: "cpu.max", value: "\(quota) \(period)"),
        ]
    }
}
