#if os(Linux)
import Glibc
import OrchCore
import Testing

@testable import OrchSandbox

@Suite(
    "A run's group, on this machine's kernel", .enabled(if: RealGroups.areThere, RealGroups.absence),
    .timeLimit(.minutes(2)))
struct RealGroupTests {
    private let cgroups: Cgroups

    init() throws { cgroups = try RealGroups.ready() }

    /// A group that is empty and gone afterwards, whatever happens.
    private func withGroup(_ limits: SandboxLimits, _ operation: (RunGroup) throws -> Void) throws {
        let group = try cgroups.makeGroup(limits: limits)
        defer {
            #expect(group.kill() && group.remove() && !RealGroups.remain(cgroups, group.name))
        }
        try operation(group)
    }

    @Test("Holds who went in, with all their children, in every hierarchy, and lets nobody live at the end")
    func members() throws {
        try withGroup(SandboxLimits()) { group in
            let script = try GroupedScript("sleep 20 & sleep 20 & wait", in: group)
            #expect(eventually { group.processes().count == 3 })
            #expect(group.processes().contains(script.process))
            for hierarchy in group.hierarchies {
                #expect(try Set(hierarchy.directory.processes(of: group.name)) == group.processes())
            }
            // It cannot be removed with them in it.
            #expect(!group.remove() && RealGroups.remain(cgroups, group.name))
            #expect(group.kill() && script.end().map { $0 & 0x7f } == SIGKILL)
        }
    }

    @Test("Ends what takes more memory than it may, and says so")
    func memory() throws {
        try withGroup(SandboxLimits(memory: 64 << 20)) { group in
            // Keeps what it is given, of which there are 200 MiB.
            let script = try GroupedScript(
                "head -c 209715200 /dev/zero | tail -c 209715200 | wc -c > /dev/null", in: group)
            _ = script.end()
            let usage = group.usage()
            #expect(usage.oomKills >= 1)
            if let peak = usage.peakMemory { #expect((48 << 20...64 << 20).contains(peak)) }
        }
    }

    @Test("Lets pass what takes less")
    func lessMemory() throws {
        try withGroup(SandboxLimits(memory: 64 << 20)) { group in
            let script = try GroupedScript("head -c 20971520 /dev/zero | tail -c 20971520 > /dev/null", in: group)
            #expect(script.end() == 0)
            #expect(group.usage().oomKills == 0 && group.usage().pidsRefused == 0)
        }
    }

    @Test("Refuses one process more than it may have")
    func processes() throws {
        let limits = SandboxLimits(processes: 8)
        try withGroup(limits) { group in
            let loop = "i=0; while [ $i -lt 100 ]; do sleep 20 & i=$((i+1)); done; wait"
            let script = try GroupedScript("(\(loop)); exit 7", in: group)
            #expect(script.end() == 7 << 8)
            #expect(group.usage().pidsRefused >= 1)
            // Without the shell that has ended, and the one that could not go on.
            let left = group.processes().count
            #expect((1...limits.processes + Cgroups.launcherProcesses).contains(left))
            #expect(group.kill() && group.processes().isEmpty)
        }
    }

    @Test("Ends what starts new processes faster than they are ended one by one")
    func bomb() throws {
        try withGroup(SandboxLimits(processes: 60)) { group in
            let script = try GroupedScript(
                "b() { i=0; while [ $i -lt 300 ]; do (sleep 0.01; [ $1 -gt 0 ] && b $(($1-1))) & i=$((i+1)); done; }; b 3",
                in: group)
            #expect(eventually { group.usage().pidsRefused > 0 })
            #expect(group.kill() && group.processes().isEmpty)
            _ = script.end()
        }
    }

    @Test("Gives no more processor time than its share, and counts it")
    func processor() throws {
        guard case .available(_, let controllers) = cgroups.outcome, controllers.contains(.cpu) else { return }
        try withGroup(SandboxLimits(cpuShare: 0.2)) { group in
            let start = ContinuousClock.now
            let script = try GroupedScript("while :; do :; done", in: group)
            usleep(1_000_000)
            #expect(group.kill() && script.end() != nil)
            let elapsed = ContinuousClock.now - start
            if let used = group.usage().cpuTime {
                // A period more than the share, and one slice that is over before it is noticed.
                #expect(used > .milliseconds(10) && used < elapsed * 0.2 + .milliseconds(60))
            }
        }
    }

    @Test("Leaves nothing, two hundred times")
    func many() throws {
        let names = try (0..<200).map { _ in
            let group = try cgroups.makeGroup(limits: SandboxLimits())
            try #require(RealGroups.remain(cgroups, group.name))
            try #require(group.remove())
            return group.name
        }
        #expect(Set(names).count == 200 && !names.contains { RealGroups.remain(cgroups, $0) })
    }

    @Test("Goes with its last reference, where nobody removed it")
    func forgotten() throws {
        let name = try cgroups.makeGroup(limits: SandboxLimits()).name
        #expect(!RealGroups.remain(cgroups, name))
    }

    @Test("Of a dead server is swept away with what runs in it, and a living one's is not")
    func sweep() throws {
        let living = try GroupedScript("exec sleep 20")
        let dead = try GroupedScript("exec sleep 20")
        let names = try [living, dead].map { script in
            let entry = try #require(
                ProcessTable.Entry(ProcessTable(root: "").bytes("\(script.process)/stat", limit: 4096) ?? []))
            return GroupName(process: entry.id, start: entry.start, number: 1).description
        }
        kill(dead.process, SIGKILL)
        _ = dead.end()
        for directory in names.flatMap({ RealGroups.directories(cgroups, $0) }) { mkdir(directory, 0o755) }
        defer { for directory in RealGroups.directories(cgroups, names[0]) { rmdir(directory) } }
        let files = RealGroups.directories(cgroups, names[1]).map { open("\($0)/cgroup.procs", O_WRONLY | O_CLOEXEC) }
        defer { for file in files { close(file) } }
        let orphan = try GroupedScript("exec sleep 20", descriptors: files)
        let list = "\(RealGroups.directories(cgroups, names[1]).last ?? "")/cgroup.procs"
        try #require(eventually { RealGroups.processes(list).contains(orphan.process) })
        #expect(cgroups.sweep().removed >= 1)
        #expect(orphan.end(within: .seconds(5)).map { $0 & 0x7f } == SIGKILL)
        #expect(!RealGroups.remain(cgroups, names[1]) && RealGroups.remain(cgroups, names[0]))
        withExtendedLifetime(living) {}
    }

    private func eventually(_ condition: () -> Bool) -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            usleep(10_000)
        }
        return false
    }
}
#endif
