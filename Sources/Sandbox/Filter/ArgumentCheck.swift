/// What an argument of an allowed system call must be.
///
/// An argument is 64 bits wide. Of an `int` the kernel looks at the lower half alone, whatever stands above it, so the
/// filter must do the same: with the upper half in the comparison, a request that is refused would be another number,
/// and slip past a rule that refuses it, or a negative one, which C libraries extend by its sign, would be refused.
struct ArgumentCheck: Sendable, Hashable {
    enum Test: Sendable, Hashable {
        /// An int is one of these.
        case isOneOf([UInt32])
        /// An int has no other bits than these.
        case hasOnly(UInt32)
        /// An int has these bits as they are in the value.
        case equals(UInt32, under: UInt32)
        /// A long has no other bits than these, in both of its halves.
        case longHasOnly(UInt64)
    }

    /// The first is 0.
    let argument: Int
    let test: Test

    static func int(_ argument: Int, isOneOf values: [UInt32]) -> ArgumentCheck {
        ArgumentCheck(argument: argument, test: .isOneOf(values))
    }

    static func int(_ argument: Int, hasOnly bits: UInt32) -> ArgumentCheck {
        ArgumentCheck(argument: argument, test: .hasOnly(bits))
    }

    static func int(_ argument: Int, equals value: UInt32, under mask: UInt32) -> ArgumentCheck {
        ArgumentCheck(argument: argument, test: .equals(value, under: mask))
    }

    static func long(_ argument: Int, hasOnly bits: UInt64) -> ArgumentCheck {
        ArgumentCheck(argument: argument, test: .longHasOnly(bits))
    }
}

extension ArgumentCheck {
    /// More values are further away than a jump reaches.
    static let maximumValues = 255

    /// Whether it can be compiled, and can be passed at all.
    var isSound: Bool {
        guard (0..<6).contains(argument) else { return false }
        return switch test {
        case .isOneOf(let values): (1...Self.maximumValues).contains(values.count)
        case .equals(let value, let mask): value & ~mask == 0
        case .hasOnly, .longHasOnly: true
        }
    }

    /// Instructions that return the refusal, or fall through to whatever comes next.
    func instructions(refusal: UInt32) -> [FilterInstruction] {
        let low = FilterInstruction.load(.lowHalf(argument))
        switch test {
        case .isOneOf(let values):
            let jumps = values.enumerated().map { index, value in
                FilterInstruction.jump(ifEqual: value, over: UInt8(clamping: values.count - index), otherwise: 0)
            }
            return [low] + jumps + [.return(refusal)]
        case .hasOnly(let bits):
            return [low, .jump(ifAnyBit: ~bits, over: 0, otherwise: 1), .return(refusal)]
        case .equals(let value, let mask):
            return [low, .and(mask), .jump(ifEqual: value, over: 1, otherwise: 0), .return(refusal)]
        case .longHasOnly(let bits):
            let (high, lower) = (UInt32(truncatingIfNeeded: bits >> 32), UInt32(truncatingIfNeeded: bits))
            return [
                .load(.highHalf(argument)), .jump(ifAnyBit: ~high, over: 0, otherwise: 1), .return(refusal),
                low, .jump(ifAnyBit: ~lower, over: 0, otherwise: 1), .return(refusal),
            ]
        }
    }
}
