# Ways to have the kernel do more than it should. Behind battery.py, whose names these use.


def mount(source, target, kind, flags, data=None):
    system_call("mount", source, target.encode(), kind, flags, data)
    return "mounted %s on %s" % ((kind or source).decode(), target)


@escape("mount")
def mount_anything(fixture):
    folder = os.path.join(TEMPORARY, "mount")
    prepared(os.mkdir, folder)
    bind, recursive = 0x1000, 0x4000
    return any_of(
        lambda: mount(b"none", folder, b"tmpfs", 0),
        lambda: mount(b"/", folder, None, bind | recursive),
        lambda: mount(b"none", folder, b"proc", 0),
        lambda: mount(b"none", folder, b"sysfs", 0),
        lambda: mount(b"none", folder, b"mqueue", 0),
    )


@escape("remount")
def remount(fixture):
    def writable(target):
        system_call("mount", b"none", target.encode(), None, 0x20 | 0x1000, None)
        return "remounted %s to be written" % target

    def attributes(target):
        system_call("mount_setattr", AT_FDCWD, target.encode(), 0, buffer(struct.pack("4Q", 0, 1, 0, 0)), 32)
        return "changed how %s is mounted" % target

    targets = ["/", fixture["tool_folder"], "/usr"]
    return any_of(*each(writable, targets), *each(attributes, targets))


@escape("fsopen")
def fsopen(fixture):
    context = system_call("fsopen", b"tmpfs", 0)
    system_call("fsconfig", context, 6, None, None, 0)
    return "a file system as descriptor %d" % system_call("fsmount", context, 0, 0)


@escape("open_tree")
def open_tree(fixture):
    return "a copy of the tree as descriptor %d" % system_call("open_tree", AT_FDCWD, b"/", 1 | 0x8000)


@escape("umount")
def umount(fixture):
    def remove(target):
        system_call("umount2", target.encode(), 2)
        return "unmounted " + target

    return any_of(*each(remove, [fixture["tool_folder"], "/usr", "/dev/null", TEMPORARY, "/"]))


@escape("chroot")
def chroot(fixture):
    system_call("chroot", TEMPORARY.encode())
    return "changed the root"


@escape("pivot_root")
def pivot_root(fixture):
    folder = os.path.join(TEMPORARY, "old")
    prepared(os.mkdir, folder)
    system_call("pivot_root", TEMPORARY.encode(), folder.encode())
    return "changed the root"


@escape("unshare_user")
def unshare_user(fixture):
    system_call("unshare", CLONE_NEWUSER)
    return "a user namespace"


@escape("unshare_others")
def unshare_others(fixture):
    def unshare(name):
        system_call("unshare", NAMESPACES[name])
        return "a namespace: " + name

    return any_of(*each(unshare, NAMESPACES))


def child_in_namespace(call, *arguments):
    child = system_call(call, *arguments)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return "a process in a user namespace"


@escape("clone_user")
def clone_user(fixture):
    return child_in_namespace("clone", CLONE_NEWUSER | signal.SIGCHLD, 0, 0, 0, 0)


@escape("clone3_user")
def clone3_user(fixture):
    arguments = buffer(struct.pack("8Q", CLONE_NEWUSER, 0, 0, 0, signal.SIGCHLD, 0, 0, 0))
    return child_in_namespace("clone3", arguments, 64)


@escape("keyrings")
def keyrings(fixture):
    session, process, user = -3, -2, -4
    return any_of(
        lambda: "a key: %d" % system_call("add_key", b"user", b"orch", b"x", 1, process),
        lambda: "a key: %d" % system_call("request_key", b"user", b"orch", None, process),
        lambda: "the session's keyring: %d" % system_call("keyctl", 0, session, 0),
        lambda: "the user's keyring: %d" % system_call("keyctl", 0, user, 1),
        lambda: "a new session keyring: %d" % system_call("keyctl", 1, None),
    )


