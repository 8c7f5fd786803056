import Testing

@testable import OrchSandbox

@Suite("Mounted control groups")
struct CgroupMountTests {
    private func mounts(_ lines: String...) -> [CgroupMount] {
        CgroupMount.all(in: Array(lines.joined(separator: "\n").utf8))
    }

    @Test("Are found among all mounts, with what each of v1 controls")
    func ordinary() {
        let found = mounts(
            "22 27 0:21 / /proc rw,relatime - proc proc rw",
            "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 master:1 - cgroup cgroup rw,cpu,cpuacct",
            "35 31 0:32 /docker/7 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory",
            "40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd",
            "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 ro,nsdelegate")
        #expect(
            found == [
                CgroupMount(
                    version: .v1, controllers: [.cpu, .cpuacct], root: "/", point: "/sys/fs/cgroup/cpu,cpuacct",
                    isReadOnly: false),
                CgroupMount(
                    version: .v1, controllers: [.memory], root: "/docker/7", point: "/sys/fs/cgroup/memory",
                    isReadOnly: true),
                CgroupMount(
                    version: .v1, controllers: [], root: "/", point: "/sys/fs/cgroup/systemd", isReadOnly: false),
                CgroupMount(
                    version: .v2, controllers: [], root: "/", point: "/sys/fs/cgroup/unified", isReadOnly: true),
            ])
    }

    @Test("Have their paths' escapes resolved")
    func escapes() {
        let found = mounts(#"41 31 0:38 /a\134b /with\040space\011and\012more rw - cgroup2 cgroup2 rw"#)
        #expect(found.map(\.root) == [#"/a\b"#])
        #expect(found.map(\.point) == ["/with space\tand\nmore"])
    }

    @Test("Are passed over where something else lies on them")
    func covered() {
        let found = mounts(
            "41 31 0:38 / /sys/fs/cgroup ro - cgroup2 cgroup2 rw",
            "55 41 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
            "56 55 0:38 / /sys/fs/cgroup/other rw - tmpfs tmpfs rw")
        #expect(found.map(\.isReadOnly) == [false])
    }

    @Test(
        "Are passed over where a line is none",
        arguments: [
            "", " ", "-", "- - - - - - - - - - - - -",
            "41 31 0:38 / /sys/fs/cgroup rw cgroup2 cgroup2 rw",
            "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2",
            "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw more",
            "41 31 0:38 / /sys/fs/cgroup rw - fuse.cgroup2 cgroup2 rw",
            "41 31 0:38 / /sys/fs/cgroup rw - tmpfs cgroup2 rw,memory",
            "41 31 0:38 / sys/fs/cgroup rw - cgroup2 cgroup2 rw",
            #"41 31 0:38 / /sys/fs\000/cgroup rw - cgroup2 cgroup2 rw"#,
            #"41 31 0:38 / /sys/fs/cgroup\04 rw - cgroup2 cgroup2 rw"#,
            #"41 31 0:38 / /sys/fs/cgroup\+17x rw - cgroup2 cgroup2 rw"#,
            #"41 31 0:38 / /sys/fs/cgroup\777 rw - cgroup2 cgroup2 rw"#,
            #"41 31 0:38 / /sys/fs/\377 rw - cgroup2 cgroup2 rw"#,
            #"41 31 0:38 /\ /sys/fs/cgroup rw - cgroup2 cgroup2 rw"#,
        ])
    func malformed(_ line: String) {
        #expect(mounts(line).isEmpty)
        #expect(mounts(line, "41 31 0:38 / /after rw - cgroup2 cgroup2 rw").map(\.point) == ["/after"])
    }

    @Test("Are not made up by names of other things, which hold blanks as escapes")
    func hostile() {
        #expect(
            mounts(
                #"70 31 0:50 / /tmp/x\040-\040cgroup2\040cgroup2\040rw rw - tmpfs a\040-\040cgroup2 rw"#,
                #"71 31 0:51 / /tmp/y rw - cgroup none rw,release_agent=/x\054memory\054pids"#
            ).map(\.controllers) == [[]])
    }

    @Test("Are read where the source has no name")
    func noSource() {
        #expect(mounts("41 31 0:38 / /sys/fs/cgroup rw -  cgroup2  rw").isEmpty)
        #expect(mounts("41 31 0:38 / /sys/fs/cgroup rw - cgroup2  rw").map(\.version) == [.v2])
    }

    @Test("Are read past bytes that are no text")
    func bytes() {
        let line: [UInt8] = Array("41 31 0:38 / /\u{e9} rw - cgroup2 cgroup2 rw\n".utf8)
        #expect(CgroupMount.all(in: [0xff, 0xfe, 0x0a] + line).map(\.point) == ["/\u{e9}"])
    }
}
