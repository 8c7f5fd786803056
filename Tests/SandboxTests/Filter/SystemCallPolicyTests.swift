import OrchCore
import Testing

@testable import OrchSandbox

@Suite("The list of allowed system calls")
struct SystemCallPolicyTests {
    @Test(
        "Allows nothing when it is empty: then there is no program",
        arguments: [
            SystemCallPolicy(allowed: []), SystemCallPolicy(allowed: [], tried: [.absent: ["read"]]),
            SystemCallPolicy(allowed: [.init("none", []), .init("none", .legacy, [])]),
        ])
    func empty(_ policy: SystemCallPolicy) {
        for table in [SystemCallTable.x86, .arm, .native] {
            let error = #expect(throws: SandboxError.self) { try FilterProgram(policy, table: table) }
            #expect(error?.code == .unavailable)
        }
    }

    @Test(
        "Is refused when nobody knows a name on it",
        arguments: [SystemCallPolicy.Presence.everywhere, .legacy, .recent])
    func misspelt(_ presence: SystemCallPolicy.Presence) {
        let policy = SystemCallPolicy(allowed: [.init("some", ["read"]), .init("more", presence, ["raed"])])
        let error = #expect(throws: SandboxError.self) { try FilterProgram(policy, table: .x86) }
        #expect(error?.code == .unavailable && error?.message.contains("raed") == true)
        let tried = SystemCallPolicy(allowed: [.init("some", ["read"])], tried: [.absent: ["clone4"]])
        #expect(throws: SandboxError.self) { try FilterProgram(tried, table: .x86) }
    }

    @Test(
        "Is refused where a call that has to be there is not",
        arguments: ["execve", "exit_group", "read", "write", "mmap"])
    func missing(_ name: String) {
        for table in [SystemCallTable.x86, .arm] {
            var numbers = table.numbers
            numbers[name] = nil
            let poorer = SystemCallTable(architecture: table.architecture, names: table.names, numbers: numbers)
            let error = #expect(throws: SandboxError.self) { try FilterProgram(.standard, table: poorer) }
            #expect(error?.code == .unavailable && error?.message.contains(name) == true)
        }
    }

    @Test("Passes over what only other architectures, or later headers, have", arguments: ["open", "fork"])
    func legacy(_ name: String) throws {
        let call = SystemCallPolicy.Call(name)
        for presence in [SystemCallPolicy.Presence.legacy, .recent] {
            let policy = SystemCallPolicy(allowed: [.init("some", ["read"]), .init("old", presence, [call])])
            let machine = try FilterMachine(FilterProgram(policy, table: .arm).bytes)
            #expect(try machine.answer(.init(number: 63, architecture: 0xC000_00B7)) == .allowed)
        }
        let policy = SystemCallPolicy(allowed: [.init("some", ["read", call])])
        #expect(throws: SandboxError.self) { try FilterProgram(policy, table: .arm) }
        #expect(throws: Never.self) { try FilterProgram(policy, table: .x86) }
    }

    @Test("Says one thing of each call")
    func twice() {
        let other = SystemCallPolicy.Call("ioctl", where: .int(1, isOneOf: [0x5401]))
        let policies = [
            SystemCallPolicy(allowed: [.init("a", ["read", "read"])]),
            SystemCallPolicy(allowed: [.init("a", ["ioctl"]), .init("b", [other])]),
            SystemCallPolicy(allowed: [.init("a", ["read"])], tried: [.absent: ["read"]]),
            SystemCallPolicy(allowed: [.init("a", ["read"])], tried: [.absent: ["clone3"], .unsupported: ["clone3"]]),
        ]
        for policy in policies { #expect(throws: SandboxError.self) { try FilterProgram(policy, table: .x86) } }
    }

    @Test(
        "Has no check that nothing can pass, or that cannot be made",
        arguments: [
            ArgumentCheck.int(0, isOneOf: []), .int(0, isOneOf: (0...255).map { $0 }), .int(6, isOneOf: [1]),
            .int(-1, hasOnly: 1), .int(0, equals: 3, under: 1), .long(6, hasOnly: 1),
        ])
    func checks(_ check: ArgumentCheck) {
        let policy = SystemCallPolicy(allowed: [.init("a", [.init("read", where: check)])])
        #expect(throws: SandboxError.self) { try FilterProgram(policy, table: .x86) }
    }

    @Test("Is refused when its program would be longer than the kernel takes")
    func tooLong() {
        let check = ArgumentCheck.int(0, isOneOf: (0..<255).map { $0 })
        let calls = KnownNumbers.x86.keys.sorted().prefix(20).map { SystemCallPolicy.Call($0, where: check) }
        let policy = SystemCallPolicy(allowed: [.init("a", calls)])
        #expect(throws: SandboxError.self) { try FilterProgram(policy, table: .x86) }
    }

    @Test("Makes no program for an architecture that we do not know")
    func noArchitecture() {
        let table = SystemCallTable(architecture: nil, names: KnownNumbers.names, numbers: KnownNumbers.x86)
        let error = #expect(throws: SandboxError.self) { try FilterProgram(.standard, table: table) }
        #expect(error?.code == .unavailable)
    }

    @Test("Gives a reason for each group")
    func reasons() {
        #expect(SystemCallPolicy.standard.allowed.allSatisfy { !$0.reason.isEmpty && !$0.calls.isEmpty })
    }

    @Test("Is what the tests expect of every name there is, and each of them once")
    func partition() {
        let groups = [
            ExpectedCalls.allowed, Set(ExpectedCalls.checked.keys), ExpectedCalls.noSuchCall, ExpectedCalls.unsupported,
            ExpectedCalls.permission,
        ]
        #expect(groups.map(\.count).reduce(0, +) == KnownNumbers.names.count)
        #expect(groups.reduce(into: Set<String>()) { $0.formUnion($1) } == KnownNumbers.names)
        #expect(Set(SystemCallPolicy.standard.allowed.flatMap(\.calls).map(\.name)) == groups[0].union(groups[1]))
    }
}
