extension EscapeAttempt {
    static let kernel = [
        attempt("mount", "mount a file system"),
        attempt("remount", "make a read-only mount writable"),
        attempt("fsopen", "mount a file system by the newer calls"),
        attempt("open_tree", "copy the tree of mounts"),
        attempt("umount", "unmount what hides or protects something"),
        attempt("chroot", "change the root folder"),
        attempt("pivot_root", "change the root mount"),
        attempt("unshare_user", "make a user namespace by unshare"),
        attempt("unshare_others", "make another namespace by unshare"),
        attempt("clone_user", "make a user namespace by clone"),
        attempt("clone3_user", "make a user namespace by clone3"),
        attempt("keyrings", "use the kernel's keyrings"),
        attempt("io_uring", "make a ring, whose requests no filter sees"),
        attempt("bpf", "load a program or a map into the kernel"),
        attempt("perf_event_open", "open a performance counter"),
        attempt("userfaultfd", "handle page faults, to hold the kernel up"),
        attempt("terminal_input", "type into the terminal that started the sandbox"),
        attempt("memfd_exec", "run a program that is in no file system"),
        attempt("personality", "switch off random addresses, or make data executable"),
        attempt("kexec", "load another kernel"),
        attempt("open_by_handle_at", "open files by their handles, whatever is mounted"),
        attempt("kernel_log", "read the kernel's log"),
        attempt("raise_limits", "raise its own limits"),
        attempt("capabilities", "have a capability"),
        attempt("capset", "take a capability"),
        attempt("change_user", "become another user or group"),
        attempt("host_name", "set the host's name"),
        attempt("set_clock", "set the clock"),
        attempt("raise_priority", "come before all others at the processor or the disk"),
        attempt("realtime_scheduler", "be scheduled in real time"),
        attempt("lock_memory", "lock all its memory"),
        attempt("sysv_ipc", "make shared memory, a queue or a semaphore that outlives it"),
        attempt("posix_queue", "make a message queue that outlives it"),
        attempt("watch_files", "watch what others do with files that both see"),
        attempt("load_module", "load a kernel module"),
        attempt("reboot", "restart the machine"),
        attempt("swap", "add swap space"),
        attempt("io_ports", "reach the machine's input and output ports"),
        attempt("modify_ldt", "look at its table of segments"),
        EscapeAttempt("i386_call", .kernel, "make a system call of the 32-bit interface", ofOtherInterface),
        attempt("x32_call", "make a system call of the x32 interface"),
        attempt("core_dump", "have the host store, or look at, its memory when it crashes"),
    ]

    /// A filter cannot tell what a foreign interface's number means, and ends the process. Only x86_64 has one that a
    /// running program can turn to.
    private static var ofOtherInterface: Expectation {
        #if arch(x86_64)
        .killed
        #else
        .held
        #endif
    }

    private static func attempt(_ name: String, _ what: String) -> EscapeAttempt {
        EscapeAttempt(name, .kernel, what)
    }
}
