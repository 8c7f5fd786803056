import OrchTestSupport
import Testing

@testable import OrchSandbox

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite("The name of a run's group, and the process that it names")
struct GroupNameTests {
    @Test("Says whose it is")
    func roundTrip() {
        let name = GroupName(process: 812, start: 99_221, number: 7)
        #expect(name.description == "orch-sandbox-812-99221-7")
        #expect(GroupName(name.description) == name)
    }

    @Test(
        "Is not seen in names that are not ours",
        arguments: [
            "", "orch-server", "orch-sandbox-", "orch-sandbox-1-2", "orch-sandbox-1-2-3-4", "orch-sandbox-1-2-",
            "orch-sandbox-0-2-3", "orch-sandbox--1-2-3", "orch-sandbox-01-2-3", "orch-sandbox-+1-2-3",
            "orch-sandbox-1-2-3 ", "orch-sandbox-1-2-x", "orch-sandbox-99999999999-2-3", "x-orch-sandbox-1-2-3",
            "orch-sandbox-1-2-3/..",
        ])
    func others(_ name: String) {
        #expect(GroupName(name) == nil)
    }

    @Test("Has the start that the process's file tells, whatever the program's name is")
    func stat() throws {
        let line = MadeUpMachine.stat(812, parent: 44, start: 99_221)
        let entry = try #require(ProcessTable.Entry(Array(line.utf8)))
        #expect(entry.id == 812 && entry.parent == 44 && entry.start == 99_221)
        #expect(ProcessTable.Entry(Array(line.prefix(40).utf8)) == nil)
        #expect(ProcessTable.Entry([]) == nil && ProcessTable.Entry(Array("1 2 3".utf8)) == nil)
        #expect(ProcessTable.Entry([UInt8](repeating: 0xff, count: 100)) == nil)
    }

    #if os(Linux)
    @Test("Is of a process that lives only where number and start are its")
    func alive() throws {
        let processes = ProcessTable(root: "")
        let own = try #require(processes.own)
        #expect(own.id == getpid() && own.parent == getppid())
        #expect(processes.isAlive(own.id, start: own.start))
        #expect(!processes.isAlive(own.id, start: own.start + 1))
        #expect(!processes.isAlive(MadeUpMachine.server, start: own.start))
    }

    @Test(
        "Is of a process that lives as long as one thread of it does",
        arguments: [("S", 1, true), ("Z", 1, false), ("Z", 0, false), ("Z", 2, true), ("X", 0, false), ("T", 1, true)])
    func threads(_ state: String, _ count: Int, _ lives: Bool) throws {
        let machine = try MadeUpMachine()
        machine.write(
            "proc/5000001/stat", MadeUpMachine.stat(5_000_001, parent: 1, start: 9, state: state, threads: count))
        #expect(ProcessTable(root: machine.folder.path).isAlive(5_000_001, start: 9) == lives)
    }

    @Test("Is of a process that lives where its file cannot be read, but the number is in use")
    func hidden() {
        #expect(ProcessTable(root: "/nowhere").isAlive(getpid(), start: 1))
        #expect(!ProcessTable(root: "/nowhere").isAlive(MadeUpMachine.server, start: 1))
    }

    @Test("Descends from whoever started it, and from nobody in a circle")
    func descent() throws {
        let processes = ProcessTable(root: "")
        #expect(processes.isOrDescends(getpid(), from: getpid()))
        #expect(processes.isOrDescends(getpid(), from: getppid()))
        #expect(!processes.isOrDescends(getppid(), from: getpid()))
        #expect(!processes.isOrDescends(0, from: getpid()) && !processes.isOrDescends(-1, from: getpid()))
        let machine = try MadeUpMachine()
        machine.write("proc/5000001/stat", MadeUpMachine.stat(5_000_001, parent: 5_000_002, start: 1))
        machine.write("proc/5000002/stat", MadeUpMachine.stat(5_000_002, parent: 5_000_001, start: 1))
        #expect(!ProcessTable(root: machine.folder.path).isOrDescends(5_000_001, from: 5_000_003))
    }
    #endif
}
