# Ways to see or change what is not shown. Behind battery.py, whose names these use.


def read(path):
    with open(path, "rb", buffering=0) as file:
        return "%s: %s" % (path, file.read(160).decode("utf-8", "replace"))


def listed(folder):
    names = os.listdir(folder)
    if not names:
        raise Refused(folder + " is empty")
    return "%s holds %s" % (folder, " ".join(sorted(names)[:8]))


def create_in(folder):
    path = os.path.join(folder, MARK)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    os.unlink(path)
    return "made a file in " + folder


def make_folder_in(folder):
    path = os.path.join(folder, MARK)
    os.mkdir(path)
    os.rmdir(path)
    return "made a folder in " + folder


def open_to_write(path):
    os.close(os.open(path, os.O_WRONLY))
    return "opened %s for writing" % path


def rewrite(path):
    """Writes what it finds there."""
    file = os.open(path, os.O_RDWR)
    content = os.read(file, 4096)
    os.lseek(file, 0, os.SEEK_SET)
    os.write(file, content)
    return "wrote " + path


@escape("read_shadow")
def read_shadow(fixture):
    return any_of(*each(read, ["/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/shadow-"]))


@escape("read_home")
def read_home(fixture):
    return any_of(lambda: read(fixture["home_file"]), *each(listed, ["/root", "/home"]))


@escape("read_host_temporary")
def read_host_temporary(fixture):
    return any_of(
        lambda: read(fixture["temporary_file"]), *each(listed, [TEMPORARY, "/var/tmp", "/dev/shm", "/run", "/var/run"])
    )


def variables(environment, fixture, innocent=()):
    """The names in an environment block, and the value of the one that the host has planted."""
    pairs = [pair.decode("utf-8", "replace").partition("=") for pair in environment.split(b"\0") if pair]
    found = [name + "=" + value if name == fixture["variable"] else name for name, _, value in pairs]
    return [text for text in found if text not in innocent]


@escape("read_own_environ")
def read_own_environ(fixture):
    # The first is set by bubblewrap, the second by Python itself where no locale is set.
    innocent = ("PWD", "LC_CTYPE")
    found = variables(b"\0".join(n + b"=" + v for n, v in os.environb.items()), fixture, innocent)
    if found:
        return " ".join(found)

    def from_proc():
        with open("/proc/self/environ", "rb") as file:
            found = variables(file.read(), fixture, innocent)
        if not found:
            raise Refused("empty")
        return " ".join(found)

    return from_proc()


@escape("read_other_environs")
def read_other_environs(fixture):
    def environ_of(pid):
        with open("/proc/%s/environ" % pid, "rb") as file:
            found = variables(file.read(), fixture)
        if not found:
            raise Refused("empty")
        return "process %s: %s" % (pid, " ".join(found))

    others = [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) != os.getpid()]
    return any_of(*each(environ_of, others)) if others else "no process but this one: /proc is not what it seems"


@escape("inherited_descriptors")
def inherited_descriptors(fixture):
    found = []
    for descriptor in range(3, 1024):
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            continue
        content = ""
        if stat.S_ISREG(mode):
            content = " " + repr(os.pread(descriptor, 120, 0).decode("utf-8", "replace"))
        found.append("%d (%s)%s" % (descriptor, oct(stat.S_IFMT(mode)), content))
    if not found:
        raise Refused("none")
    return "descriptors " + ", ".join(found)


@escape("write_system")
def write_system(fixture):
    folders = (
        "/usr /usr/bin /usr/sbin /usr/lib /usr/lib64 /usr/local /usr/local/bin /usr/share /lib /lib64 /bin /sbin /etc "
        "/etc/ld.so.conf.d /opt /var /var/lib /boot /srv /home /root /mnt"
    ).split()
    python = [path for path in sys.path if path] + [os.path.dirname(os.path.realpath(sys.executable))]
    return any_of(
        *each(create_in, folders + python),
        *each(open_to_write, [os.__file__, json.__file__, os.path.realpath(sys.executable)]),
    )


@escape("write_tools")
def write_tools(fixture):
    folder, tool = fixture["tool_folder"], fixture["tool_file"]
    prepared(read, tool)

    def change_mode():
        os.chmod(tool, stat.S_IMODE(os.stat(tool).st_mode))
        return "changed the mode of " + tool

    def rename():
        os.rename(tool, tool + MARK)
        os.rename(tool + MARK, tool)
        return "renamed " + tool

    def mark():
        os.setxattr(tool, "user.orch", b"battery")
        os.removexattr(tool, "user.orch")
        return "wrote an attribute of " + tool

    return any_of(
        lambda: create_in(folder), lambda: make_folder_in(folder), lambda: open_to_write(tool), change_mode, rename,
        mark,
    )


