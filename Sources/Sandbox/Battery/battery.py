"""The escape battery: what a hostile program would try from inside the sandbox, one attempt a run.

`orch sandbox check` starts the sandbox's own Python with this text and one more line, `attempt("NAME", {FIXTURE})`.
The last line on stdout is the report, {"attempt", "outcome", "detail", "limit"?}:

held     it was refused; the detail says how. Of a resource attack: the `limit` that refused it to the program.
escaped  it got what it was after. A resource attack: it reached its own bound, which lies far above every limit.
broken   the attempt itself is at fault, and so says nothing about the sandbox.

An attempt is a function of the fixture. It returns what it got; an OSError, or Refused, means that it was held. Each
does the least that proves the point, and puts back what it finds: on a machine where it succeeds it must do no harm.
Python 3.9 or later, standard library only. EscapeAttempt+*.swift, beside this file, say what is expected of each.
"""

import errno
import json
import mmap
import os
import select
import signal
import socket
import stat
import struct
import sys
import time

ATTEMPTS = {}
RESOURCE_ATTACKS = set()
REPORT_LENGTH = 300
PATIENCE = 0.5  # seconds that a connection or an answer may take
TEMPORARY = "/tmp"
MARK = ".orch-battery"

# The sandbox's word for the limit that each of these means to a program that uses too much.
LIMITS = {
    errno.ENOSPC: "disk",
    errno.EDQUOT: "disk",
    errno.EFBIG: "file_size",
    errno.EMFILE: "open_files",
    errno.EAGAIN: "processes",
    errno.ENOMEM: "memory",
}
# What only a call with bad arguments gives.
FAULTS = {errno.EFAULT, errno.EBADF, errno.E2BIG}

