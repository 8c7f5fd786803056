import Testing

@testable import OrchSandbox

@Suite("The place of control groups")
struct CgroupPlaceTests {
    private func place(_ mounts: [String], _ memberships: String) throws -> CgroupPlace {
        let lines = mounts.enumerated().map { "\($0.offset + 30) 20 0:9 \($0.element)" }.joined(separator: "\n")
        return try CgroupPlace(
            mounts: CgroupMount.all(in: Array(lines.utf8)),
            memberships: CgroupMembership.all(in: Array(memberships.utf8)))
    }

    private func refusal(_ mounts: [String], _ memberships: String) -> CgroupRefusal? {
        do {
            _ = try place(mounts, memberships)
            return nil
        } catch { return error as? CgroupRefusal }
    }

    private static let unified = "/ /sys/fs/cgroup rw - cgroup2 cgroup2 rw"
    private static let memory = "/ /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"
    private static let pids = "/ /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids"
    private static let cpu = "/ /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct"

    @Test("Is v2's where that is all there is")
    func unified() throws {
        #expect(
            try place([Self.unified], "0::/a.slice/b.service\n")
                == .v2("/sys/fs/cgroup/a.slice/b.service", isInLeaf: false))
        #expect(try place([Self.unified], "0::/\n") == .v2("/sys/fs/cgroup", isInLeaf: false))
    }

    @Test("Is v1's where v1 has memory and pids, beside a v2 without them and hierarchies of a name alone")
    func hybrid() throws {
        let found = try place(
            [
                Self.cpu, Self.memory, Self.pids, "/ /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
                "/ /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd",
            ], "9:name=systemd:/x\n8:pids:/p\n4:memory:/m/n\n2:cpu,cpuacct:/c:d\n0::/\n")
        #expect(
            found
                == .v1([
                    "/sys/fs/cgroup/memory/m/n": [.memory], "/sys/fs/cgroup/pids/p": [.pids],
                    "/sys/fs/cgroup/cpu,cpuacct/c:d": [.cpu, .cpuacct],
                ]))
    }

    @Test("Is v2's where v1 has other controllers alone")
    func otherHybrid() throws {
        let found = try place([Self.cpu, Self.unified], "2:cpu,cpuacct:/\n1:name=memory:/\n0::/a\n")
        #expect(found == .v2("/sys/fs/cgroup/a", isInLeaf: false))
    }

    @Test("Is there without cpu, and is not without memory or pids")
    func missing() throws {
        let groups = "4:memory:/\n3:pids:/\n2:cpu,cpuacct:/\n"
        #expect(
            try place([Self.memory, Self.pids], groups)
                == .v1(["/sys/fs/cgroup/memory": [.memory], "/sys/fs/cgroup/pids": [.pids]]))
        #expect(refusal([Self.memory, Self.cpu], groups) == .missing([.pids], .v1))
        #expect(refusal([Self.memory, Self.unified], "4:memory:/\n0::/\n") == .split)
        #expect(refusal([Self.cpu], "2:cpu,cpuacct:/\n") == .missing([.memory, .pids], .v1))
    }

    @Test("Is nowhere where nothing is mounted, or the wrong thing")
    func notMounted() {
        #expect(refusal([], "0::/a\n") == .notMounted)
        #expect(refusal([Self.memory], "0::/a\n") == .notMounted)
        #expect(refusal([Self.unified], "4:memory:/\n3:pids:/\n") == .notMounted)
        #expect(refusal([Self.unified], "nonsense\n0:\n::::\n0::relative\n") == .noProcess)
    }

    @Test(
        "Has the mount's own root taken off",
        arguments: [
            ("/docker/7", "/docker/7", "/sys/fs/cgroup"), ("/docker/7", "/docker/7/a/b", "/sys/fs/cgroup/a/b"),
            ("/docker/7/", "/docker/7/a", "/sys/fs/cgroup/a"), ("/", "/a", "/sys/fs/cgroup/a"),
        ])
    func roots(_ root: String, _ own: String, _ directory: String) throws {
        let found = try place(["\(root) /sys/fs/cgroup rw - cgroup2 cgroup2 rw"], "0::\(own)\n")
        #expect(found == .v2(directory, isInLeaf: false))
    }

    @Test(
        "Is not guessed where the mount does not show it",
        arguments: [
            ("/docker/7", "/docker/77"), ("/docker/7", "/docker"), ("/docker/7", "/"), ("/..", "/a"),
            ("/", "/../a"), ("/../..", "/../../a"),
        ])
    func outside(_ root: String, _ own: String) {
        #expect(refusal(["\(root) /sys/fs/cgroup rw - cgroup2 cgroup2 rw"], "0::\(own)\n") == .elsewhere)
    }

    @Test("Is in the mount that can be written, of several, and in one that shows it")
    func several() throws {
        let mounts = [
            "/ /sys/fs/cgroup ro - cgroup2 cgroup2 rw", "/other /o rw - cgroup2 cgroup2 rw",
            "/ /host rw - cgroup2 cgroup2 rw",
        ]
        #expect(try place(mounts, "0::/a\n") == .v2("/host/a", isInLeaf: false))
        #expect(try place(Array(mounts.prefix(2)), "0::/a\n") == .v2("/sys/fs/cgroup/a", isInLeaf: false))
    }

    @Test("Is above the leaf, as far as it can be seen")
    func leaf() throws {
        #expect(
            try place([Self.unified], "0::/u/orch-server\n") == .v2("/sys/fs/cgroup/u", isInLeaf: true))
        #expect(try place([Self.unified], "0::/orch-server\n") == .v2("/sys/fs/cgroup", isInLeaf: true))
        #expect(
            try place(["/u/orch-server /c rw - cgroup2 cgroup2 rw"], "0::/u/orch-server\n")
                == .v2("/c", isInLeaf: false))
        #expect(
            try place([Self.unified], "0::/orch-server-2\n") == .v2("/sys/fs/cgroup/orch-server-2", isInLeaf: false))
    }
}