@escape("write_root")
def write_root(fixture):
    return any_of(lambda: create_in("/"), lambda: make_folder_in("/"))


@escape("write_elsewhere")
def write_elsewhere(fixture):
    """Every folder two levels deep, except the one that may be written: no other may take files, bounded or not."""
    folders = ["/dev", "/dev/shm", "/dev/mqueue", "/run", "/var/tmp", "/proc", "/sys"]
    for top in os.scandir("/"):
        if top.is_dir() and top.path != TEMPORARY:
            folders.append(top.path)
            try:
                folders.extend(entry.path for entry in os.scandir(top.path) if entry.is_dir())
            except OSError:
                pass
    return any_of(*each(create_in, folders))


@escape("write_through_symlink")
def write_through_symlink(fixture):
    def through(target):
        link = os.path.join(TEMPORARY, "link%d" % through.count)
        through.count += 1
        prepared(os.symlink, target, link)
        return any_of(*each(create_in if os.path.isdir(link) else open_to_write, [link]))

    through.count = 0

    def dangling(folder):
        link = os.path.join(TEMPORARY, "link%d" % through.count)
        through.count += 1
        prepared(os.symlink, os.path.join(folder, MARK), link)
        os.close(os.open(link, os.O_CREAT | os.O_WRONLY, 0o600))
        os.unlink(os.path.join(folder, MARK))
        return "made a file in %s through a link" % folder

    folder, tool = fixture["tool_folder"], fixture["tool_file"]
    return any_of(*each(through, [tool, os.__file__, folder, "/", "/usr"]), *each(dangling, [folder, "/", "/usr/lib"]))


@escape("hard_link")
def hard_link(fixture):
    def link(target, folder):
        path = os.path.join(folder, MARK)
        os.link(target, path)
        os.unlink(path)
        return "linked %s into %s" % (target, folder)

    targets = [fixture["tool_file"], os.__file__, os.path.realpath(sys.executable), "/dev/null"]
    for target in targets:
        prepared(os.stat, target)
    return any_of(*[lambda t=t, f=f: link(t, f) for t in targets for f in (TEMPORARY, os.path.dirname(t))])


def program(then):
    """The bytes of an executable: `exit_42` ends with that code, `exit_user` with the low byte of its user's id."""
    machine = os.uname().machine
    if machine == "x86_64":
        code = {
            "exit_42": b"\xbf\x2a\x00\x00\x00\xb8\x3c\x00\x00\x00\x0f\x05",
            "exit_user": b"\xb8\x6b\x00\x00\x00\x0f\x05\x89\xc7\xb8\x3c\x00\x00\x00\x0f\x05",
        }[then]
        number = 62
    elif machine == "aarch64":
        words = {
            "exit_42": (0xD2800540, 0xD2800BA8, 0xD4000001),
            "exit_user": (0xD28015E8, 0xD4000001, 0xD2800BA8, 0xD4000001),
        }[then]
        code, number = struct.pack("<%dI" % len(words), *words), 183
    else:
        raise NotMade("no machine code for " + machine)
    size, base = 120 + len(code), 0x400000
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 2, number, 1, base + 120, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    return header + struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 0x1000) + code


def exit_code(start):
    """Starts something in a new process: the code that it ends with, None if a signal ends it."""
    reads, writes = prepared(os.pipe)
    child = prepared(os.fork)
    if child == 0:
        try:
            start()
        except OSError as error:
            os.write(writes, struct.pack("i", error.errno))
        os._exit(127)
    os.close(writes)
    refusal = os.read(reads, 4)
    status = os.waitpid(child, 0)[1]
    if refusal:
        code = struct.unpack("i", refusal)[0]
        raise OSError(code, os.strerror(code), "exec")
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else None


@escape("setuid_file")
def setuid_file(fixture):
    """A program with the set-uid bit, given to root if that can be done."""
    path = os.path.join(TEMPORARY, "setuid")

    def write():
        file = os.open(path, os.O_CREAT | os.O_WRONLY, 0o755)
        os.write(file, program("exit_user"))
        os.close(file)

    prepared(write)
    try:
        os.chown(path, 0, 0)
    except OSError:
        pass
    os.chmod(path, 0o6755)
    code = exit_code(lambda: os.execv(path, [path]))
    if code is None or code == os.geteuid() & 0xFF:
        raise Refused("it ran as the same user" if code is not None else "it was killed")
    return "it ran as another user"


