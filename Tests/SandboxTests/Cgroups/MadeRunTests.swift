#if os(Linux)
import OrchCore
import Testing

@testable import OrchSandbox

@Suite("What a run used, its end, and what is left of dead servers, on a made-up machine")
struct MadeRunTests {
    /// No process has such a number.
    private static let stranger: Int32 = 5_000_050

    private func unifiedMachine() throws -> MadeUpMachine {
        try .v2(handedDown: "cpu memory pids", processes: [])
    }

    @Test("Of v1 is read from three controllers")
    func oldUsage() throws {
        let machine = try MadeUpMachine.v1()
        let group = try machine.ready().makeGroup(limits: SandboxLimits())
        let name = group.name
        machine.write("\(MadeUpMachine.cpu)/\(name)/cpuacct.usage", "1500000001\n")
        machine.write("\(MadeUpMachine.memory)/\(name)/memory.max_usage_in_bytes", "4096\n")
        machine.write("\(MadeUpMachine.memory)/\(name)/memory.failcnt", "17\n")
        machine.write(
            "\(MadeUpMachine.memory)/\(name)/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
        machine.write("\(MadeUpMachine.pids)/\(name)/pids.events", "max 9\n")
        let used = RunGroup.Usage(
            cpuTime: .nanoseconds(1_500_000_001), peakMemory: 4096, oomKills: 2, pidsRefused: 9)
        #expect(group.usage() == used)
        machine.write("\(MadeUpMachine.memory)/\(name)/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\n")
        #expect(group.usage().oomKills == 1)
        machine.write("\(MadeUpMachine.memory)/\(name)/memory.failcnt", "0\n")
        #expect(group.usage().oomKills == 0)
    }

    @Test("Of v2 is read from the one directory")
    func unifiedUsage() throws {
        let machine = try unifiedMachine()
        let group = try machine.ready().makeGroup(limits: SandboxLimits())
        let path = "\(MadeUpMachine.unified)/\(group.name)"
        machine.write("\(path)/cpu.stat", "usage_usec 2500\nuser_usec 1\nsystem_usec 2\n")
        machine.write("\(path)/memory.peak", "8192\n")
        machine.write("\(path)/memory.events", "low 0\noom 4\noom_kill 3\noom_group_kill 1\n")
        machine.write("\(path)/pids.events", "max 1\n")
        #expect(
            group.usage()
                == RunGroup.Usage(cpuTime: .microseconds(2500), peakMemory: 8192, oomKills: 3, pidsRefused: 1))
    }

    @Test("Is not made up where the kernel does not say it")
    func noUsage() throws {
        let machine = try unifiedMachine()
        machine.without("memory.peak", in: MadeUpMachine.unified)
        let group = try machine.ready().makeGroup(limits: SandboxLimits())
        machine.write("\(MadeUpMachine.unified)/\(group.name)/cpu.stat", "usage_usec many\nusage_usecs 3\n")
        #expect(group.usage() == RunGroup.Usage(cpuTime: nil, peakMemory: nil, oomKills: 0, pidsRefused: 0))
        let old = try MadeUpMachine.v1(["memory", "pids"]).ready().makeGroup(limits: SandboxLimits())
        #expect(old.usage().cpuTime == nil)
    }

    @Test("The end of v2 is the kernel's, and refused forks are counted up to it")
    func kernelKills() throws {
        let machine = try unifiedMachine()
        let group = try machine.ready().makeGroup(limits: SandboxLimits())
        let path = "\(MadeUpMachine.unified)/\(group.name)"
        machine.write("\(path)/cgroup.procs", "\(Self.stranger)\n")
        machine.write("\(path)/pids.events", "max 4\n")
        #expect(group.kill() && machine.settings.suffix(2) == ["\(path)/pids.max=0", "\(path)/cgroup.kill=1"])
        machine.write("\(path)/pids.events", "max 400\n")
        #expect(group.usage().pidsRefused == 4 && group.remove())
    }

