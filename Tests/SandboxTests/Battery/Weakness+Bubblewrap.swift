extension Weakness {
    /// What a control puts into the sandbox, by its path on the host. Each can be written by whoever runs bubblewrap.
    struct Places {
        /// The fixture's canary files.
        var canaries: [String]
        /// The fixture's listening unix socket.
        var socket: String
        /// An empty folder.
        var folder: String
        /// A file of the canary's text.
        var file: String
        /// An executable file that ends with code 0, like a script of the sandbox's own Python.
        var program: String
        /// A file of one line, `127.0.0.1 example.com`.
        var hosts: String
        /// A folder with the known tool.
        var tools: String
        /// The fixture's variable, and a value.
        var variable: (name: String, value: String)
    }

    /// Takes defences out of bubblewrap's options (what stands before the program's name).
    ///
    /// Not to be seen there, and left to the caller: ``noLimits``, ``coreDumps``, ``terminal``,
    /// ``launcherEnvironment``, ``inheritedDescriptor``, and what is the fixture's: ``nearAddresses`` and ``lowBound``.
    static func weaken(_ options: [String], by weaknesses: Set<Weakness>, _ places: Places) -> [String] {
        var options = options.flatMap { $0 == "--unshare-all" ? everyNamespace : [$0] }
        for (option, count) in weaknesses.flatMap(\.removed) {
            while let start = options.firstIndex(of: option) {
                options.removeSubrange(start..<min(start + count, options.count))
            }
        }
        // Nothing can be put where it is read-only already.
        let added = weaknesses.flatMap { $0.added(places) }
        options.insert(contentsOf: added, at: options.firstIndex(of: "--remount-ro") ?? options.count)
        return options
    }

    private static let everyNamespace = ["user", "ipc", "pid", "net", "uts", "cgroup-try"].map { "--unshare-" + $0 }

    /// Options that go, and how many words each has.
    private var removed: [(option: String, count: Int)] {
        switch self {
        case .sharedNetwork: [("--unshare-net", 1)]
        case .sharedProcesses: [("--unshare-pid", 1), ("--as-pid-1", 1)]
        case .sharedSession: [("--new-session", 1)]
        case .noFilter: [("--seccomp", 2), ("--add-seccomp-fd", 2)]
        case .capabilities: [("--cap-drop", 2), ("--uid", 2), ("--gid", 2), ("--disable-userns", 1)]
        case .writableRoot: [("--remount-ro", 2)]
        default: []
        }
    }

    private func added(_ places: Places) -> [String] {
        switch self {
        case .capabilities: ["--cap-add", "ALL", "--uid", "0", "--gid", "0"]
        case .procMounted: ["--proc", "/proc"]
        case .writableTools: ["--bind", places.tools, "/tools"]
        case .writableFolder(let path): ["--bind", places.folder, path]
        case .planted(let path): ["--bind", places.file, path]
        case .program(let path): ["--ro-bind", places.program, path]
        case .hosts: ["--ro-bind", places.hosts, "/etc/hosts"]
        case .socket(let path): ["--bind", places.socket, path]
        case .canariesVisible: (places.canaries + [places.socket]).flatMap { ["--bind", $0, $0] }
        case .environment: ["--setenv", places.variable.name, places.variable.value]
        default: []
        }
    }
}