@escape("io_uring")
def io_uring(fixture):
    return "a ring as descriptor %d" % system_call("io_uring_setup", 8, buffer(bytes(120)))


@escape("bpf")
def bpf(fixture):
    """A map, a program, or at least an answer about a pinned object that is not there."""
    code = buffer(struct.pack("BBhiBBhi", 0xB7, 0, 0, 0, 0x95, 0, 0, 0))
    licence, path = buffer(b"GPL\0"), buffer(b"/nowhere\0")
    program_attributes = struct.pack("IIQQ", 1, 2, address(code), address(licence))
    return any_of(
        lambda: "a map: %d" % system_call("bpf", 0, buffer(struct.pack("5I", 2, 4, 4, 1, 0), 72), 72),
        lambda: "a program: %d" % system_call("bpf", 5, buffer(program_attributes, 72), 72),
        lambda: passed({errno.ENOENT}, "bpf", 7, buffer(struct.pack("Q", address(path)), 72), 72),
    )


@escape("perf_event_open")
def perf_event_open(fixture):
    # A software clock of this process alone, without the kernel's part.
    attributes = buffer(struct.pack("IIQQQQQ", 1, 64, 0, 0, 0, 0, 0x61), 64)
    return "a counter as descriptor %d" % system_call("perf_event_open", attributes, 0, -1, -1, 0)


@escape("userfaultfd")
def userfaultfd(fixture):
    return any_of(*each(lambda flags: "descriptor %d" % system_call("userfaultfd", flags), [1, 0]))


@escape("terminal_input")
def terminal_input(fixture):
    """Types a character for whoever reads the terminal next, and pastes a selection."""
    character = buffer(b"#")

    def push(descriptor, request):
        system_call("ioctl", descriptor, request, character)
        return "typed into the terminal behind descriptor %d" % descriptor

    ways = [lambda d=d, r=r: push(d, r) for d in (0, 1, 2) for r in (0x5412, 1 << 32 | 0x5412, 0x541C)]
    ways += each(lambda path: push(os.open(path, os.O_RDWR), 0x5412), ["/dev/tty", "/dev/console", "/dev/tty0"])
    return any_of(*ways)


@escape("memfd_exec")
def memfd_exec(fixture):
    """Runs a program that is in no file system."""
    import ctypes

    file = system_call("memfd_create", b"orch", 0)
    os.write(file, program("exit_42"))
    arguments = (ctypes.c_char_p * 2)(b"orch", None)

    def started(start):
        if exit_code(start) != 42:
            raise Refused("it did not run")
        return "ran a program in memory"

    return any_of(
        lambda: started(lambda: system_call("execveat", file, b"", arguments, None, AT_EMPTY_PATH)),
        lambda: started(lambda: os.execv("/proc/self/fd/%d" % file, ["orch"])),
    )


@escape("personality")
def personality(fixture):
    """No random addresses, and reading that implies executing."""
    def change(bits):
        system_call("personality", bits)
        return "personality %#x" % system_call("personality", 0xFFFFFFFF)

    return any_of(*each(change, [0x0040000, 0x0400000, 0x0100000]))


@escape("kexec")
def kexec(fixture):
    return any_of(
        lambda: passed({errno.EINVAL}, "kexec_load", 0, 17, buffer(bytes(64)), 0),
        lambda: passed({errno.EINVAL, errno.EBADF}, "kexec_file_load", -1, -1, 0, None, 0),
    )


@escape("open_by_handle_at")
def open_by_handle_at(fixture):
    def reopen(path):
        handle, mount_id = buffer(struct.pack("Ii", 128, 0), 136), buffer(bytes(4))
        system_call("name_to_handle_at", AT_FDCWD, path.encode(), handle, mount_id, 0)
        folder = os.open(path, os.O_RDONLY)
        return "%s by its handle: %d" % (path, system_call("open_by_handle_at", folder, handle, os.O_DIRECTORY))

    return any_of(*each(reopen, [TEMPORARY, fixture["tool_folder"], "/usr", "/"]))