# x86_64, aarch64; None where there is no such call.
NUMBERS = {
    "add_key": (248, 217), "bpf": (321, 280), "capget": (125, 90), "capset": (126, 91), "chroot": (161, 51),
    "clock_settime": (227, 112), "clone": (56, 220), "clone3": (435, 435), "execveat": (322, 281),
    "fanotify_init": (300, 262), "finit_module": (313, 273), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fsopen": (430, 430), "init_module": (175, 105), "inotify_add_watch": (254, 27), "inotify_init1": (294, 26),
    "io_uring_setup": (425, 425), "ioctl": (16, 29), "ioperm": (173, None), "iopl": (172, None),
    "ioprio_set": (251, 30), "kexec_file_load": (320, 294), "kexec_load": (246, 104), "keyctl": (250, 219),
    "memfd_create": (319, 279), "mknodat": (259, 33), "mlockall": (151, 230), "modify_ldt": (154, None),
    "mount": (165, 40), "mount_setattr": (442, 442), "mq_open": (240, 180), "msgget": (68, 186),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "open_tree": (428, 428),
    "perf_event_open": (298, 241), "personality": (135, 92), "pidfd_getfd": (438, 438), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pivot_root": (155, 41), "prctl": (157, 167), "prlimit64": (302, 261),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "ptrace": (101, 117), "reboot": (169, 142),
    "request_key": (249, 218), "sched_setattr": (314, 274), "semget": (64, 190), "setdomainname": (171, 162),
    "sethostname": (170, 161), "setns": (308, 268), "settimeofday": (164, 170), "shmget": (29, 194),
    "socket": (41, 198), "swapon": (167, 224), "syslog": (103, 116), "umount2": (166, 39), "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
MACHINES = ("x86_64", "aarch64")

AT_FDCWD = -100
AT_EMPTY_PATH = 0x1000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNS = 0x00020000
NAMESPACES = {
    "mnt": CLONE_NEWNS, "cgroup": 0x02000000, "uts": 0x04000000, "ipc": 0x08000000, "pid": 0x20000000,
    "net": 0x40000000, "time": 0x00000080,
}


class Refused(Exception):
    """The attempt was held by other means than an errno."""


class NotMade(Exception):
    """A preparation failed."""


class Ended(Exception):
    """A resource attack came to a limit."""

    def __init__(self, limit, detail):
        super().__init__(detail)
        self.limit = limit


def escape(name):
    """Registers an attempt."""

    def register(function):
        ATTEMPTS[name] = function
        return function

    return register


def attack(name):
    """Registers an attempt that uses up a resource."""
    RESOURCE_ATTACKS.add(name)
    return escape(name)


def attempt(name, fixture):
    """Makes one attempt, reports and ends."""
    process = os.getpid()
    limit = None
    try:
        outcome, detail = "escaped", ATTEMPTS[name](fixture)
        if not isinstance(detail, str):
            outcome, detail = "broken", "it does not say what it got"
    except Ended as end:
        outcome, detail, limit = "held", str(end), end.limit
    except Refused as refusal:
        outcome, detail = "held", str(refusal)
    except OSError as error:
        outcome, detail = "broken" if error.errno in FAULTS else "held", described(error)
        limit = LIMITS.get(error.errno) if name in RESOURCE_ATTACKS else None
    except BaseException as error:  # whatever it is, it is told
        outcome, detail = "broken", "%s: %s" % (type(error).__name__, error)
    if os.getpid() != process:
        os._exit(70)
    report(name, outcome, detail, limit)
    os._exit(0)


def report(name, outcome, detail, limit=None):
    detail = detail[:REPORT_LENGTH].encode("utf-8", "replace").decode()  # a file's name may not be text
    line = {"attempt": name, "outcome": outcome, "detail": detail}
    if limit is not None:
        line["limit"] = limit
    os.write(1, (json.dumps(line) + "\n").encode())


def described(error):
    """An errno's name and what it was about."""
    about = error.filename if isinstance(error.filename, str) else ""
    known = not isinstance(error, (socket.gaierror, socket.herror)) and errno.errorcode.get(error.errno)
    return " ".join(part for part in (known or str(error) or type(error).__name__, about) if part)


def any_of(*ways):
    """Goes every way until one leads out; otherwise all their refusals."""
    refusals, faults = [], []
    for way in ways:
        try:
            return way()
        except Refused as refusal:
            refusals.append(str(refusal))
        except OSError as error:
            (faults if error.errno in FAULTS else refusals).append(described(error).split()[0])
    if not refusals:
        raise NotMade(", ".join(faults))
    raise Refused(", ".join(dict.fromkeys(refusals)))


def each(action, things):
    """One way a thing."""
    return [lambda thing=thing: action(thing) for thing in things]


def prepared(action, *arguments):
    """What must work before the attempt can be made."""
    try:
        return action(*arguments)
    except OSError as error:
        raise NotMade("preparation: " + described(error)) from None


def system_call(name, *arguments):
    """A raw system call, for those that libc wraps differently or not at all."""
    machine = os.uname().machine
    if machine not in MACHINES:
        raise NotMade("no system call numbers for " + machine)
    number = NUMBERS[name][MACHINES.index(machine)]
    if number is None:
        raise Refused("%s: not on %s" % (name, machine))
    return numbered_call(number, name, *arguments)


def numbered_call(number, name, *arguments):
    import ctypes

    call = ctypes.PyDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    ctypes.set_errno(0)
    result = call(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), name)
    return result


def buffer(content, size=0):
    """Bytes that a system call may read and write."""
    import ctypes

    return ctypes.create_string_buffer(content, max(size, len(content)))


def address(of):
    import ctypes

    return ctypes.addressof(of)


def passed(codes, name, *arguments):
    """A call that would do harm, with arguments that are refused only after it has been permitted."""
    try:
        system_call(name, *arguments)
    except OSError as error:
        if error.errno not in codes:
            raise
        return "%s was permitted, and only its arguments refused (%s)" % (name, errno.errorcode[error.errno])
    return name + " succeeded"


def in_child(function):
    """The same in a process of its own, which may be killed for it."""
    reads, writes = prepared(os.pipe)
    child = prepared(os.fork)
    if child == 0:
        try:
            answer = "+" + function()
        except OSError as error:
            answer = "-" + described(error)
        except BaseException as error:
            answer = "-" + str(error) if isinstance(error, Refused) else "!%s: %s" % (type(error).__name__, error)
        os.write(writes, answer.encode())
        os._exit(0)
    os.close(writes)
    answer = os.read(reads, 4096).decode()
    status = os.waitpid(child, 0)[1]
    if not answer:
        raise Refused(signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "no answer")
    if answer[0] == "+":
        return answer[1:]
    raise (Refused if answer[0] == "-" else NotMade)(answer[1:])


def parent():
    """The process that started this one, as far as it can be seen."""
    pid = os.getppid() or 1
    if pid == os.getpid():
        raise Refused("no parent in sight")
    return pid


# Network


