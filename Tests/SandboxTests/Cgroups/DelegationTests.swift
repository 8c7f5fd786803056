#if os(Linux)
import OrchCore
import Testing

@testable import OrchSandbox

@Suite("The server's part of v2's tree, on a made-up machine")
struct DelegationTests {
    private static let server = MadeUpMachine.server
    private static let all: Cgroups.Outcome = .available(.v2, [.memory, .pids, .cpu])

    private func handedDown(_ machine: MadeUpMachine, _ base: String = MadeUpMachine.unified) -> String {
        machine.read("\(base)/cgroup.subtree_control")
    }

    @Test("Is only looked at, until it is to be prepared; then the server moves into the leaf, once")
    func moves() throws {
        let machine = try MadeUpMachine.v2()
        let cgroups = machine.find()
        #expect(cgroups.outcome == Self.all && cgroups.preparation == .moving)
        #expect(machine.settings.isEmpty && !machine.isThere("\(MadeUpMachine.unified)/orch-server"))
        #expect(cgroups.prepare() == Self.all)
        let settings = [
            "\(MadeUpMachine.unified)/orch-server/cgroup.procs=0",
            "\(MadeUpMachine.unified)/cgroup.subtree_control=+memory +pids",
            "\(MadeUpMachine.unified)/cgroup.subtree_control=+cpu",
        ]
        #expect(machine.settings == settings)
        #expect(machine.read("\(MadeUpMachine.unified)/orch-server/cgroup.procs") == "\(Self.server)\n")
        #expect(cgroups.prepare() == Self.all && machine.settings == settings)
        // Another one of the same process, from before and from after, has nothing to do any more.
        machine.write("proc/self/cgroup", "0::/orch.service/orch-server\n")
        let later = machine.find()
        #expect(later.preparation == .nothing && later.prepare() == Self.all && machine.settings == settings)
        #expect(later.places == ["/sys/fs/cgroup/orch.service"])
    }

    @Test("Is the parent where systemd has put the server into the leaf already")
    func leaf() throws {
        let machine = try MadeUpMachine.v2("/orch.service/orch-server")
        machine.makeUnified(MadeUpMachine.unified, controllers: "memory pids")
        let cgroups = machine.find()
        #expect(cgroups.preparation == .enabling)
        #expect(cgroups.prepare() == .available(.v2, [.memory, .pids]))
        #expect(cgroups.outcome.note?.isEmpty == false)
        #expect(machine.settings.first == "\(MadeUpMachine.unified)/cgroup.subtree_control=+memory +pids")
        let group = try cgroups.makeGroup(limits: SandboxLimits())
        #expect(machine.groups(in: MadeUpMachine.unified) == [group.name])
    }

    @Test("Is not touched where controllers are handed down already, and cpu is added where it can be")
    func enabled() throws {
        let machine = try MadeUpMachine.v2(handedDown: "cpu memory pids")
        #expect(machine.find().preparation == .nothing)
        #expect(machine.ready().outcome == Self.all && machine.settings.isEmpty)
        let other = try MadeUpMachine.v2(handedDown: "memory pids", processes: [])
        #expect(other.find().preparation == .enabling && other.ready().outcome == Self.all)
        #expect(other.settings == ["\(MadeUpMachine.unified)/cgroup.subtree_control=+cpu"])
        let refusing = try MadeUpMachine.v2(handedDown: "memory pids", processes: [])
        refusing.fail(.set, "cgroup.subtree_control", SystemFailure(22))
        #expect(refusing.ready().outcome == .available(.v2, [.memory, .pids]))
    }

    @Test("Is enabled without a move in the topmost group, which may hold processes")
    func top() throws {
        let machine = try MadeUpMachine.v2("/", isTop: true)
        #expect(machine.find().preparation == .enabling && machine.ready().outcome == Self.all)
        #expect(!machine.isThere("sys/fs/cgroup/orch-server"))
        // The root of a namespace is not the topmost.
        let container = try MadeUpMachine.v2("/")
        #expect(container.find().preparation == .moving && container.ready().outcome == Self.all)
        #expect(container.isThere("sys/fs/cgroup/orch-server"))
    }

