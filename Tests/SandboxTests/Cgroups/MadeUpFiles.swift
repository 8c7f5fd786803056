@testable import OrchSandbox

/// The files that the kernel puts into groups, and machines that have them.
enum MadeUpFiles {
    private static let ofController: [String: [String]] = [
        "memory": [
            "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.swappiness", "memory.max_usage_in_bytes",
            "memory.oom_control", "memory.failcnt",
        ],
        "pids": ["pids.max", "pids.events"],
        "cpu": ["cpu.cfs_period_us", "cpu.cfs_quota_us", "cpu.stat"],
        "cpuacct": ["cpuacct.usage"],
    ]

    private static let unified = [
        "memory.max", "memory.swap.max", "memory.oom.group", "memory.peak", "memory.events", "pids.max", "pids.events",
        "cpu.max", "cpu.stat", "cgroup.kill", "cgroup.type", "cgroup.controllers", "cgroup.subtree_control",
    ]

    /// - Parameter directory: Its third part is the hierarchy's name in v1.
    static func ofGroup(in directory: String) -> [String] {
        let names = directory.split(separator: "/").dropFirst(3).first?.split(separator: ",") ?? []
        let old = names.flatMap { ofController[String($0)] ?? [] }
        return ["cgroup.procs"] + (old.isEmpty ? unified : ["tasks"] + old)
    }
}

extension MadeUpMachine {
    // The server's own groups.
    static let memory = "sys/fs/cgroup/memory/server"
    static let pids = "sys/fs/cgroup/pids/server"
    static let cpu = "sys/fs/cgroup/cpu,cpuacct/server"
    static let unified = "sys/fs/cgroup/orch.service"

    /// A machine of v1, with the server in `/server` of each hierarchy.
    static func v1(_ hierarchies: [String] = ["memory", "pids", "cpu,cpuacct"]) throws -> MadeUpMachine {
        let machine = try MadeUpMachine()
        machine.mount(
            hierarchies.map { "/ /sys/fs/cgroup/\($0) rw,nosuid - cgroup cgroup rw,\($0)" }
                + ["/ /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd"])
        machine.write(
            "proc/self/cgroup",
            (hierarchies + ["name=systemd"]).enumerated().map { "\($0.offset + 1):\($0.element):/server\n" }.joined())
        for hierarchy in hierarchies { machine.write("sys/fs/cgroup/\(hierarchy)/server/cgroup.procs", "") }
        return machine
    }

    /// A machine of v2, with the server alone in a group of this path.
    static func v2(
        _ path: String = "/orch.service", controllers: String = "cpu io memory pids", handedDown: String = "",
        processes: [Int32] = [server], isTop: Bool = false
    ) throws -> MadeUpMachine {
        let machine = try MadeUpMachine()
        machine.mount(["/ /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"])
        machine.write("proc/self/cgroup", "0::\(path)\n")
        let group = "sys/fs/cgroup\(path == "/" ? "" : path)"
        machine.makeUnified(group, controllers: controllers, handedDown: handedDown, processes: processes)
        if isTop { machine.remove("\(group)/cgroup.type") }
        return machine
    }

    func makeUnified(_ group: String, controllers: String, handedDown: String = "", processes: [Int32] = []) {
        write("\(group)/cgroup.procs", processes.map { "\($0)\n" }.joined())
        write("\(group)/cgroup.controllers", controllers + "\n")
        write("\(group)/cgroup.subtree_control", handedDown + "\n")
        write("\(group)/cgroup.type", "domain\n")
    }

    /// - Parameter mounts: Lines from the root's field on.
    func mount(_ mounts: [String]) {
        write(
            "proc/self/mountinfo",
            mounts.enumerated().map { "\($0.offset + 30) 20 0:\($0.offset + 40) \($0.element)\n" }.joined())
    }
}