@escape("kernel_log")
def kernel_log(fixture):
    text = buffer(bytes(4096))
    return any_of(
        lambda: "read %d bytes" % system_call("syslog", 3, text, 4096),
        lambda: "the log's size is %d" % system_call("syslog", 10, None, 0),
        *each(read, ["/dev/kmsg", "/proc/kmsg"]),
    )


@escape("raise_limits")
def raise_limits(fixture):
    import resource

    names = ("NPROC", "NOFILE", "FSIZE", "CPU", "AS", "CORE", "MEMLOCK", "STACK", "NICE", "RTPRIO")
    kinds = [getattr(resource, "RLIMIT_" + name) for name in names if hasattr(resource, "RLIMIT_" + name)]
    hard = {kind: resource.getrlimit(kind)[1] for kind in kinds}
    bounded = [kind for kind in kinds if hard[kind] != resource.RLIM_INFINITY]
    for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU, resource.RLIMIT_CORE):
        if kind not in bounded:
            return "there is no limit of kind %d" % kind

    def more(kind):
        # The kernel's own bound of open files is not a refusal of rights, so that one more is asked for.
        resource.setrlimit(kind, (hard[kind], hard[kind] + 1))
        return "raised the limit of kind %d" % kind

    def caught(kind):
        try:
            return more(kind)
        except ValueError as error:
            raise Refused(str(error)) from None

    return any_of(*each(caught, bounded))


@escape("capabilities")
def capabilities(fixture):
    header, sets = buffer(struct.pack("Ii", 0x20080522, 0)), buffer(bytes(24))
    system_call("capget", header, sets)
    if any(struct.unpack("6I", sets.raw[:24])):
        return "capabilities: " + " ".join("%x" % word for word in struct.unpack("6I", sets.raw[:24]))
    raise Refused("none")


@escape("capset")
def capset(fixture):
    """CAP_SYS_ADMIN."""
    header = buffer(struct.pack("Ii", 0x20080522, 0))
    system_call("capset", header, buffer(struct.pack("6I", 1 << 21, 1 << 21, 0, 0, 0, 0)))
    return "took a capability"


@escape("change_user")
def change_user(fixture):
    def user(number):
        os.setresuid(number, number, number)
        return "became user %d" % number

    def group(number):
        os.setresgid(number, number, number)
        return "became group %d" % number

    def groups():
        os.setgroups([0])
        return "joined a group"

    return any_of(
        *each(user, [n for n in (0, 1, 65534) if n != os.getuid()]),
        *each(group, [n for n in (0, 1, 65534) if n != os.getgid()]), groups,
    )


@escape("host_name")
def host_name(fixture):
    name = os.uname().nodename.encode()

    def change(call):
        system_call(call, name, len(name))
        return call + " succeeded"

    return any_of(*each(change, ["sethostname", "setdomainname"]))


