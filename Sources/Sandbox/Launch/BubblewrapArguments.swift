/// What bubblewrap is told: the walls, and the little that is seen inside of them.
struct BubblewrapArguments: Sendable, Hashable {
    var python: PythonRuntime
    /// Links at the root of the host, such as `/lib` to `usr/lib`, without which nothing is found.
    var rootLinks: [PythonRuntime.Link]

    /// The host's devices that are seen inside: they hold nothing.
    private static let devices = ["null", "zero", "urandom"]
    /// Whom the program is inside: nobody.
    private static let user = "65534"

    /// Numbers of the descriptors behind the three of every program. bubblewrap closes each when it has used it, so
    /// none is passed that its options do not name: the program would inherit it.
    struct Passed: Sendable, Hashable {
        let filter = 3
        let status = 4
        /// Readable when the program may start; nil: at once.
        var block: Int?
        /// The text of a script; nil: there is none.
        var script: Int?
    }

    /// All of its options, before the command.
    ///
    /// The order counts: nothing can be put where it is read-only already.
    ///
    /// - Parameter toolFolder: Of the host; nil: there are no tools.
    func options(_ limits: SandboxLimits, _ passed: Passed = Passed(), toolFolder: String? = nil) -> [String] {
        var options = [
            "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts",
            "--unshare-cgroup-try", "--uid", Self.user, "--gid", Self.user, "--hostname", "sandbox", "--new-session",
            "--die-with-parent", "--as-pid-1", "--cap-drop", "ALL", "--seccomp", "\(passed.filter)",
            "--json-status-fd", "\(passed.status)",
        ]
        // The program does not start before the server has limited its processes.
        if let block = passed.block { options += ["--block-fd", "\(block)"] }
        for link in rootLinks { options += ["--symlink", link.target, link.path] }
        for path in [python.executable] + python.folders + python.files { options += ["--ro-bind", path, path] }
        for link in python.links { options += ["--symlink", link.target, link.path] }
        for device in Self.devices { options += ["--dev-bind", "/dev/\(device)", "/dev/\(device)"] }
        options += ["--symlink", "urandom", "/dev/random"]
        if let toolFolder { options += ["--ro-bind", toolFolder, Guest.toolFolder] }
        if let script = passed.script { options += ["--ro-bind-data", "\(script)", Guest.scriptPath] }
        // The only place that can be written. There is no /proc and no /sys at all, and /dev is part of the root.
        options += ["--size", "\(limits.temporaryFolder)", "--tmpfs", "/tmp", "--remount-ro", "/", "--chdir", "/tmp"]
        return options
    }
}

extension BubblewrapArguments {
    /// Reads the links at this machine's root.
    static func rootLinks() -> [PythonRuntime.Link] {
        ["/bin", "/lib", "/lib64", "/lib32"].compactMap { path in
            SystemFile.link(path).map { PythonRuntime.Link(target: $0, path: path) }
        }
    }
}
