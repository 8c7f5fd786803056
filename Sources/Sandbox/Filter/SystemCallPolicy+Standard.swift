extension SystemCallPolicy {
    /// What Python and other small programs need, and nothing else.
    ///
    /// Left out, and so refused, among others: everything that makes or enters a namespace or touches mounts; sockets,
    /// but for pairs; tracing, other processes' memory and process descriptors; bpf, perf, io_uring, keyrings,
    /// userfaultfd; files by handle, devices, files that only memory holds; changing users, priorities, clocks and
    /// names; what outlives a process or is not counted as its memory (System V and POSIX queues, locked memory); what
    /// watches others' files (inotify, leases) or tells what is in the page cache (mincore, fadvise).
    package static let standard = SystemCallPolicy(
        allowed: [files, folders, channels, processes, signals, threads, memory, time].flatMap { $0 },
        tried: [.absent: triedInVain, .unsupported: extendedAttributes])

    /// Failing with EPERM these would end a program, or have it give up; by ENOSYS it does without.
    private static let triedInVain = [
        // Its flags are in memory, where a filter cannot look. The C library then uses clone.
        "clone3",
        // Newer forms of calls that are allowed.
        "openat2", "epoll_pwait2", "futex_waitv", "futex_wake", "futex_wait", "futex_requeue", "setxattrat",
        "getxattrat", "listxattrat", "removexattrat", "file_getattr", "file_setattr", "statmount", "listmount",
        "cachestat",
        // C libraries do it by signals, or not at all.
        "membarrier", "mseal", "map_shadow_stack", "pkey_alloc", "pkey_free", "pkey_mprotect",
        // A program that would sandbox itself goes on without.
        "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
        // `timeout` then uses an alarm.
        "timer_create", "timer_settime", "timer_gettime", "timer_getoverrun", "timer_delete",
    ]

    /// Copies of files try to set them: coreutils complain of EPERM, and Python of ENOSYS.
    private static let extendedAttributes = [
        "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
    ]
}
