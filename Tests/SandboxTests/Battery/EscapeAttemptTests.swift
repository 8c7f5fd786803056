import Testing

@testable import OrchSandbox

@Suite struct EscapeAttemptTests {
    private let names = EscapeAttempt.all.map(\.name)

    /// The battery's own list: what each line of it that begins so registers.
    private func registered(_ prefix: String) -> [String] {
        EscapeAttempt.battery.split(separator: "\n").filter { $0.hasPrefix(prefix) }.map { line in
            String(line.dropFirst(prefix.count).prefix { $0 != "\"" })
        }
    }

    @Test func `no name comes twice`() {
        #expect(Set(names).count == names.count)
        #expect(
            names.allSatisfy {
                $0.utf8.allSatisfy { $0 == 0x5F || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
            })
    }

    @Test func `every attempt is in the battery, and nothing else is`() {
        let inBattery = registered("@escape(\"") + registered("@attack(\"")
        #expect(inBattery.count == names.count)
        #expect(Set(inBattery) == Set(names))
    }

    @Test func `what uses up resources is expected to end by limits`() {
        let attacks = EscapeAttempt.all.filter { if case .ends = $0.expectation { true } else { false } }
        #expect(Set(attacks.map(\.name)) == Set(registered("@attack(\"")))
        #expect(attacks.allSatisfy { $0.group == .resources })
    }

    @Test func `limits have the sandbox's names`() {
        let known: Set = ["memory", "processes", "cpu", "timeout", "output", "disk", "file_size", "open_files"]
        for attempt in EscapeAttempt.all {
            guard case .ends(let limits) = attempt.expectation else { continue }
            #expect(!limits.isEmpty && limits.isSubset(of: known), "\(attempt.name)")
        }
    }

    /// The list in the specification of the sandbox, and what stands for each of its items.
    @Test(arguments: [
        ("an address", ["connect_public"]), ("the host's loopback", ["connect_loopback"]), ("UDP", ["send_udp"]),
        ("DNS", ["dns_lookup", "dns_query"]), ("raw sockets", ["raw_socket"]), ("packet sockets", ["packet_socket"]),
        ("netlink sockets", ["netlink_socket"]), ("vsock sockets", ["vsock_socket"]),
        ("abstract unix sockets", ["unix_abstract_socket"]), ("path unix sockets", ["unix_path_socket"]),
        ("docker.sock", ["docker_socket"]), ("shadow", ["read_shadow"]), ("home", ["read_home"]),
        ("the host's temporary files", ["read_host_temporary"]), ("own environ", ["read_own_environ"]),
        ("all others' environ", ["read_other_environs"]), ("host processes", ["read_processes"]),
        ("inherited descriptors", ["inherited_descriptors"]), ("the system folders", ["write_system"]),
        ("the tool folder", ["write_tools"]), ("the root", ["write_root"]),
        ("through a symlink", ["write_through_symlink"]), ("hard-link", ["hard_link"]),
        ("a set-uid file", ["setuid_file", "setuid_programs"]), ("mknod", ["make_device"]),
        ("/proc/sys", ["write_proc_sys"]), ("sysrq", ["sysrq_trigger"]),
        ("cgroup release_agent", ["cgroup_release_agent"]), ("mount", ["mount"]), ("remount", ["remount"]),
        ("fsopen", ["fsopen"]), ("umount", ["umount"]), ("chroot", ["chroot"]),
        ("nested user namespace by unshare", ["unshare_user"]), ("by clone3", ["clone3_user"]),
        ("setns", ["setns_pidfd", "setns_proc"]), ("ptrace of the parent", ["ptrace_parent"]),
        ("traceme", ["ptrace_traceme"]), ("process_vm_readv", ["process_vm_readv"]), ("pidfd_getfd", ["pidfd_getfd"]),
        ("kill the parent", ["kill_parent"]), ("keyctl", ["keyrings"]), ("io_uring", ["io_uring"]), ("bpf", ["bpf"]),
        ("perf_event_open", ["perf_event_open"]), ("userfaultfd", ["userfaultfd"]), ("TIOCSTI", ["terminal_input"]),
        ("memfd exec", ["memfd_exec"]), ("personality", ["personality"]), ("kexec", ["kexec"]),
        ("open_by_handle_at", ["open_by_handle_at"]), ("dmesg", ["kernel_log"]), ("raising limits", ["raise_limits"]),
        ("fork bomb", ["fork_bomb"]), ("memory bomb", ["memory_bomb", "memory_bomb_many"]), ("CPU spin", ["cpu_spin"]),
        ("disk fill", ["disk_fill"]), ("inode flood", ["inode_flood"]), ("big file", ["big_file"]),
        ("zip bomb", ["zip_bomb"]), ("output flood", ["output_flood", "error_flood"]), ("orphans", ["orphans"]),
        ("ignored signals", ["ignored_signals"]), ("sleep", ["sleep"]),
    ])
    func `the battery has what the specification asks for`(item: String, wanted: [String]) {
        #expect(Set(wanted).isSubset(of: names), "\(item)")
    }

    @Test func `each says in one plain line what it tries`() {
        for attempt in EscapeAttempt.all {
            #expect((10...100).contains(attempt.what.count), "\(attempt.name)")
            #expect(!attempt.what.contains("\n") && !attempt.what.hasSuffix("."), "\(attempt.name)")
        }
    }

    @Test func `the groups come one after the other, and none is empty`() {
        var groups: [EscapeAttempt.Group] = []
        for group in EscapeAttempt.all.map(\.group) where groups.last != group { groups.append(group) }
        #expect(groups == EscapeAttempt.Group.allCases)
    }
}