@escape("setuid_programs")
def setuid_programs(fixture):
    folder = os.path.join(TEMPORARY, "mount")
    prepared(os.mkdir, folder)

    def run(*command):
        def start():
            signal.alarm(2)
            null = os.open("/dev/null", os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(null, descriptor)
            os.execv(command[0], command)

        code = exit_code(start)
        if code != 0:
            raise Refused("%s: code %s" % (command[0], code))
        return command[0] + " did as it was told"

    ways = [("su", "-c", "exit 0"), ("sudo", "-n", "true"), ("pkexec", "true"), ("newgrp", "root")]
    ways += [("mount", "-t", "tmpfs", "none", folder), ("fusermount3", "-u", "/"), ("passwd", "-S", "root")]
    return any_of(*each(lambda way: run("/usr/bin/" + way[0], *way[1:]), ways))


@escape("new_privileges")
def new_privileges(fixture):
    if system_call("prctl", 39, 0, 0, 0, 0) == 1:
        raise Refused("no_new_privs is set")
    return "a set-uid program would get its owner's rights"


@escape("make_device")
def make_device(fixture):
    def make(kind, major, minor):
        path = os.path.join(TEMPORARY, "device%d" % minor)
        os.mknod(path, kind | 0o600, os.makedev(major, minor))
        return "made the device %d:%d" % (major, minor)

    def make_at():
        folder = prepared(os.open, TEMPORARY, os.O_RDONLY)
        system_call("mknodat", folder, b"device", stat.S_IFBLK | 0o600, os.makedev(8, 0))
        return "made a block device"

    return any_of(
        lambda: make(stat.S_IFCHR, 1, 1), lambda: make(stat.S_IFBLK, 8, 1), lambda: make(stat.S_IFBLK, 254, 2), make_at
    )


@escape("write_proc_sys")
def write_proc_sys(fixture):
    names = "kernel/core_pattern kernel/modprobe kernel/hostname kernel/poweroff_cmd vm/overcommit_memory "
    names += "net/ipv4/ip_forward user/max_user_namespaces fs/suid_dumpable"
    return any_of(*each(rewrite, ["/proc/sys/" + name for name in names.split()]))


@escape("sysrq_trigger")
def sysrq_trigger(fixture):
    """Asks for help, the one request that does nothing."""
    file = os.open("/proc/sysrq-trigger", os.O_WRONLY)
    os.write(file, b"h")
    return "wrote /proc/sysrq-trigger"


@escape("cgroup_release_agent")
def cgroup_release_agent(fixture):
    def mounted():
        system_call("unshare", CLONE_NEWUSER | CLONE_NEWNS | NAMESPACES["cgroup"])
        folder = os.path.join(TEMPORARY, "cgroup")
        os.mkdir(folder)
        any_of(*each(lambda kind: mount(b"cgroup", folder, b"cgroup", 0, kind), [b"memory", b"rdma", b"pids", b"misc"]))
        return rewrite(folder + "/release_agent")

    root = "/sys/fs/cgroup"
    places = [root] + [os.path.join(root, name) for name in ("memory", "rdma", "pids", "cpu", "devices", "unified")]
    return any_of(*each(rewrite, [place + "/release_agent" for place in places]), lambda: in_child(mounted))


@escape("read_sys")
def read_sys(fixture):
    return listed("/sys")


def open_device(path):
    os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    return "opened " + path


@escape("memory_devices")
def memory_devices(fixture):
    return any_of(*each(open_device, ["/dev/mem", "/dev/kmem", "/dev/port", "/proc/kcore", "/dev/cpu/0/msr"]))


@escape("other_devices")
def other_devices(fixture):
    harmless = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9)}
    names = "fuse kvm vsock vhost-net vhost-vsock net/tun loop-control mapper/control sda vda nvme0n1 uinput console "
    names += "tty tty0 ptmx pts/ptmx userfaultfd dri/card0 nvidiactl hpet rtc0 snapshot btrfs-control cuse"
    names = names.split() + os.listdir("/dev")

    def other(name):
        path = "/dev/" + name
        status = os.lstat(path)
        if stat.S_ISDIR(status.st_mode) or stat.S_ISLNK(status.st_mode):
            raise Refused("ENOENT")
        number = (os.major(status.st_rdev), os.minor(status.st_rdev))
        if harmless.get(name) == number and stat.S_ISCHR(status.st_mode):
            raise Refused(name + " is harmless")
        return open_device(path)

    return any_of(*each(other, names))


@escape("climb_out")
def climb_out(fixture):
    def from_folder(folder):
        start = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        file = os.open("../" * 32 + "etc/shadow", os.O_RDONLY, dir_fd=start)
        return "above %s: %s" % (folder, os.read(file, 120).decode("utf-8", "replace"))

    def by_steps():
        for _ in range(64):
            os.chdir("..")
        return read("etc/shadow")

    return any_of(
        *each(from_folder, ["/", TEMPORARY, fixture["tool_folder"]]), by_steps,
        *each(read, ["/proc/1/root/etc/shadow", "/proc/self/root/../etc/shadow"]),
        *each(listed, ["/oldroot", "/newroot", "/host", "/.oldroot"]),
    )
