/// Why there are no control groups for runs, and what to do about it.
struct CgroupRefusal: Error, Hashable {
    let reason: String
    let remedy: String

    var outcome: Cgroups.Outcome { .unavailable(reason: reason, remedy: remedy) }

    static let notLinux = CgroupRefusal(
        reason: "control groups are a part of Linux, and this is another system",
        remedy: "run the server on Linux, or in a container")

    static let noProcess = CgroupRefusal(
        reason: "the process's own entries of the proc file system cannot be read",
        remedy: "mount proc where the server runs")

    static let notMounted = CgroupRefusal(
        reason: "control groups are not mounted here",
        remedy: "mount the cgroup2 file system where the server runs; container engines do unless told otherwise")

    static let elsewhere = CgroupRefusal(
        reason: "the server's own control group lies outside of what is mounted here",
        remedy: "start the container with a control group namespace of its own: --cgroupns=private")

    static let split = CgroupRefusal(
        reason: "the memory and pids controllers are in control groups of different versions",
        remedy: "boot with all controllers in v2: systemd.unified_cgroup_hierarchy=1")

    static let readOnly = CgroupRefusal(
        reason: "the control groups are mounted read-only, as containers have them",
        remedy: "start the container with --cgroupns=private and a writable control group: Docker's "
            + "--security-opt writable-cgroups=true, Podman's --security-opt unmask=/sys/fs/cgroup")

    static func forbidden(_ version: Cgroups.Version) -> CgroupRefusal {
        CgroupRefusal(
            reason: "the server's user may not make control groups where the server runs",
            remedy: version == .v2
                ? "start the server by: systemd-run --user --scope -p Delegate=yes <command>; or give its unit "
                    + "Delegate=memory pids cpu"
                : "give the server's user its control groups of memory and pids, or boot with control groups v2")
    }

    static func missing(_ controllers: Set<Cgroups.Controller>, _ version: Cgroups.Version) -> CgroupRefusal {
        let names = controllers.map(\.rawValue).sorted().joined(separator: " and ")
        return CgroupRefusal(
            reason: "of the control groups' controllers, \(names) is missing where the server runs",
            remedy: version == .v2
                ? "give the server's unit Delegate=memory pids cpu; where the kernel has no memory controller, boot "
                    + "with cgroup_enable=memory"
                : "mount it, or boot with control groups v2: systemd.unified_cgroup_hierarchy=1")
    }

    static let crowded = CgroupRefusal(
        reason: "other processes are in the server's control group, which has to be empty to hand controllers down",
        remedy:
            "start the server in one of its own: systemd-run --scope -p Delegate=yes <command>, with --user if it is "
            + "not root; or as a unit with Delegate=memory pids cpu")

    /// - Parameter act: What was tried, such as `controllers cannot be handed down`.
    static func failed(_ act: String, _ failure: SystemFailure, _ version: Cgroups.Version) -> CgroupRefusal {
        switch failure {
        case .readOnly: readOnly
        case .forbidden, .notPermitted: forbidden(version)
        case .busy: crowded
        default:
            CgroupRefusal(
                reason: "\(act) where the server runs: system error \(failure.code)",
                remedy: "start the server as a unit of its own with Delegate=memory pids cpu")
        }
    }
}
