#if os(Linux)
import OrchCore
import Testing

@testable import OrchSandbox

@Suite("A run's group, on a made-up machine")
struct MadeGroupTests {
    private func leftovers(_ machine: MadeUpMachine) -> [String] {
        [MadeUpMachine.memory, MadeUpMachine.pids, MadeUpMachine.cpu, MadeUpMachine.unified].flatMap(machine.groups)
    }

    private func machine(_ version: Cgroups.Version) throws -> MadeUpMachine {
        version == .v1 ? try .v1() : try .v2(handedDown: "cpu memory pids", processes: [])
    }

    @Test("Of v1 is in every hierarchy, each with its own limits")
    func old() throws {
        let machine = try MadeUpMachine.v1()
        let group = try machine.ready().makeGroup(
            limits: SandboxLimits(memory: 1 << 26, cpuShare: 2, processes: 5))
        let name = group.name
        #expect(
            [MadeUpMachine.memory, MadeUpMachine.pids, MadeUpMachine.cpu].map(machine.groups) == [
                [name], [name], [name],
            ])
        #expect(GroupName(name)?.process == MadeUpMachine.server && GroupName(name)?.start == 77)
        #expect(
            machine.settings == [
                "\(MadeUpMachine.memory)/\(name)/memory.limit_in_bytes=67108864",
                "\(MadeUpMachine.memory)/\(name)/memory.memsw.limit_in_bytes=67108864",
                "\(MadeUpMachine.memory)/\(name)/memory.swappiness=0", "\(MadeUpMachine.pids)/\(name)/pids.max=6",
                "\(MadeUpMachine.cpu)/\(name)/cpu.cfs_period_us=100000",
                "\(MadeUpMachine.cpu)/\(name)/cpu.cfs_quota_us=200000",
            ])
        #expect(group.joinDescriptors.count == 3)
        #expect(group.remove() && leftovers(machine).isEmpty && group.joinDescriptors.isEmpty)
        #expect(group.remove())
    }

    @Test("Of v2 is in the one tree, with all limits")
    func unified() throws {
        let machine = try machine(.v2)
        let group = try machine.ready().makeGroup(limits: SandboxLimits(memory: 1 << 26, cpuShare: 2, processes: 5))
        let path = "\(MadeUpMachine.unified)/\(group.name)"
        #expect(
            machine.settings == [
                "\(path)/memory.max=67108864", "\(path)/memory.swap.max=0", "\(path)/memory.oom.group=1",
                "\(path)/pids.max=6", "\(path)/cpu.max=200000 100000",
            ])
        #expect(group.joinDescriptors.count == 1)
        #expect(group.remove() && leftovers(machine).isEmpty)
    }

    @Test("Has a name of its own each time, of two servers' parts in one process as well")
    func names() throws {
        let machine = try MadeUpMachine.v1()
        let (first, second) = (machine.ready(), machine.ready())
        let groups = try (0..<10).flatMap { _ in
            [try first.makeGroup(limits: SandboxLimits()), try second.makeGroup(limits: SandboxLimits())]
        }
        #expect(Set(groups.map(\.name)).count == 20 && machine.groups(in: MadeUpMachine.pids).count == 20)
        #expect(groups.allSatisfy { $0.remove() } && leftovers(machine).isEmpty)
    }

    @Test(
        "Is not made where one limit cannot be set, and nothing is left",
        arguments: [
            (Cgroups.Version.v1, "memory.limit_in_bytes"), (.v1, "memory.memsw.limit_in_bytes"),
            (.v1, "memory.swappiness"), (.v1, "pids.max"), (.v1, "cpu.cfs_period_us"), (.v1, "cpu.cfs_quota_us"),
            (.v2, "memory.max"), (.v2, "memory.swap.max"), (.v2, "memory.oom.group"), (.v2, "pids.max"),
            (.v2, "cpu.max"),
        ])
    func unset(_ version: Cgroups.Version, _ file: String) throws {
        let machine = try machine(version)
        let cgroups = machine.ready()
        machine.fail(.set, file, SystemFailure(22), times: 1)
        let error = #expect(throws: SandboxError.self) { try cgroups.makeGroup(limits: SandboxLimits()) }
        #expect(error?.code == .unavailable && error?.message.contains("\(file) cannot be set") == true)
        #expect(error?.message.contains("/") == false)
        #expect(leftovers(machine).isEmpty)
        // The next one is.
        #expect(try cgroups.makeGroup(limits: SandboxLimits()).remove())
    }

    @Test(
        "Is not made where it cannot be made in one hierarchy, or not be joined, and nothing is left",
        arguments: [MadeUpMachine.memory, MadeUpMachine.pids, MadeUpMachine.cpu, MadeUpMachine.unified])
    func unmade(_ directory: String) throws {
        let machine = try machine(directory == MadeUpMachine.unified ? .v2 : .v1)
        let cgroups = machine.ready()
        machine.without(directory == MadeUpMachine.unified ? "cgroup.procs" : "tasks", in: directory)
        #expect(throws: SandboxError.self) { try cgroups.makeGroup(limits: SandboxLimits()) }
        #expect(leftovers(machine).isEmpty)
        machine.fail(.make, directory, SystemFailure(28))
        #expect(throws: SandboxError.self) { try cgroups.makeGroup(limits: SandboxLimits()) }
        #expect(leftovers(machine).isEmpty)
    }

    @Test("Is made under another name where one is taken")
    func taken() throws {
        let machine = try MadeUpMachine.v1()
        let cgroups = machine.ready()
        machine.fail(.make, MadeUpMachine.pids, .exists, times: 1)
        let group = try cgroups.makeGroup(limits: SandboxLimits())
        #expect(leftovers(machine) == [group.name, group.name, group.name])
    }

    @Test(
        "Is not made where a file is missing or is something else, but for those that others stand in for",
        arguments: [
            (Cgroups.Version.v1, "memory.limit_in_bytes", false), (.v1, "pids.max", false),
            (.v1, "cpu.cfs_quota_us", false), (.v1, "memory.memsw.limit_in_bytes", true),
            (.v1, "memory.swappiness", true), (.v2, "memory.max", false), (.v2, "pids.max", false),
            (.v2, "cpu.max", false), (.v2, "memory.oom.group", true), (.v2, "memory.swap.max", true),
        ])
    func absent(_ version: Cgroups.Version, _ file: String, _ isMade: Bool) throws {
        let directory =
            version == .v2
            ? MadeUpMachine.unified : file.hasPrefix("memory") ? MadeUpMachine.memory : MadeUpMachine.pids
        let machine = try machine(version)
        let cgroups = machine.ready()
        machine.without(file, in: file.hasPrefix("cpu") && version == .v1 ? MadeUpMachine.cpu : directory)
        let group = try? cgroups.makeGroup(limits: SandboxLimits())
        #expect((group != nil) == isMade)
        #expect(group?.remove() != false && leftovers(machine).isEmpty)
        machine.withDirectory(file, in: file.hasPrefix("cpu") && version == .v1 ? MadeUpMachine.cpu : directory)
        #expect(throws: SandboxError.self) { try cgroups.makeGroup(limits: SandboxLimits()) }
        #expect(leftovers(machine).isEmpty)
    }

    @Test("Is not made where memory could be written out to a disk without a bound")
    func swap() throws {
        let machine = try machine(.v2)
        let cgroups = machine.ready()
        machine.without("memory.swap.max", in: MadeUpMachine.unified)
        machine.write("proc/swaps", "Filename Type Size Used Priority\n")
        #expect(try cgroups.makeGroup(limits: SandboxLimits()).remove())
        machine.write("proc/swaps", "Filename Type Size Used Priority\n/dev/vdb partition 9 0 -2\n")
        #expect(throws: SandboxError.self) { try cgroups.makeGroup(limits: SandboxLimits()) }
        #expect(leftovers(machine).isEmpty)
    }

    @Test("Is not made before the place has been prepared")
    func unprepared() throws {
        let machine = try MadeUpMachine.v1()
        #expect(throws: SandboxError.self) { try machine.find().makeGroup(limits: SandboxLimits()) }
        #expect(leftovers(machine).isEmpty)
    }
}
#endif
