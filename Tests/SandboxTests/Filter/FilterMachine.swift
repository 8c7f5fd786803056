/// Runs a filter program as the kernel does: the classic packet filter, as far as linux/seccomp.h lets a filter use it.
///
/// It knows nothing of how our programs are made. What it does not know is a fault.
struct FilterMachine {
    struct Instruction: Hashable {
        let code: UInt16
        let jumpTrue: Int
        let jumpFalse: Int
        let operand: UInt32

        var isReturn: Bool { code == 0x06 }

        /// The places that come next, from this one.
        func next(_ place: Int) -> [Int] {
            switch code {
            case 0x06: []
            case 0x05: [place + 1 + Int(operand)]
            case 0x15, 0x25, 0x35, 0x45: [place + 1 + jumpTrue, place + 1 + jumpFalse]
            default: [place + 1]
            }
        }
    }

    struct Fault: Error {
        let what: String
        let place: Int
    }

    /// What the kernel tells about a call: struct seccomp_data.
    struct Call {
        var number: UInt32
        var architecture: UInt32
        var arguments: [UInt64] = []

        var bytes: [UInt8] {
            func little(_ value: UInt64, _ count: Int) -> [UInt8] {
                (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            }
            let padded = (0..<6).map { arguments.indices.contains($0) ? arguments[$0] : 0 }
            return little(UInt64(number), 4) + little(UInt64(architecture), 4) + little(0x7F00_1234_5678, 8)
                + padded.flatMap { little($0, 8) }
        }
    }

    let instructions: [Instruction]

    init(_ bytes: [UInt8]) throws {
        guard bytes.count.isMultiple(of: 8) else { throw Fault(what: "half an instruction", place: bytes.count / 8) }
        instructions = stride(from: 0, to: bytes.count, by: 8).map { start in
            Instruction(
                code: UInt16(bytes[start]) | UInt16(bytes[start + 1]) << 8, jumpTrue: Int(bytes[start + 2]),
                jumpFalse: Int(bytes[start + 3]), operand: Self.word(bytes, start + 4))
        }
    }

    /// What the program returns, and in how many steps.
    func run(_ call: Call) throws -> (answer: UInt32, steps: Int) {
        let data = call.bytes
        var register: UInt32 = 0
        var place = 0
        for step in 1...4096 {
            guard instructions.indices.contains(place) else {
                throw Fault(what: "outside of the program", place: place)
            }
            let instruction = instructions[place]
            let operand = instruction.operand
            place += 1
            func jump(_ condition: Bool) { place += condition ? instruction.jumpTrue : instruction.jumpFalse }
            switch instruction.code {
            case 0x20:  // BPF_LD | BPF_W | BPF_ABS
                guard operand.isMultiple(of: 4), operand <= 60 else {
                    throw Fault(what: "no such word", place: place - 1)
                }
                register = Self.word(data, Int(operand))
            case 0x54: register &= operand  // BPF_ALU | BPF_AND | BPF_K
            case 0x05: place += Int(operand)  // BPF_JMP | BPF_JA
            case 0x15: jump(register == operand)  // BPF_JMP | BPF_JEQ | BPF_K
            case 0x25: jump(register > operand)  // BPF_JMP | BPF_JGT | BPF_K
            case 0x35: jump(register >= operand)  // BPF_JMP | BPF_JGE | BPF_K
            case 0x45: jump(register & operand != 0)  // BPF_JMP | BPF_JSET | BPF_K
            case 0x06: return (operand, step)  // BPF_RET | BPF_K
            default: throw Fault(what: "instruction \(instruction.code)", place: place - 1)
            }
        }
        throw Fault(what: "no end", place: place)
    }

    private static func word(_ bytes: [UInt8], _ start: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) }
    }
}
