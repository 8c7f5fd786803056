extension EscapeAttempt {
    static let files = [
        attempt("read_shadow", "read the password hashes"),
        attempt("read_home", "read a file in the home folder"),
        attempt("read_host_temporary", "read a file in the host's temporary folder, or one that an earlier run left"),
        attempt("read_own_environ", "find a variable in its own environment"),
        attempt("read_other_environs", "read the environment of another process"),
        attempt("inherited_descriptors", "find an open file that it did not open"),
        attempt("write_system", "write in the system's folders or over Python's own files"),
        attempt("write_tools", "write in the tool folder, rename or mark a tool"),
        attempt("write_root", "write in the root folder"),
        attempt("write_elsewhere", "write in any folder but the temporary one"),
        attempt("write_through_symlink", "write outside through a symbolic link in the temporary folder"),
        attempt("hard_link", "make a hard link to a file that is not its own"),
        attempt("setuid_file", "run a set-uid program that it wrote"),
        attempt("setuid_programs", "have the system's set-uid programs do something"),
        attempt("new_privileges", "be in a position to gain rights by running a program"),
        attempt("make_device", "make a device file"),
        attempt("write_proc_sys", "change a setting of the kernel's, like the program that takes core dumps"),
        attempt("sysrq_trigger", "ask the kernel for a system request"),
        attempt("cgroup_release_agent", "name a program that the host runs when a control group is empty"),
        attempt("read_sys", "look at the machine's devices and settings"),
        attempt("memory_devices", "open the machine's memory"),
        attempt("other_devices", "open any device but the five harmless ones"),
        attempt("climb_out", "climb out of the root folder by `..` or by what was there before"),
    ]

    private static func attempt(_ name: String, _ what: String) -> EscapeAttempt {
        EscapeAttempt(name, .files, what)
    }
}
