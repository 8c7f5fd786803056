extension SystemCallPolicy {
    static let processes: [Group] = [
        Group(
            "starts processes and threads, in no namespace of their own and not traced",
            ["execve", "exit", "exit_group", Call("clone", where: .long(0, hasOnly: CloneFlag.allowed))]),
        Group("the same, in the older way", .legacy, ["fork", "vfork"]),
        Group("waits for its children", ["wait4", "waitid"]),
        Group(
            "tells who it is; it cannot become another user",
            [
                "getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid",
                "getgroups", "getpgid", "getsid",
            ]),
        Group("the same, in the older way", .legacy, ["getpgrp"]),
        Group("puts its children into groups and sessions", ["setpgid", "setsid"]),
        Group("tells about the machine and what was used", ["uname", "sysinfo", "getrusage", "getpriority"]),
        Group("reads its limits and lowers them", [Call("prlimit64", where: .int(0, isOneOf: [0]))]),
        Group("the same, in the older way", .legacy, ["getrlimit", "setrlimit"]),
        Group("names its threads, and dies with its parent", [Call("prctl", where: .int(0, isOneOf: Option.process))]),
        Group(
            "where a thread's own data are; the C library starts with it", .legacy,
            [Call("arch_prctl", where: .int(0, isOneOf: Option.architecture))]),
    ]

    static let signals: [Group] = [
        Group(
            "sends signals, to processes that it can see, and handles them",
            [
                "kill", "tkill", "tgkill", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending",
                "rt_sigsuspend", "rt_sigtimedwait", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "sigaltstack",
                "restart_syscall",
            ]),
        Group("the same, in the older way", .legacy, ["pause"]),
    ]

    static let threads: [Group] = [
        Group("locks and bookkeeping of threads", ["futex", "set_robust_list", "set_tid_address", "rseq"]),
        Group(
            "tells how it is scheduled, which it cannot change",
            [
                "sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler", "sched_get_priority_max",
                "sched_get_priority_min", "sched_rr_get_interval", "getcpu",
            ]),
    ]

    /// Flags of clone (linux/sched.h).
    private enum CloneFlag {
        /// The signal that tells of the end. Without the highest bit, which is CLONE_NEWTIME.
        static let signal: UInt64 = 0x7F
        static let shared: UInt64 = 0x100 | 0x200 | 0x400 | 0x800 | 0x40000  // VM, FS, FILES, SIGHAND, SYSVSEM
        static let thread: UInt64 = 0x10000 | 0x80000  // THREAD, SETTLS
        static let threadID: UInt64 = 0x100000 | 0x200000 | 0x1000000  // PARENT_SETTID, CHILD_CLEARTID, CHILD_SETTID
        static let suspended: UInt64 = 0x4000  // VFORK
        static let ignored: UInt64 = 0x400000  // DETACHED, which musl sets

        static let allowed = signal | shared | thread | threadID | suspended | ignored
    }

    private enum Option {
        /// PR_GET_PDEATHSIG, which set would let the program outlive bubblewrap, PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_GET_NO_NEW_PRIVS,
        /// PR_SET_NO_NEW_PRIVS, which is so already and cannot be undone, PR_SET_VMA, which names memory.
        static let process: [UInt32] = [2, 3, 15, 16, 39, 38, 0x5356_4D41]
        /// ARCH_SET_FS, ARCH_GET_FS.
        static let architecture: [UInt32] = [0x1002, 0x1003]
    }
}
