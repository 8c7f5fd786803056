import Testing

@testable import OrchSandbox

@Suite("The shape of the program that decides on system calls")
struct FilterStructureTests {
    @Test("Is one that the kernel loads", arguments: FilterCase.all)
    func shape(_ filter: FilterCase) throws {
        let machine = try filter.machine()
        let instructions = machine.instructions
        #expect((1...4096).contains(instructions.count))
        #expect(try #require(instructions.last).isReturn)
        var reached: Set<Int> = [0]
        for (place, instruction) in instructions.enumerated() {
            #expect([0x20, 0x54, 0x05, 0x15, 0x35, 0x45, 0x06].contains(instruction.code), "\(place)")
            if instruction.code == 0x20 {
                #expect(instruction.operand.isMultiple(of: 4) && instruction.operand <= 60, "\(place)")
            }
            #expect(reached.contains(place), "\(place) is never reached")
            let next = instruction.next(place)
            #expect(next.allSatisfy { $0 > place && $0 < instructions.count }, "\(place)")
            reached.formUnion(next)
        }
    }

    @Test("Looks at the architecture before all else", arguments: FilterCase.all)
    func first(_ filter: FilterCase) throws {
        let bytes = try filter.bytes()
        let word = try #require(filter.table.architecture)
        let little = (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        // Load the word at 4; over one instruction if it is this; end the process; load the word at 0.
        #expect(
            Array(bytes.prefix(32)) == [0x20, 0, 0, 0, 4, 0, 0, 0, 0x15, 0, 1, 0] + little
                + [0x06, 0, 0, 0, 0, 0, 0, 0x80, 0x20, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test("Is eight bytes an instruction, the lowest first")
    func layout() {
        #expect(FilterInstruction.load(.lowHalf(0)).bytes == [0x20, 0, 0, 0, 16, 0, 0, 0])
        #expect(FilterInstruction.load(.highHalf(5)).bytes == [0x20, 0, 0, 0, 60, 0, 0, 0])
        #expect(FilterInstruction.and(0x0102_0304).bytes == [0x54, 0, 0, 0, 4, 3, 2, 1])
        #expect(FilterInstruction.jump(over: 0x1234).bytes == [0x05, 0, 0, 0, 0x34, 0x12, 0, 0])
        let jumps: [(FilterInstruction, UInt8)] = [
            (.jump(ifEqual: 0xA0B0_C0D0, over: 7, otherwise: 255), 0x15),
            (.jump(ifAtLeast: 0xA0B0_C0D0, over: 7, otherwise: 255), 0x35),
            (.jump(ifAnyBit: 0xA0B0_C0D0, over: 7, otherwise: 255), 0x45),
        ]
        for (jump, code) in jumps { #expect(jump.bytes == [code, 0, 7, 255, 0xD0, 0xC0, 0xB0, 0xA0]) }
        #expect(FilterInstruction.return(0x7FFF_0000).bytes == [0x06, 0, 0, 0, 0, 0, 0xFF, 0x7F])
    }

    @Test("Reaches both ends of a tree that is longer than a jump reaches")
    func longTree() throws {
        // Every other number of three hundred, each with the longest list of values.
        let calls = (0..<300).filter { $0.isMultiple(of: 2) }.prefix(15)
        let values = (0..<UInt32(ArgumentCheck.maximumValues)).map { 3 * $0 }
        var numbers: [String: UInt32] = [:]
        for number in 0..<300 { numbers["call\(number)"] = UInt32(number) }
        let policy = SystemCallPolicy(
            allowed: [
                .init("many", calls.map { .init("call\($0)", where: .int(0, isOneOf: values)) }),
                .init("last", ["call299"]),
            ])
        let table = SystemCallTable(architecture: 0xC000_00B7, numbers: numbers)
        let machine = try FilterMachine(FilterProgram(policy, table: table).bytes)
        #expect(machine.instructions.contains { $0.code == 0x05 })
        for number in 0..<310 {
            for value: UInt64 in [0, 3, 761, 762, 763, 765] {
                let call = FilterMachine.Call(number: UInt32(number), architecture: 0xC000_00B7, arguments: [value])
                let isAllowed = number == 299 || calls.contains(number) && value.isMultiple(of: 3) && value < 765
                let expected: ExpectedCalls.Answer =
                    isAllowed ? .allowed : number < 300 ? .permission : .noSuchCall
                #expect(try machine.answer(call) == expected, "\(number) \(value)")
            }
        }
    }
}