    @Test("Takes the server's children along, and refuses where anyone else is in there, with nothing moved")
    func others() throws {
        let machine = try MadeUpMachine.v2(processes: [Self.server, 5_000_007, 5_000_008])
        machine.write("proc/5000007/stat", MadeUpMachine.stat(5_000_007, parent: Self.server, start: 80))
        machine.write("proc/5000008/stat", MadeUpMachine.stat(5_000_008, parent: 5_000_007, start: 81))
        #expect(machine.ready().outcome == Self.all)
        #expect(machine.read("\(MadeUpMachine.unified)/orch-server/cgroup.procs") == "5000000\n5000007\n5000008\n")
        for stranger: Int32 in [5_000_009, 0, 1] {
            let machine = try MadeUpMachine.v2(processes: [Self.server, stranger])
            machine.write("proc/5000009/stat", MadeUpMachine.stat(5_000_009, parent: 1, start: 80))
            #expect(machine.ready().outcome == CgroupRefusal.crowded.outcome)
            #expect(machine.settings.isEmpty && !machine.isThere("\(MadeUpMachine.unified)/orch-server"))
        }
    }

    @Test(
        "Is as before where it cannot be prepared, and says why",
        arguments: [
            (SystemFailure.busy, CgroupRefusal.crowded), (.forbidden, .forbidden(.v2)),
            (.notPermitted, .forbidden(.v2)), (.readOnly, .readOnly),
        ])
    func movesBack(_ failure: SystemFailure, _ refusal: CgroupRefusal) throws {
        for file in ["subtree_control", "orch-server/cgroup.procs"] {
            let machine = try MadeUpMachine.v2(processes: [Self.server, 5_000_007])
            machine.write("proc/5000007/stat", MadeUpMachine.stat(5_000_007, parent: Self.server, start: 80))
            machine.fail(.set, file, failure)
            let cgroups = machine.find()
            #expect(cgroups.prepare() == refusal.outcome && cgroups.prepare() == refusal.outcome)
            #expect(
                Set(machine.read("\(MadeUpMachine.unified)/cgroup.procs").split(separator: "\n")) == [
                    "5000000", "5000007",
                ])
            #expect(!machine.isThere("\(MadeUpMachine.unified)/orch-server") && handedDown(machine) == "\n")
            #expect(throws: SandboxError.self) { try cgroups.makeGroup(limits: SandboxLimits()) }
        }
        let machine = try MadeUpMachine.v2()
        machine.fail(.make, "orch-server", failure)
        #expect(machine.ready().outcome == refusal.outcome && machine.settings.isEmpty)
    }

    @Test("Is emptied again where a child was started in the meantime, a few times")
    func races() throws {
        let machine = try MadeUpMachine.v2()
        machine.fail(.set, "subtree_control", .busy, times: 2)
        #expect(machine.ready().outcome == Self.all)
        let busier = try MadeUpMachine.v2()
        busier.fail(.set, "subtree_control", .busy, times: 3)
        #expect(busier.ready().outcome == CgroupRefusal.crowded.outcome)
        #expect(busier.read("\(MadeUpMachine.unified)/cgroup.procs") == "5000000\n")
    }

    @Test("Is moved past a child that is gone before its turn")
    func gone() throws {
        let machine = try MadeUpMachine.v2(processes: [5_000_007, Self.server])
        machine.write("proc/5000007/stat", MadeUpMachine.stat(5_000_007, parent: Self.server, start: 80))
        machine.fail(.set, "orch-server/cgroup.procs", .noProcess, times: 1)
        _ = machine.find().prepare()
        #expect(machine.settings.first == "\(MadeUpMachine.unified)/orch-server/cgroup.procs=0")
    }
}
#endif
