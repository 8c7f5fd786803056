extension EscapeAttempt {
    static let processes = [
        attempt("read_processes", "find a process of the host's"),
        attempt("read_proc_of_parent", "look into another process's memory, files and command line by /proc"),
        attempt("host_session", "be in the host's process group or session, where its signals arrive"),
        attempt("ptrace_parent", "trace another process"),
        attempt("ptrace_traceme", "have its parent trace it"),
        attempt("process_vm_readv", "read another process's memory"),
        attempt("process_vm_writev", "write another process's memory"),
        attempt("pidfd_getfd", "take an open file from another process"),
        attempt("kill_parent", "kill its parent"),
        attempt("prlimit_parent", "change another process's limits"),
        attempt("setns_pidfd", "enter another process's namespaces by a process descriptor"),
        attempt("setns_proc", "enter another process's namespaces by /proc"),
    ]

    private static func attempt(_ name: String, _ what: String) -> EscapeAttempt {
        EscapeAttempt(name, .processes, what)
    }
}