def endpoint(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def connect(text):
    """A TCP connection. One that is neither refused nor made has sent its first packet."""
    peer = endpoint(text)
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.setblocking(False)
    code = client.connect_ex(peer)
    if code == errno.EINPROGRESS:
        if not select.select([], [client], [], PATIENCE)[1]:
            return "a packet to %s left" % text
        code = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code == errno.ECONNREFUSED and not peer[0].startswith("127."):
        return text + " answered that it refuses"
    if code:
        raise OSError(code, os.strerror(code), text)
    client.send(b"orch battery\n")
    return "connected to " + text


def exchange(text, payload):
    """A datagram. Where nobody listens on this machine the next call says so."""
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.connect(endpoint(text))
    client.send(payload)
    time.sleep(0.1)
    client.send(payload)
    client.settimeout(PATIENCE)
    try:
        return "%s answered with %d bytes" % (text, len(client.recv(4096)))
    except socket.timeout:
        return "a datagram to %s left" % text


@escape("connect_public")
def connect_public(fixture):
    return any_of(*each(connect, fixture["public_addresses"]))


@escape("connect_loopback")
def connect_loopback(fixture):
    return connect(fixture["tcp_address"])


@escape("tcp_fast_open")
def tcp_fast_open(fixture):
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.sendto(b"orch battery\n", socket.MSG_FASTOPEN, endpoint(fixture["tcp_address"]))
    return "connected by sending to " + fixture["tcp_address"]


@escape("send_udp")
def send_udp(fixture):
    return exchange(fixture["udp_address"], b"orch battery\n")


@escape("dns_lookup")
def dns_lookup(fixture):
    return "example.com is " + socket.getaddrinfo("example.com", 80)[0][4][0]


@escape("dns_query")
def dns_query(fixture):
    question = struct.pack(">6H", 0x4F42, 0x0100, 1, 0, 0, 0) + b"\x07example\x03com\x00" + struct.pack(">2H", 1, 1)
    return any_of(*[lambda text=text: exchange(text, question) for text in fixture["resolvers"]])


def opened(family, kind, protocol=0):
    socket.socket(family, kind, protocol)
    return "a socket of family %d, type %d, protocol %d" % (family, kind, protocol)


@escape("raw_socket")
def raw_socket(fixture):
    return any_of(
        lambda: opened(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
        lambda: opened(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
        lambda: opened(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6),
        lambda: opened(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP),
    )


@escape("packet_socket")
def packet_socket(fixture):
    everything = socket.htons(3)
    return any_of(
        lambda: opened(socket.AF_PACKET, socket.SOCK_RAW, everything),
        lambda: opened(socket.AF_PACKET, socket.SOCK_DGRAM, everything),
        lambda: opened(socket.AF_INET, 10, everything),
    )


@escape("netlink_socket")
def netlink_socket(fixture):
    # Routes, diagnostics, IPsec, audit, netfilter, kernel events, generic.
    return any_of(*[lambda p=p: opened(socket.AF_NETLINK, socket.SOCK_RAW, p) for p in (0, 4, 6, 9, 12, 15, 16)])


@escape("socket_high_bits")
def socket_high_bits(fixture):
    """The kernel takes the low half of the family; a filter may compare the whole."""
    high = 1 << 32
    return any_of(
        lambda: "descriptor %d" % system_call("socket", high | socket.AF_NETLINK, socket.SOCK_RAW, 0),
        lambda: "descriptor %d" % system_call("socket", high | socket.AF_PACKET, high | socket.SOCK_RAW, 0),
        lambda: "descriptor %d" % system_call("socket", high | socket.AF_INET, socket.SOCK_STREAM, 0),
    )


@escape("vsock_socket")
def vsock_socket(fixture):
    """Only made and bound: no namespace holds such a socket, so that there is nothing else in the way to the host."""
    client = socket.socket(40, socket.SOCK_STREAM)
    client.bind((0xFFFFFFFF, 0xFFFFFFFF))
    return "a vsock socket"


@escape("rare_sockets")
def rare_sockets(fixture):
    # IPsec keys, ALG, Bluetooth, CAN, TIPC, RDS, NFC, QRTR, KCM, SMC, XDP, AX.25, X.25, AppleTalk, LLC, PPPoX, phonet.
    families = (15, 38, 31, 29, 30, 21, 39, 42, 41, 43, 44, 3, 9, 5, 26, 24, 35)
    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET)
    protocols = (132, 33, 136, 262)  # SCTP, DCCP, UDP-Lite, MPTCP
    return any_of(
        *[lambda f=f, k=k: opened(f, k) for f in families for k in kinds],
        *[lambda p=p, k=k: opened(socket.AF_INET, k, p) for p in protocols for k in kinds],
    )


def connect_unix(name):
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(PATIENCE)
    client.connect(name)
    client.send(b"orch battery\n")
    return "connected to " + name.replace("\0", "@")


@escape("unix_abstract_socket")
def unix_abstract_socket(fixture):
    return connect_unix("\0" + fixture["abstract_socket"])


@escape("unix_path_socket")
def unix_path_socket(fixture):
    return connect_unix(fixture["unix_socket"])


@escape("docker_socket")
def docker_socket(fixture):
    names = "docker.sock podman/podman.sock containerd/containerd.sock crio/crio.sock dbus/system_bus_socket".split()
    return any_of(*each(connect_unix, [folder + name for name in names for folder in ("/run/", "/var/run/")]))


@escape("socketpair_sendto")
def socketpair_sendto(fixture):
    """A socket that was never opened by `socket`, and an address that was never connected to."""
    mine, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    mine.sendto(b"orch battery\n", "\0" + fixture["abstract_datagram_socket"])
    return "sent to @" + fixture["abstract_datagram_socket"]


# Files


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


# Processes


@escape("read_processes")
def read_processes(fixture):
    """Which numbers belong to a process can be asked without /proc. One started this one, and that is all."""
    os.kill(os.getpid(), 0)
    known = (os.getpid(), os.getppid(), 1)
    for pid in list(range(1, 65536)) + [fixture["host_process"]]:
        if pid in known:
            continue
        try:
            os.kill(pid, 0)
        except PermissionError:
            return "process %d belongs to somebody else" % pid
        except ProcessLookupError:
            continue
        return "process %d is there" % pid
    raise Refused("none but this one and its parent")


@escape("read_proc_of_parent")
def read_proc_of_parent(fixture):
    folder = "/proc/%d" % parent()
    return any_of(
        lambda: open_device(folder + "/mem"), *each(listed, [folder + "/fd", folder + "/root", folder + "/cwd"]),
        lambda: read(folder + "/cmdline"),
    )


@escape("host_session")
def host_session(fixture):
    """A process group or session whose leader cannot be seen from here is the host's, and signals reach it."""
    if os.getpgrp() == 0 or os.getsid(0) == 0:
        return "in a process group or session of the host's"
    raise Refused("a session of its own")


@escape("ptrace_parent")
def ptrace_parent(fixture):
    target = parent()

    def trace(request, what):
        system_call("ptrace", request, target, 0, 0)
        return what + " its parent"

    return any_of(lambda: trace(0x4206, "seized"), lambda: trace(16, "attached to"))


@escape("ptrace_traceme")
def ptrace_traceme(fixture):
    def trace():
        system_call("ptrace", 0, 0, 0, 0)
        return "is traced"

    return in_child(trace)


def memory_of(name, target):
    """The right is checked before the address, so that a bad one tells that the memory is open."""
    mine = buffer(bytes(64))
    local = buffer(struct.pack("QQ", address(mine), 64))
    remote = buffer(struct.pack("QQ", 0x10000, 64))
    return passed({errno.EFAULT}, name, target, local, 1, remote, 1, 0)


@escape("process_vm_readv")
def process_vm_readv(fixture):
    return memory_of("process_vm_readv", parent())


@escape("process_vm_writev")
def process_vm_writev(fixture):
    return memory_of("process_vm_writev", parent())


@escape("pidfd_getfd")
def pidfd_getfd(fixture):
    handle = system_call("pidfd_open", parent(), 0)

    def get(descriptor):
        return "descriptor %d of its parent as %d" % (descriptor, system_call("pidfd_getfd", handle, descriptor, 0))

    return any_of(*each(get, range(16)))


@escape("kill_parent")
def kill_parent(fixture):
    target = parent()

    def ignoring(action, *arguments):
        try:
            return action(*arguments)
        except OSError:
            return None

    # To outlive it, where it can be killed.
    ignoring(system_call, "prctl", 1, 0, 0, 0, 0)
    for number in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGABRT", "SIGSEGV", "SIGUSR1", "SIGSTOP", "SIGKILL"):
        ignoring(os.kill, target, getattr(signal, number))
    handle = ignoring(system_call, "pidfd_open", target, 0)
    if handle is not None:
        ignoring(system_call, "pidfd_send_signal", handle, int(signal.SIGKILL), None, 0)
    time.sleep(0.3)
    if os.getppid() != os.getpid() and (os.getppid() or 1) != target:
        return "its parent is gone"
    raise Refused("its parent lives on")


@escape("prlimit_parent")
def prlimit_parent(fixture):
    old = buffer(bytes(16))
    system_call("prlimit64", parent(), 7, None, old)
    system_call("prlimit64", parent(), 7, old, None)
    return "set a limit of its parent"


@escape("setns_pidfd")
def setns_pidfd(fixture):
    handle = system_call("pidfd_open", parent(), 0)

    def enter(name):
        system_call("setns", handle, NAMESPACES[name])
        return "entered its parent's %s namespace" % name

    return any_of(*each(enter, NAMESPACES))


@escape("setns_proc")
def setns_proc(fixture):
    folder = "/proc/%d/ns/" % parent()

    def enter(name):
        system_call("setns", os.open(folder + name, os.O_RDONLY), 0)
        return "entered its parent's %s namespace" % name

    return any_of(*each(enter, os.listdir(folder)))


# Kernel


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


# Resources


def bound(fixture, full):
    """How far an attack goes. A control run divides it, to see what happens when no limit comes first."""
    return max(1, full // fixture.get("bound_divisor", 1))


def filled(size):
    """Memory whose pages are all there."""
    return bytearray(b"\x01") * size


@attack("fork_bomb")
def fork_bomb(fixture):
    total = bound(fixture, 2000)
    refused = mmap.mmap(-1, 1)

    def multiply(budget):
        while budget > 0:
            budget -= 1
            given = budget // 2
            try:
                child = os.fork()
            except OSError:
                refused[0] = 1
                time.sleep(0.01)
                continue
            if child == 0:
                try:
                    multiply(given)
                    time.sleep(20)
                finally:
                    os._exit(0)
            budget -= given

    multiply(total)
    time.sleep(1)
    if refused[0]:
        raise Ended("processes", "EAGAIN")
    return "%d processes" % total


@attack("thread_bomb")
def thread_bomb(fixture):
    import threading

    threading.stack_size(64 << 10)
    total, end = bound(fixture, 2000), threading.Event()
    for number in range(total):
        try:
            threading.Thread(target=end.wait, args=(20,), daemon=True).start()
        except RuntimeError:
            raise Ended("processes", "no thread after %d" % number) from None
    return "%d threads" % total


@attack("memory_bomb")
def memory_bomb(fixture):
    total, held = bound(fixture, 2 << 30), []
    try:
        while len(held) << 20 < total:
            held.append(filled(1 << 20))
    except MemoryError:
        count = len(held)
        held.clear()
        raise Ended("memory", "no memory after %d MiB" % count) from None
    return "%d MiB" % len(held)


@attack("memory_bomb_many")
def memory_bomb_many(fixture):
    """Each process stays below what one may have."""
    count = 16
    share = bound(fixture, 2 << 30) // count
    reads, writes = os.pipe()
    children = []
    for _ in range(count):
        child = os.fork()
        if child == 0:
            answer = b"n"
            try:
                held = filled(share)
                answer = b"y"
            except MemoryError:
                pass
            os.write(writes, answer)
            time.sleep(20)
            os._exit(len(answer) - 1)
        children.append(child)
    answers = b""
    end = time.monotonic() + 20
    while len(answers) < count and time.monotonic() < end:
        if select.select([reads], [], [], 0.1)[0]:
            answers += os.read(reads, count)
        child, status = os.waitpid(-1, os.WNOHANG)
        if child and os.WIFSIGNALED(status):
            raise Ended("memory", "a process was killed when %d had their share" % len(answers))
    if b"n" in answers:
        raise Ended("memory", "no memory")
    return "%d MiB in %d processes" % (answers.count(b"y") * share >> 20, count)


def spin(seconds):
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while time.process_time() < seconds:
        pass


@attack("cpu_spin")
def cpu_spin(fixture):
    seconds = 60 / fixture.get("bound_divisor", 1)
    spin(seconds)
    return "%g seconds of processor time" % seconds


@attack("cpu_spin_many")
def cpu_spin_many(fixture):
    """Each process has the processor time that one may have."""
    seconds = 60 / fixture.get("bound_divisor", 1)
    children = []
    for _ in range(8):
        child = os.fork()
        if child == 0:
            spin(seconds / 8)
            os._exit(0)
        children.append(child)
    killed = sum(os.WIFSIGNALED(os.waitpid(child, 0)[1]) for child in children)
    if killed:
        raise Ended("cpu", "%d of 8 were killed" % killed)
    return "%g seconds of processor time" % seconds


@attack("disk_fill")
def disk_fill(fixture):
    total, written, block = bound(fixture, 1 << 30), 0, b"\x01" * (1 << 20)
    while written < total:
        file = os.open(os.path.join(TEMPORARY, "fill%d" % (written >> 22)), os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        written += os.write(file, block)
        os.close(file)
    return "%d MiB" % (written >> 20)


@attack("inode_flood")
def inode_flood(fixture):
    total = bound(fixture, 2_000_000)
    for number in range(total):
        folder = os.path.join(TEMPORARY, "inodes%d" % (number // 1000))
        if number % 1000 == 0:
            os.mkdir(folder)
        else:
            os.close(os.open("%s/%d" % (folder, number), os.O_CREAT | os.O_WRONLY))
    return "%d files and folders" % total


@attack("big_file")
def big_file(fixture):
    """First with a hole, then in full."""
    total, block = bound(fixture, 1 << 30), b"\x01" * (1 << 20)
    file = os.open(os.path.join(TEMPORARY, "big"), os.O_CREAT | os.O_WRONLY)
    try:
        os.ftruncate(file, 1 << 40)
    except OSError:
        pass
    written = 0
    while written < total:
        written += os.write(file, block)
    return "%d MiB in one file" % (written >> 20)


@attack("open_files")
def open_files(fixture):
    total = bound(fixture, 4096)
    for _ in range(total):
        os.open("/dev/null", os.O_RDONLY)
    return "%d open files" % total


@attack("zip_bomb")
def zip_bomb(fixture):
    """A stream of two megabytes at most, unpacked as a careless program does it: whole."""
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = block * bound(fixture, 2048) + packer.flush(zlib.Z_FINISH)
    try:
        size = len(zlib.decompress(stream, -15))
    except MemoryError:
        raise Ended("memory", "no memory to unpack") from None
    return "%d MiB out of %d KiB" % (size >> 20, len(stream) >> 10)


def flood(descriptor, total):
    line, written = b"x" * 65535 + b"\n", 0
    while written < total:
        try:
            written += os.write(descriptor, line)
        except BlockingIOError:
            time.sleep(0.001)
        except BrokenPipeError:
            raise Ended("output", "nobody reads after %d KiB" % (written >> 10)) from None
    return "%d MiB" % (written >> 20)


@attack("output_flood")
def output_flood(fixture):
    return flood(1, bound(fixture, 256 << 20))


@attack("error_flood")
def error_flood(fixture):
    return flood(2, bound(fixture, 256 << 20))


@escape("orphans")
def orphans(fixture):
    """A daemon that has the output open: if it outlives its parent, it says so in a second report."""
    reads, writes = prepared(os.pipe)
    if prepared(os.fork) == 0:
        os.setsid()
        if os.fork() == 0:
            for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            os.write(writes, b"x")
            time.sleep(1)
            report("orphans", "escaped", "a process outlived the run")
            time.sleep(2)
        os._exit(0)
    os.read(reads, 1)
    raise Refused("a daemon was left behind")


def pause(fixture):
    seconds = 60 / fixture.get("bound_divisor", 1)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.1)
    return "%g seconds" % seconds


@attack("ignored_signals")
def ignored_signals(fixture):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    return pause(fixture)


@attack("sleep")
def sleep(fixture):
    return pause(fixture)


@attack("stopped")
def stopped(fixture):
    """Stops itself; a child continues it when the time is over."""
    process = os.getpid()
    if os.fork() == 0:
        pause(fixture)
        os.kill(process, signal.SIGCONT)
        os._exit(0)
    os.kill(process, signal.SIGSTOP)
    return "it was stopped and nobody minded"


@attack("closed_output")
def closed_output(fixture):
    """Nothing is left to be read, and the process is still there. There is no report if that lasts to its end."""
    for descriptor in (0, 1, 2):
        os.close(descriptor)
    pause(fixture)
    os._exit(0)