    @Test("A group that somebody stays in is neither said to be empty nor gone, and can be removed later")
    func stays() throws {
        let machine = try MadeUpMachine.v1()
        let group = try machine.ready().makeGroup(limits: SandboxLimits())
        machine.write("\(MadeUpMachine.pids)/\(group.name)/cgroup.procs", "\(Self.stranger)\n")
        #expect(!group.kill() && !group.remove())
        #expect(
            machine.groups(in: MadeUpMachine.pids) == [group.name] && machine.groups(in: MadeUpMachine.memory).isEmpty)
        machine.write("\(MadeUpMachine.pids)/\(group.name)/cgroup.procs", "")
        #expect(group.kill() && group.remove() && machine.groups(in: MadeUpMachine.pids).isEmpty)
    }

    @Test("A removal waits for processes that are just ending")
    func waits() throws {
        let machine = try MadeUpMachine.v1()
        let group = try machine.ready().makeGroup(limits: SandboxLimits())
        machine.fail(.remove, MadeUpMachine.memory, .busy, times: 5)
        #expect(group.remove() && machine.groups(in: MadeUpMachine.memory).isEmpty)
    }

    @Test("Half a number at the end of a list is nobody's")
    func halfNumber() throws {
        let machine = try MadeUpMachine.v1()
        let group = try machine.ready().makeGroup(limits: SandboxLimits())
        machine.write("\(MadeUpMachine.pids)/\(group.name)/cgroup.procs", "5000050\n5000051\n50000")
        #expect(group.processes() == [5_000_050, 5_000_051])
    }

    @Test("A sweep removes what dead servers left in any hierarchy, and nothing else")
    func sweep() throws {
        let machine = try MadeUpMachine.v1()
        let cgroups = machine.ready()
        let own = try cgroups.makeGroup(limits: SandboxLimits())
        machine.write("proc/5000001/stat", MadeUpMachine.stat(5_000_001, parent: 1, start: 90))
        // Of a living one; of a number that another process has now; of a number that none has.
        let names = ["orch-sandbox-5000001-90-1", "orch-sandbox-5000001-89-1", "orch-sandbox-5000002-90-1"]
        for name in names + ["orch-sandbox-x", "other"] {
            machine.write("\(MadeUpMachine.pids)/\(name)/cgroup.procs", "")
        }
        machine.write("\(MadeUpMachine.memory)/orch-sandbox-5000003-1-1/cgroup.procs", "")
        machine.write("\(MadeUpMachine.memory)/orch-sandbox-5000004-1-1/cgroup.procs", "0\n")
        machine.write("\(MadeUpMachine.cpu)/orch-sandbox-5000005-1-1/cgroup.procs", "\(Self.stranger)\n")
        #expect(cgroups.sweep() == Cgroups.Sweep(removed: 3, left: 2))
        #expect(machine.groups(in: MadeUpMachine.pids) == [own.name, names[0], "orch-sandbox-x"].sorted())
        #expect(machine.groups(in: MadeUpMachine.memory) == [own.name, "orch-sandbox-5000004-1-1"].sorted())
        #expect(machine.isThere("\(MadeUpMachine.pids)/other"))
    }

    @Test("A sweep in v2 leaves the server's leaf")
    func unifiedSweep() throws {
        let machine = try MadeUpMachine.v2()
        let cgroups = machine.ready()
        machine.write("\(MadeUpMachine.unified)/orch-sandbox-5000002-90-1/cgroup.procs", "\(Self.stranger)\n")
        machine.write("\(MadeUpMachine.unified)/orch-sandbox-5000002-90-1/cgroup.kill", "")
        #expect(cgroups.sweep() == Cgroups.Sweep(removed: 1, left: 0))
        #expect(
            machine.isThere("\(MadeUpMachine.unified)/orch-server") && machine.groups(in: MadeUpMachine.unified).isEmpty
        )
    }
}
#endif
