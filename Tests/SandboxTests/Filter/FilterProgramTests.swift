import OrchCore
import Testing

@testable import OrchSandbox

@Suite("The program that decides on system calls")
struct FilterProgramTests {
    /// Numbers at the ends of everything.
    private static let edges: [UInt32] = [
        1 << 15, 1 << 16, 1 << 20, 1 << 29, 0x3FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xBFFF_FFFF, 0xFFFF_FFFF,
    ]
    private static let zeros = [UInt64](repeating: 0, count: 6)
    private static let ones = [UInt64](repeating: .max, count: 6)

    @Test("Answers each number as is written down by name", arguments: FilterCase.all)
    func everyNumber(_ filter: FilterCase) throws {
        let machine = try filter.machine()
        var names: [UInt32: String] = [:]
        for (name, number) in filter.table.numbers { names[number] = name }
        for number in Array(0...1023) + Self.edges {
            let name = names[number]
            let zeros = try machine.answer(filter.call(number, Self.zeros))
            let ones = try machine.answer(filter.call(number, Self.ones))
            if let expected = ExpectedCalls.answer(name) {
                #expect(zeros == expected && ones == expected, "\(name ?? "-") \(number)")
            } else {
                #expect(try zeros == #require(ExpectedCalls.checked[name ?? ""]), "\(name ?? "-") \(number)")
                #expect(ones == .permission, "\(name ?? "-") \(number)")
            }
        }
    }

    @Test("Ends a process that speaks another architecture's language", arguments: FilterCase.all)
    func foreignArchitecture(_ filter: FilterCase) throws {
        let machine = try filter.machine()
        let own = try #require(filter.table.architecture)
        // i386, x86_64, ARM, aarch64, its big-endian sister, RISC-V, none.
        let words: [UInt32] = [0x4000_0003, 0xC000_003E, 0x4000_0028, 0xC000_00B7, 0x8000_00B7, 0xC000_00F3, 0]
        for word in words where word != own {
            for number in Array(0...1023) + Self.edges {
                let call = FilterMachine.Call(number: number, architecture: word, arguments: Self.zeros)
                #expect(try machine.answer(call) == .killed, "\(number) of \(word)")
            }
        }
    }

    @Test("Ends a process that uses the x32 numbers where there are any, and not by -1, which is no call")
    func x32() throws {
        let numbers: [UInt32] =
            (0...1023).map { 0x4000_0000 | $0 } + [0x7FFF_FFFF, 0xC000_0000, 0xC000_0027, 0xFFFF_FFFE]
        let (x86, arm) = (FilterCase.x86, FilterCase.arm)
        for number in numbers {
            #expect(try x86.machine().answer(x86.call(number, Self.zeros)) == .killed, "\(number)")
            #expect(try arm.machine().answer(arm.call(number, Self.zeros)) == .noSuchCall, "\(number)")
        }
        #expect(try x86.machine().answer(x86.call(.max, Self.zeros)) == .noSuchCall)
    }

    @Test("Takes a number that the headers do not know for a call that the kernel does not have")
    func unknownNumbers() throws {
        var numbers = KnownNumbers.x86
        numbers["statx"] = nil
        numbers["futex_waitv"] = nil
        let policy = SystemCallPolicy(allowed: [.init("one", ["read"])])
        let table = SystemCallTable(architecture: 0xC000_003E, names: KnownNumbers.names, numbers: numbers)
        let machine = try FilterMachine(FilterProgram(policy, table: table).bytes)
        let expected: [(UInt32, ExpectedCalls.Answer)] = [
            (0, .allowed), (1, .permission), (332, .noSuchCall), (334, .permission), (335, .noSuchCall),
            (423, .noSuchCall), (424, .permission), (449, .noSuchCall), (450, .permission), (451, .noSuchCall),
        ]
        for (number, answer) in expected {
            let call = FilterMachine.Call(number: number, architecture: 0xC000_003E)
            #expect(try machine.answer(call) == answer, "\(number)")
        }
    }

    @Test("Costs little", arguments: FilterCase.all)
    func cost(_ filter: FilterCase) throws {
        let machine = try filter.machine()
        for (name, number) in filter.table.numbers {
            let steps = try machine.run(filter.call(number, Self.zeros)).steps
            #expect(steps <= (ExpectedCalls.checked[name] == nil ? 12 : 32), "\(name): \(steps)")
        }
    }
}
