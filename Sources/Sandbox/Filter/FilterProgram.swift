import OrchCore

/// The program by which the kernel decides on every system call in the sandbox.
///
/// It first looks at the architecture, then searches a balanced tree of ranges of numbers: about eight comparisons to
/// any call. A kernel from 5.11 on finds the calls that are allowed with any arguments by itself, and does not even run
/// the program for them.
package struct FilterProgram: Sendable, Hashable {
    /// An array of the kernel's `struct sock_filter`, as bubblewrap takes it.
    package let bytes: [UInt8]

    /// The kernel takes no longer programs (BPF_MAXINSNS).
    static let maximumLength = 4096

    /// The program for the architecture of the build.
    ///
    /// - Throws: ``SandboxError`` with code unavailable. There is no program that allows everything, not by an empty
    ///   list either.
    package init(_ policy: SystemCallPolicy) throws(SandboxError) {
        try self.init(policy, table: .native)
    }

    init(_ policy: SystemCallPolicy, table: SystemCallTable) throws(SandboxError) {
        guard let architecture = table.architecture else {
            throw SandboxError(.unavailable, "there is no filter of system calls for this system and architecture")
        }
        let ranges = NumberRange.all(try policy.verdicts(table), foreign: table.foreign)
        let instructions =
            [
                .load(.architecture), .jump(ifEqual: architecture, over: 1, otherwise: 0),
            ] + FilterVerdict.killed.instructions + [.load(.number)] + Self.tree(ranges[...])
        guard instructions.count <= Self.maximumLength else {
            throw SandboxError(.unavailable, "the list of system calls is too long for the kernel")
        }
        bytes = instructions.flatMap(\.bytes)
    }

    /// Searches the ranges for the number in the register.
    private static func tree(_ ranges: ArraySlice<NumberRange>) -> [FilterInstruction] {
        guard ranges.count > 1 else { return ranges.first?.verdict.instructions ?? FilterVerdict.killed.instructions }
        let middle = ranges.startIndex + ranges.count / 2
        let start = ranges[middle].start
        let below = tree(ranges[..<middle])
        let above = tree(ranges[middle...])
        guard let near = UInt8(exactly: below.count) else {
            return [.jump(ifAtLeast: start, over: 0, otherwise: 1), .jump(over: UInt32(below.count))] + below + above
        }
        return [.jump(ifAtLeast: start, over: near, otherwise: 0)] + below + above
    }
}
