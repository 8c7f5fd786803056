import Testing

@testable import OrchSandbox

@Suite("The arguments of allowed system calls")
struct FilterArgumentTests {
    private static let high: UInt64 = 1 << 32

    /// A call with some arguments, all others of which have every bit set.
    struct Attempt: Sendable, CustomTestStringConvertible {
        let name: String
        let arguments: [Int: UInt64]

        init(_ name: String, _ arguments: [Int: UInt64]) {
            self.name = name
            self.arguments = arguments
        }

        var testDescription: String {
            name + arguments.sorted { $0.key < $1.key }.map { " \($0.key): \(String($0.value, radix: 16))" }.joined()
        }
    }

    private func answer(_ attempt: Attempt, _ filter: FilterCase) throws -> ExpectedCalls.Answer? {
        guard let number = filter.table.numbers[attempt.name] else { return nil }
        let arguments = (0..<6).map { attempt.arguments[$0] ?? .max }
        return try filter.machine().answer(filter.call(number, arguments))
    }

    private static func each(_ name: String, _ argument: Int, _ values: [UInt64]) -> [Attempt] {
        values.map { Attempt(name, [argument: $0]) }
    }

    private static func pairs(
        _ name: String, _ first: Int, _ left: [UInt64], _ second: Int, _ right: [UInt64]
    ) -> [Attempt] {
        left.flatMap { value in right.map { Attempt(name, [first: value, second: $0]) } }
    }

    private static func joined(_ lists: [[Attempt]]) -> [Attempt] { lists.flatMap { $0 } }

    /// Of time, mount, control group, UTS, IPC, user, process and network.
    private static let namespaces: [UInt64] = [
        0x80, 0x20000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
    ]
    private static let messageFlags: [UInt64] = [1, 0x4001, 0x2000_0000, 0x2000, 0x400_0000]

    private static let permitted = joined(
        [
            // The child of fork, of posix_spawn and of vfork; threads of glibc and of musl.
            each("clone", 0, [0x0120_0011, 0x4111, 0x4100, 17, 0x003D_0F00, 0x007D_0F00]),
            each("ioctl", 1, [0x5401, 0x802C_542A, 0xFFFF_FFFF_802C_542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451]),
            each("ioctl", 1, [0x4004_9409]),
            each("fcntl", 1, [0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032]),
            each("prctl", 0, [2, 3, 15, 16, 38, 39, 0x5356_4D41]),
            each("arch_prctl", 0, [0x1002, 0x1003]),
            each("prlimit64", 0, [0]),
            each("mmap", 3, [0x1, 0x2, 0x22, 0x2_0022, 0x812, 0x4022, 0x10_0022]),
            each("madvise", 2, [0, 1, 2, 3, 4, 8, 10, 11, 14, 15, 16, 17, 18, 19, 22, 23, 102, 103]),
            each("sendto", 3, [0, 0x4000, 0x40, 0x8000]),
            each("recvfrom", 3, [0, 2, 0x100, 0x40]),
            each("sendmsg", 2, [0, 0x4000]),
            each("recvmsg", 2, [0, 0x4000_0000]),
            pairs("getsockopt", 1, [1], 2, [3, 4, 7, 8, 30, 38, 39]),
            pairs("socketpair", 0, [1], 1, [1, 0x801, 0x80001, 0x80801]),
        ])

    @Test("Are those of ordinary programs", arguments: permitted)
    func ordinary(_ attempt: Attempt) throws {
        for filter in FilterCase.all {
            let answer = try answer(attempt, filter)
            #expect(answer == nil || answer == .allowed, "\(filter.testDescription)")
        }
    }

