/// What is expected of each system call, by name: written down apart from the list that the filter is made of.
enum ExpectedCalls {
    enum Answer: String {
        case allowed, permission, noSuchCall, unsupported, killed, unknown

        /// Of a filter's return value.
        init(_ value: UInt32) {
            self =
                switch value {
                case 0x7FFF_0000: .allowed
                case 0x0005_0001: .permission
                case 0x0005_0026: .noSuchCall
                case 0x0005_005F: .unsupported
                case 0x8000_0000: .killed
                default: .unknown
                }
        }
    }

    static let allowed = words(
        """
        access alarm brk chdir chmod chown clock_getres clock_gettime clock_nanosleep close close_range copy_file_range
        creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_wait eventfd eventfd2 execve exit
        exit_group faccessat faccessat2 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fdatasync fgetxattr
        flistxattr flock fork fstat fstatfs fsync ftruncate futex futimesat getcpu getcwd getdents getdents64 getegid
        geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid
        getresuid getrlimit getrusage getsid getsockname gettid gettimeofday getuid getxattr kill lchown lgetxattr link
        linkat listxattr llistxattr lseek lstat mkdir mkdirat mprotect mremap msync munmap nanosleep newfstatat open
        openat pause pipe pipe2 poll ppoll pread64 preadv preadv2 pselect6 pwrite64 pwritev pwritev2 read readlink
        readlinkat readv rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask
        rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max
        sched_get_priority_min sched_getaffinity sched_getparam sched_getscheduler sched_rr_get_interval sched_yield
        select sendfile set_robust_list set_tid_address setitimer setpgid setrlimit setsid shutdown sigaltstack stat
        statfs statx symlink symlinkat sysinfo tgkill time timerfd_create timerfd_gettime timerfd_settime times tkill
        truncate umask uname unlink unlinkat utime utimensat utimes vfork wait4 waitid write writev
        """)

    /// Allowed with some arguments; and what becomes of them when all arguments are zero.
    static let checked: [String: Answer] = [
        "arch_prctl": .permission, "clone": .allowed, "fcntl": .allowed, "getsockopt": .permission,
        "ioctl": .permission, "madvise": .allowed, "mmap": .allowed, "prctl": .permission, "prlimit64": .allowed,
        "recvfrom": .allowed, "recvmsg": .allowed, "sendmsg": .allowed, "sendto": .allowed, "socketpair": .permission,
    ]

    static let noSuchCall = words(
        """
        cachestat clone3 epoll_pwait2 file_getattr file_setattr futex_requeue futex_wait futex_waitv futex_wake
        getxattrat landlock_add_rule landlock_create_ruleset landlock_restrict_self listmount listxattrat
        map_shadow_stack membarrier mseal openat2 pkey_alloc pkey_free pkey_mprotect removexattrat setxattrat statmount
        timer_create timer_delete timer_getoverrun timer_gettime timer_settime
        """)

    static let unsupported = words("fremovexattr fsetxattr lremovexattr lsetxattr removexattr setxattr")

    /// What an attack would be made of, and whatever else nobody needs.
    static let permission: Set<String> = [
        // Namespaces, mounts, roots.
        "chroot fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree open_tree_attr pivot_root setns",
        "umount2 unshare",
        // Other processes.
        "get_robust_list kcmp pidfd_getfd pidfd_open pidfd_send_signal process_madvise process_mrelease",
        "process_vm_readv process_vm_writev ptrace",
        // The kernel's own machines.
        "bpf io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit io_uring_enter io_uring_register",
        "io_uring_setup lookup_dcookie perf_event_open seccomp uprobe uretprobe userfaultfd",
        "lsm_get_self_attr lsm_list_modules lsm_set_self_attr",
        // Keys.
        "add_key keyctl request_key",
        // Sockets.
        "accept accept4 bind connect listen recvmmsg sendmmsg setsockopt socket",
        // Files by other ways than their paths, devices, programs in memory.
        "execveat memfd_create memfd_secret mknod mknodat name_to_handle_at open_by_handle_at splice tee vmsplice",
        // Others' files, and the page cache.
        "fadvise64 fanotify_init fanotify_mark inotify_add_watch inotify_init inotify_init1 inotify_rm_watch mincore",
        "readahead signalfd signalfd4 sync sync_file_range syncfs",
        // Memory that outlives a process, or is not counted as its own.
        "mlock mlock2 mlockall mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget",
        "msgrcv msgsnd munlock munlockall remap_file_pages semctl semget semop semtimedop shmat shmctl shmdt shmget",
        "get_mempolicy mbind migrate_pages move_pages set_mempolicy set_mempolicy_home_node",
        // Users and capabilities.
        "capget capset setfsgid setfsuid setgid setgroups setregid setresgid setresuid setreuid setuid",
        // Priorities.
        "ioprio_get ioprio_set sched_getattr sched_setaffinity sched_setattr sched_setparam sched_setscheduler",
        "setpriority",
        // The whole machine.
        "acct adjtimex clock_adjtime clock_settime create_module delete_module finit_module init_module ioperm iopl",
        "kexec_file_load kexec_load modify_ldt personality query_module quotactl quotactl_fd reboot setdomainname",
        "sethostname settimeofday swapoff swapon sysfs syslog uselib ustat vhangup get_kernel_syms nfsservctl _sysctl",
        // Never were.
        "afs_syscall epoll_ctl_old epoll_wait_old get_thread_area getpmsg putpmsg security set_thread_area tuxcall",
        "vserver",
    ].reduce(into: []) { $0.formUnion(words($1)) }

    /// Expected of a call whatever its arguments are; nil where these count.
    static func answer(_ name: String?) -> Answer? {
        guard let name else { return .noSuchCall }
        if allowed.contains(name) { return .allowed }
        if noSuchCall.contains(name) { return .noSuchCall }
        if unsupported.contains(name) { return .unsupported }
        return permission.contains(name) ? .permission : nil
    }

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
}
