"""The escape battery: what a hostile program would try from inside the sandbox, one attempt a run.

`orch sandbox check` starts the sandbox's own Python with this text and one more line, `attempt("NAME", {FIXTURE})`.
The last line on stdout is the report, {"attempt", "outcome", "detail", "limit"?}:

held     it was refused; the detail says how. Of a resource attack: the `limit` that refused it to the program.
escaped  it got what it was after. A resource attack: it reached its own bound, which lies far above every limit.
broken   the attempt itself is at fault, and so says nothing about the sandbox.

An attempt is a function of the fixture. It returns what it got; an OSError, or Refused, means that it was held. Each
does the least that proves the point, and puts back what it finds: on a machine where it succeeds it must do no harm.
Python 3.9 or later, standard library only. The attempts follow in network.py, files.py, processes.py, kernel.py and resources.py, which are put behind this text;
EscapeAttempt+*.swift, beside them, say what is expected of each.
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


def neighbour():
    """The process that started this one, as far as it can be seen; else a child of this one."""
    pid = os.getppid()
    if pid > 0:
        return pid
    pid = prepared(os.fork)
    if pid == 0:
        time.sleep(20)
        os._exit(0)
    return pid


def parent():
    """The process that started this one, as far as it can be seen."""
    pid = os.getppid() or 1
    if pid == os.getpid():
        raise Refused("no parent in sight")
    return pid
