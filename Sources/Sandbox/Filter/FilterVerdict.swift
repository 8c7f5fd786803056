/// What becomes of a system call.
enum FilterVerdict: Sendable, Hashable {
    case allowed
    /// Allowed with arguments that pass all of these; refused with others.
    case checked([ArgumentCheck])
    case fails(Failure)
    /// The process ends: a number whose meaning is not known, so that no answer to it is safe.
    case killed

    /// What a call fails with; the numbers are Linux's on every architecture.
    enum Failure: UInt32, Sendable, Hashable {
        /// EPERM: there is such a call, and it is not for this program.
        case refused = 1
        /// ENOSYS, as in a kernel that does not have it: programs and libraries then do without.
        case absent = 38
        /// EOPNOTSUPP, as of a file system that does not have it.
        case unsupported = 95
    }
}

extension FilterVerdict {
    /// Instructions that decide with nothing left to do.
    var instructions: [FilterInstruction] {
        switch self {
        case .allowed: [.return(Answer.allow)]
        case .checked(let checks):
            checks.flatMap { $0.instructions(refusal: Answer.fail(.refused)) } + [.return(Answer.allow)]
        case .fails(let failure): [.return(Answer.fail(failure))]
        case .killed: [.return(Answer.kill)]
        }
    }

    /// What a filter returns (linux/seccomp.h, SECCOMP_RET_…); an error's number stands in the lower half.
    private enum Answer {
        static let allow: UInt32 = 0x7FFF_0000
        static let kill: UInt32 = 0x8000_0000
        static func fail(_ failure: Failure) -> UInt32 { 0x0005_0000 | failure.rawValue }
    }
}
