extension EscapeAttempt {
    static let processes = [
        attempt("read_processes", "find a process of the host's"),
        attempt("read_proc_of_parent", "look into its parent's memory, files and command line by /proc"),
        attempt("host_session", "be in the host's process group or session, where its signals arrive"),
        attempt("ptrace_parent", "trace its parent"),
        attempt("ptrace_traceme", "have its parent trace it"),
        attempt("process_vm_readv", "read its parent's memory"),
        attempt("process_vm_writev", "write its parent's memory"),
        attempt("pidfd_getfd", "take an open file from its parent"),
        attempt("kill_parent", "kill its parent"),
        attempt("prlimit_parent", "change its parent's limits"),
        attempt("setns_pidfd", "enter its parent's namespaces by a process descriptor"),
        attempt("setns_proc", "enter its parent's namespaces by /proc"),
    ]

    private static func attempt(_ name: String, _ what: String) -> EscapeAttempt {
        EscapeAttempt(name, .processes, what)
    }
}