@escape("set_clock")
def set_clock(fixture):
    def clock():
        now = time.time_ns()
        system_call("clock_settime", 0, buffer(struct.pack("qq", now // 10**9, now % 10**9)))
        return "set the clock"

    def time_of_day():
        now = time.time_ns()
        system_call("settimeofday", buffer(struct.pack("qq", now // 10**9, now % 10**9 // 1000)), None)
        return "set the time of day"

    return any_of(clock, time_of_day)


@escape("raise_priority")
def raise_priority(fixture):
    def nice():
        os.setpriority(os.PRIO_PROCESS, 0, -20)
        return "the highest priority"

    def disk():
        system_call("ioprio_set", 1, 0, 1 << 13)
        return "real-time priority at the disk"

    return any_of(nice, disk)


@escape("realtime_scheduler")
def realtime_scheduler(fixture):
    def policy(number):
        os.sched_setscheduler(0, number, os.sched_param(1))
        return "a real-time policy: %d" % number

    def deadline():
        attributes = struct.pack("IIQiIQQQ", 48, 6, 0, 0, 0, 10**7, 10**8, 10**8)
        system_call("sched_setattr", 0, buffer(attributes), 0)
        return "a deadline policy"

    return any_of(*each(policy, [os.SCHED_FIFO, os.SCHED_RR]), deadline)


@escape("lock_memory")
def lock_memory(fixture):
    system_call("mlockall", 3)
    return "locked all its memory, and what it will get"


@escape("sysv_ipc")
def sysv_ipc(fixture):
    """Memory, messages and locks that outlive whoever made them."""
    return any_of(
        lambda: "shared memory: %d" % system_call("shmget", 0, 4096, 0o1600),
        lambda: "a message queue: %d" % system_call("msgget", 0, 0o1600),
        lambda: "a semaphore: %d" % system_call("semget", 0, 1, 0o1600),
    )


@escape("posix_queue")
def posix_queue(fixture):
    return "a queue: %d" % system_call("mq_open", b"orch", os.O_CREAT | os.O_RDWR, 0o600, None)


@escape("watch_files")
def watch_files(fixture):
    """What others do in the folders that both see."""
    def inotify():
        watcher = system_call("inotify_init1", 0)
        return "a watch: %d" % system_call("inotify_add_watch", watcher, fixture["tool_folder"].encode(), 0xFFF)

    return any_of(inotify, lambda: "descriptor %d" % system_call("fanotify_init", 0x200, 0))


@escape("load_module")
def load_module(fixture):
    return any_of(
        lambda: passed({errno.EBADF}, "finit_module", -1, b"", 0),
        lambda: passed({errno.ENOEXEC}, "init_module", None, 0, b""),
    )


@escape("reboot")
def reboot(fixture):
    """Without the numbers that it wants to see."""
    return passed({errno.EINVAL}, "reboot", 0, 0, 0, 0)


@escape("swap")
def swap(fixture):
    return passed({errno.ENOENT, errno.EINVAL}, "swapon", b"/nowhere", 0)


@escape("io_ports")
def io_ports(fixture):
    def granted(name, *arguments):
        system_call(name, *arguments)
        return name + " succeeded"

    return any_of(lambda: granted("iopl", 3), lambda: granted("ioperm", 0x80, 1, 1))


@escape("modify_ldt")
def modify_ldt(fixture):
    return "read %d bytes" % system_call("modify_ldt", 0, buffer(bytes(64)), 64)


@escape("i386_call")
def i386_call(fixture):
    """A 32-bit system call (getpid), whose numbers are others than those that the filter's list means."""
    import ctypes

    if os.uname().machine != "x86_64":
        raise Refused("not on this machine")
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\x48\x98\xc3")  # mov eax, 20; int 0x80; cdqe; ret
    start = ctypes.addressof(ctypes.c_char.from_buffer(code))
    result = ctypes.CFUNCTYPE(ctypes.c_long)(start)()
    if result < 0:
        raise OSError(-result, os.strerror(-result))
    return "getpid gave %d" % result


@escape("x32_call")
def x32_call(fixture):
    """getpid by the numbers of the x32 ABI, under the same architecture's name."""
    if os.uname().machine != "x86_64":
        raise Refused("not on this machine")
    return in_child(lambda: "getpid gave %d" % numbered_call(0x40000000 + 39, "getpid"))


@escape("core_dump")
def core_dump(fixture):
    """A dump is written by the host, or given to a program of the host's that runs as root."""
    prepared(os.chdir, TEMPORARY)
    child = prepared(os.fork)
    if child == 0:
        signal.signal(signal.SIGABRT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGABRT)
        os._exit(0)
    if os.WCOREDUMP(os.waitpid(child, 0)[1]):
        return "the kernel dumped a core"
    raise Refused("no core")
