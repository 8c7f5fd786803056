#if os(Linux)
import Glibc
import OrchCore
import OrchTestSupport
import Testing

@testable import OrchSandbox

@Suite("Where there are no control groups for runs")
struct CgroupOutcomeTests {
    private func refusal(_ machine: MadeUpMachine) -> (reason: String, remedy: String)? {
        guard case .unavailable(let reason, let remedy) = machine.find().outcome else { return nil }
        return (reason, remedy)
    }

    /// Asks as an ordinary user: this thread's rights to files alone are another's for a moment.
    private func asUser<Value>(_ operation: () -> Value) throws -> Value {
        // Swift's module of the C library does not have it.
        let symbol = try #require(dlsym(nil, "setfsuid"))
        let setUser = unsafeBitCast(symbol, to: (@convention(c) (uid_t) -> CInt).self)
        let own = setUser(65_534)
        defer { _ = setUser(uid_t(own)) }
        return operation()
    }

    @Test("It is said what is missing, and what to do", arguments: ["", "cpu io", "memory", "pids cpu"])
    func controllers(_ offered: String) throws {
        let answer = try #require(refusal(try .v2(controllers: offered)))
        #expect(answer.reason.contains("memory") != offered.contains("memory"))
        #expect(answer.reason.contains("pids") != offered.contains("pids"))
        #expect(answer.remedy.contains("Delegate=memory pids cpu"))
    }

    @Test("An ordinary user is told how to get some")
    func permission() throws {
        for file in [".", "cgroup.procs", "cgroup.subtree_control"] {
            let machine = try MadeUpMachine.v2()
            chmod(machine.folder.path(MadeUpMachine.unified), 0o777)
            for name in machine.names(in: MadeUpMachine.unified) {
                chmod(machine.folder.path("\(MadeUpMachine.unified)/\(name)"), 0o666)
            }
            #expect(try asUser { machine.find().outcome.isAvailable })
            chmod(machine.folder.path("\(MadeUpMachine.unified)/\(file)"), file == "." ? 0o555 : 0o444)
            let answer = try asUser { refusal(machine) }
            #expect(answer?.remedy.contains("systemd-run --user --scope -p Delegate=yes") == true)
        }
    }

    @Test("An ordinary user of v1 is refused for what is needed, and does without the rest")
    func oldPermission() throws {
        for (closed, isAvailable) in [("memory", false), ("pids", false), ("cpu,cpuacct", true)] {
            let machine = try MadeUpMachine.v1()
            for name in ["memory", "pids", "cpu,cpuacct"] {
                chmod(machine.folder.path("sys/fs/cgroup/\(name)/server"), name == closed ? 0o555 : 0o777)
            }
            let outcome = try asUser { machine.find().outcome }
            #expect(
                outcome == (isAvailable ? .available(.v1, [.memory, .pids]) : CgroupRefusal.forbidden(.v1).outcome))
        }
    }

    @Test("Nothing is taken for a group that is none, or is not there")
    func notThere() throws {
        let machine = try MadeUpMachine.v2()
        machine.remove("\(MadeUpMachine.unified)/cgroup.procs")
        #expect(machine.find().outcome == CgroupRefusal.notMounted.outcome)
        machine.write("proc/self/cgroup", "0::/orch.service (deleted)\n")
        #expect(machine.find().outcome == CgroupRefusal.notMounted.outcome)
        for file in ["stat", "cgroup", "mountinfo"] {
            let machine = try MadeUpMachine.v2()
            machine.remove("proc/self/\(file)")
            #expect(machine.find().outcome == CgroupRefusal.noProcess.outcome)
        }
        let one = try MadeUpMachine.v1(["memory", "pids"])
        one.remove("sys/fs/cgroup/pids/server/cgroup.procs")
        #expect(one.find().outcome == CgroupRefusal.notMounted.outcome)
    }

    @Test("Files that are too long to be true are not read")
    func tooLong() throws {
        let machine = try MadeUpMachine.v2()
        machine.write("proc/self/cgroup", String(repeating: "1:x:/\n", count: 20_000) + "0::/orch.service\n")
        #expect(machine.find().outcome == CgroupRefusal.noProcess.outcome)
    }

    @Test("No message holds a path of the machine; the operator has it elsewhere")
    func paths() throws {
        let all: [CgroupRefusal] = [
            .notLinux, .noProcess, .notMounted, .elsewhere, .split, .readOnly, .forbidden(.v1), .forbidden(.v2),
            .missing([.memory], .v1), .missing([.memory, .pids], .v2), .crowded,
            .failed("groups cannot be made", SystemFailure(5), .v2),
        ]
        for refusal in all {
            #expect(!refusal.reason.contains("/") && !refusal.reason.isEmpty && !refusal.remedy.isEmpty)
        }
        let cgroups = try MadeUpMachine.v2(controllers: "").find()
        #expect(cgroups.places == ["/sys/fs/cgroup/orch.service"])
        let error = #expect(throws: SandboxError.self) { try cgroups.makeGroup(limits: SandboxLimits()) }
        #expect(error?.code == .unavailable && error?.message.contains("/") == false)
        #expect(cgroups.sweep() == Cgroups.Sweep())
    }
}
#endif
