extension EscapeAttempt {
    static let resources = [
        attack("fork_bomb", "start processes that start processes", "processes"),
        attack("thread_bomb", "start threads without end", "processes", "memory"),
        attack("memory_bomb", "take memory without end", "memory"),
        attack("memory_bomb_many", "take memory in many processes, each below its own limit", "memory"),
        attack("cpu_spin", "compute without end", "cpu", "timeout"),
        attack("cpu_spin_many", "compute without end in many processes", "cpu", "timeout"),
        attack("disk_fill", "fill the temporary folder", "disk", "memory"),
        attack("inode_flood", "make empty files and folders without end", "disk", "memory", "cpu", "timeout"),
        attack("big_file", "write one file without end", "file_size", "disk", "memory"),
        attack("open_files", "open files without end", "open_files"),
        attack("zip_bomb", "unpack gigabytes from a small file", "memory"),
        attack("output_flood", "write to standard output without end", "output"),
        attack("error_flood", "write to standard error without end", "output"),
        attack("ignored_signals", "ignore every signal and stay", "timeout"),
        attack("sleep", "stay longer than it may", "timeout"),
        attack("stopped", "stop itself and never end", "timeout"),
        attack("closed_output", "close its output and stay", "timeout"),
        EscapeAttempt("orphans", .resources, "leave a process behind that holds the output open"),
    ]

    private static func attack(_ name: String, _ what: String, _ limits: String...) -> EscapeAttempt {
        EscapeAttempt(name, .resources, what, .ends(by: Set(limits)))
    }
}
