extension SystemCallPolicy {
    static let memory: [Group] = [
        Group(
            "gets memory; not of the huge pages that the host keeps, and not locked",
            [
                "brk", "munmap", "mremap", "mprotect", "msync", Call("mmap", where: .int(3, equals: 0, under: 0x42000)),
            ]),
        Group(
            "tells what memory is for; it is not merged with others', and nothing is driven out of the page cache",
            [Call("madvise", where: .int(2, isOneOf: Advice.allowed))]),
        Group("random numbers", ["getrandom"]),
    ]

    static let time: [Group] = [
        Group(
            "reads clocks and waits",
            ["clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "times"]),
        Group("the same, in the older way", .legacy, ["time"]),
        Group(
            "wakes itself later",
            ["getitimer", "setitimer", "timerfd_create", "timerfd_settime", "timerfd_gettime"]),
        Group("the same, in the older way", .legacy, ["alarm"]),
    ]

    /// Advice of madvise (asm-generic/mman-common.h).
    private enum Advice {
        static let release: [UInt32] = [4, 8]  // DONTNEED, FREE
        static let order: [UInt32] = [0, 1, 2, 3]  // NORMAL, RANDOM, SEQUENTIAL, WILLNEED
        static let pages: [UInt32] = [14, 15, 22, 23]  // HUGEPAGE, NOHUGEPAGE, POPULATE_READ, POPULATE_WRITE
        static let children: [UInt32] = [10, 11, 18, 19]  // DONTFORK, DOFORK, WIPEONFORK, KEEPONFORK
        static let dumps: [UInt32] = [16, 17]  // DONTDUMP, DODUMP
        static let guards: [UInt32] = [102, 103]  // GUARD_INSTALL, GUARD_REMOVE, for the stacks of threads

        static let allowed = release + order + pages + children + dumps + guards
    }
}