    private static let forbidden = joined(
        [
            // Every namespace, alone and among the flags of a thread; traced, unseen by a tracer, with a descriptor.
            each("clone", 0, namespaces), each("clone", 0, namespaces.map { $0 | 17 }),
            each("clone", 0, namespaces.map { $0 | 0x003D_0F00 }),
            each("clone", 0, [0x2000, 0x80_0000, 0x1000, 0x8000, 0x8000_0000]),
            // TIOCSTI, TIOCLINUX, TIOCSCTTY, TIOCSPGRP, TCSETS, TIOCCONS, TIOCSETD, FIOASYNC, SIOCGIFCONF, FS_IOC_SETFLAGS.
            each(
                "ioctl", 1,
                [
                    0x5412, 0x541C, 0x540E, 0x5410, 0x5402, 0x541D, 0x5423, 0x5452, 0x8912, 0x4008_6602, 0, 0x5400,
                    0x5414,
                ]),
            // F_SETOWN, F_SETSIG, F_SETOWN_EX, leases, F_NOTIFY, F_SETPIPE_SZ, seals.
            each("fcntl", 1, [8, 10, 15, 1024, 1025, 1026, 1031, 1033, 1034, 35, 39]),
            // DUMPABLE, SECCOMP, CAPBSET_DROP, SECUREBITS, MM, PTRACER, SUBREAPER, KEEPCAPS, TIMERSLACK, CAP_AMBIENT.
            each("prctl", 0, [4, 22, 24, 28, 35, 0x5961_6D61, 36, 8, 29, 47, 41, 0, 65]),
            // GS, GET_GS, CPUID, the rights to processor states, a second vDSO.
            each("arch_prctl", 0, [0x1001, 0x1004, 0x1012, 0x1023, 0x2001, 0x2003, 0x3001, 0]),
            each("prlimit64", 0, [1, 2, 0x7FFF_FFFF, 0xFFFF_FFFF]),
            each("mmap", 3, [0x40022, 0x2022, 0x42022, 0x1540_0000 | 0x40022]),
            each("madvise", 2, [9, 12, 13, 20, 21, 24, 25, 100, 101, 104]),
            // MSG_OOB, MSG_FASTOPEN, MSG_ERRQUEUE, MSG_ZEROCOPY.
            each("sendto", 3, messageFlags), each("recvfrom", 3, messageFlags),
            each("sendmsg", 2, messageFlags), each("recvmsg", 2, messageFlags),
            // SO_PEERPIDFD, SO_GET_FILTER, SO_PEERSEC, SO_PEERCRED; other levels.
            pairs("getsockopt", 1, [1], 2, [77, 26, 31, 17, 0]),
            pairs("getsockopt", 1, [0, 6, 41], 2, [3]),
            // Datagrams, raw, packets in order; other families.
            pairs("socketpair", 0, [1], 1, [2, 3, 4, 5, 10, 0x802, 0, 0xF]),
            pairs("socketpair", 0, [0, 2, 10, 16, 17, 30, 38, 40], 1, [1]),
        ])

    @Test("Are not those of attacks, whatever stands in their upper halves", arguments: forbidden)
    func attacks(_ attempt: Attempt) throws {
        for filter in FilterCase.all {
            for upper in [0, Self.high, 0x8000_0000_0000_0000, 0xFFFF_FFFF_0000_0000] {
                for changed in [attempt.arguments.keys.map { $0 }] + attempt.arguments.keys.map({ [$0] }) {
                    var arguments = attempt.arguments
                    for index in changed { arguments[index, default: 0] |= upper }
                    let answer = try answer(Attempt(attempt.name, arguments), filter)
                    #expect(answer == nil || answer == .permission, "\(filter.testDescription) \(upper)")
                }
            }
        }
    }

    /// The kernel's own view of an int: its upper half does not exist.
    @Test("Of the kernel's int are read as the kernel does", arguments: permitted.filter { $0.name != "clone" })
    func halves(_ attempt: Attempt) throws {
        for filter in FilterCase.all {
            let arguments = attempt.arguments.mapValues { $0 | 0xFFFF_FFFF_0000_0000 }
            let answer = try answer(Attempt(attempt.name, arguments), filter)
            #expect(answer == nil || answer == .allowed, "\(filter.testDescription)")
        }
    }

    @Test("Of the kernel's long are read whole", arguments: [32, 33, 40, 63])
    func long(_ bit: UInt64) throws {
        for filter in FilterCase.all {
            #expect(try answer(Attempt("clone", [0: 17 | 1 << bit]), filter) == .permission)
            #expect(try answer(Attempt("clone", [0: 17]), filter) == .allowed)
        }
    }
}
