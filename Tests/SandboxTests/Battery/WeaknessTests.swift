import Testing

@Suite struct WeaknessTests {
    private let sealed = [
        "--ro-bind", "/usr", "/usr", "--tmpfs", "/tmp", "--unshare-all", "--new-session", "--cap-drop", "ALL",
        "--seccomp", "9", "--remount-ro", "/",
    ]
    private let places = Weakness.Places(
        canaries: ["/c/1", "/c/2"], socket: "/c/socket", folder: "/c/folder", file: "/c/file", program: "/c/program",
        hosts: "/c/hosts", tools: "/c/tools", variable: ("NAME", "value"))

    private func weakened(_ weaknesses: Set<Weakness>) -> [String] {
        Weakness.weaken(sealed, by: weaknesses, places)
    }

    @Test func `without a weakness nothing but the spelling of the namespaces changes`() {
        let namespaces = ["user", "ipc", "pid", "net", "uts", "cgroup-try"].map { "--unshare-" + $0 }
        #expect(weakened([]) == sealed.flatMap { $0 == "--unshare-all" ? namespaces : [$0] })
    }

    @Test(arguments: [
        (Weakness.sharedNetwork, ["--unshare-net"]), (.sharedProcesses, ["--unshare-pid"]),
        (.sharedSession, ["--new-session"]), (.noFilter, ["--seccomp", "9"]), (.writableRoot, ["--remount-ro", "/"]),
    ])
    func `a defence that is an option is taken out with its value`(weakness: Weakness, gone: [String]) {
        let before = weakened([])
        let after = weakened([weakness])
        #expect(after.count == before.count - gone.count)
        #expect(!gone.contains { $0.hasPrefix("--") && after.contains($0) })
    }

    @Test(arguments: [
        (Weakness.planted("/etc/shadow"), ["--bind", "/c/file", "/etc/shadow"]),
        (.writableFolder("/etc"), ["--bind", "/c/folder", "/etc"]), (.procMounted, ["--proc", "/proc"]),
        (.environment, ["--setenv", "NAME", "value"]), (.writableTools, ["--bind", "/c/tools", "/tools"]),
        (.canariesVisible, ["--bind", "/c/1", "/c/1", "--bind", "/c/2", "/c/2", "--bind", "/c/socket", "/c/socket"]),
    ])
    func `what is put in stands before the root is made read-only`(weakness: Weakness, added: [String]) {
        #expect(weakened([weakness]) == weakened([]).dropLast(2) + added + ["--remount-ro", "/"])
    }

    @Test func `capabilities stand in the place of none`() {
        let options = weakened([.capabilities])
        #expect(!options.contains("--cap-drop"))
        #expect(options.contains("--cap-add"))
    }
}
