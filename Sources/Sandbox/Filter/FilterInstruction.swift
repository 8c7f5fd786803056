/// An instruction of the kernel's classic packet filter, as far as a filter of system calls needs them
/// (linux/filter.h, struct sock_filter).
///
/// There is one register. Jumps go forward, over a number of instructions.
struct FilterInstruction: Sendable, Hashable {
    let code: UInt16
    let over: UInt8
    let otherwise: UInt8
    let operand: UInt32

    /// A 32-bit word of what the kernel tells about a call (linux/seccomp.h, struct seccomp_data), at its offset.
    ///
    /// Both architectures are little-endian: an argument's lower half comes first.
    struct Word: Sendable, Hashable {
        let offset: UInt32

        static let number = Word(offset: 0)
        static let architecture = Word(offset: 4)
        static func lowHalf(_ argument: Int) -> Word { Word(offset: 16 + 8 * UInt32(clamping: argument)) }
        static func highHalf(_ argument: Int) -> Word { Word(offset: 20 + 8 * UInt32(clamping: argument)) }
    }

    private init(_ code: UInt16, _ operand: UInt32, over: UInt8 = 0, otherwise: UInt8 = 0) {
        self.code = code
        self.over = over
        self.otherwise = otherwise
        self.operand = operand
    }

    /// BPF_LD, BPF_W, BPF_ABS.
    static func load(_ word: Word) -> FilterInstruction { FilterInstruction(0x20, word.offset) }

    /// BPF_ALU, BPF_AND, BPF_K.
    static func and(_ mask: UInt32) -> FilterInstruction { FilterInstruction(0x54, mask) }

    /// BPF_JMP, BPF_JA: further than the other jumps reach.
    static func jump(over count: UInt32) -> FilterInstruction { FilterInstruction(0x05, count) }

    /// BPF_JMP, BPF_JEQ, BPF_K.
    static func jump(ifEqual value: UInt32, over: UInt8, otherwise: UInt8) -> FilterInstruction {
        FilterInstruction(0x15, value, over: over, otherwise: otherwise)
    }

    /// BPF_JMP, BPF_JGE, BPF_K; unsigned.
    static func jump(ifAtLeast value: UInt32, over: UInt8, otherwise: UInt8) -> FilterInstruction {
        FilterInstruction(0x35, value, over: over, otherwise: otherwise)
    }

    /// BPF_JMP, BPF_JSET, BPF_K.
    static func jump(ifAnyBit bits: UInt32, over: UInt8, otherwise: UInt8) -> FilterInstruction {
        FilterInstruction(0x45, bits, over: over, otherwise: otherwise)
    }

    /// BPF_RET, BPF_K.
    static func `return`(_ value: UInt32) -> FilterInstruction { FilterInstruction(0x06, value) }

    /// As the kernel reads it: eight bytes, little-endian.
    var bytes: [UInt8] {
        [UInt8(truncatingIfNeeded: code), UInt8(truncatingIfNeeded: code >> 8), over, otherwise]
            + [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: operand >> $0) }
    }
}
