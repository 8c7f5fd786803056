import Testing

@testable import OrchSandbox

@Suite("The numbers of system calls")
struct SystemCallTableTests {
    #if os(Linux) && (arch(x86_64) || arch(arm64))
    #if arch(x86_64)
    private let known = SystemCallTable.x86
    #else
    private let known = SystemCallTable.arm
    #endif

    @Test("Are those of this architecture, as the headers of the build know them")
    func native() {
        let native = SystemCallTable.native
        #expect(native.architecture == known.architecture && native.foreign == known.foreign)
        #expect(native.names == KnownNumbers.names)
        #expect(native.numbers.count > 300)
        for (name, number) in native.numbers {
            #expect(known.numbers[name] == number || KnownNumbers.later.contains(name) && number > 334, "\(name)")
        }
    }

    @Test("Are each one call's")
    func distinct() {
        #expect(Set(SystemCallTable.native.numbers.values).count == SystemCallTable.native.numbers.count)
    }

    @Test("Suffice for the standard list's program")
    func program() throws {
        #expect(try FilterProgram(.standard).bytes == FilterProgram(.standard, table: .native).bytes)
        #expect(try !FilterProgram(.standard).bytes.isEmpty)
    }
    #else
    @Test("Are not there, and so is no program")
    func none() {
        #expect(SystemCallTable.native.architecture == nil)
        #expect(throws: SandboxError.self) { try FilterProgram(.standard) }
    }
    #endif

    @Test("Are what everybody knows of the two architectures")
    func anchors() {
        let names = [
            "read", "write", "close", "execve", "clone", "exit_group", "mmap", "ioctl", "ptrace", "socket", "bpf",
        ]
        #expect(names.map { KnownNumbers.x86[$0] } == [0, 1, 3, 59, 56, 231, 9, 16, 101, 41, 321])
        #expect(names.map { KnownNumbers.arm[$0] } == [63, 64, 57, 221, 220, 94, 222, 29, 117, 198, 280])
        #expect(KnownNumbers.x86["clone3"] == 435 && KnownNumbers.arm["clone3"] == 435)
        #expect(KnownNumbers.x86["open"] == 2 && KnownNumbers.arm["open"] == nil)
    }
}
