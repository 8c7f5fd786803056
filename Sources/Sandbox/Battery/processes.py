# Ways to see or touch other processes. Behind battery.py, whose names these use.


@escape("read_processes")
def read_processes(fixture):
    """Which numbers belong to a process can be asked without /proc."""
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
    raise Refused("none but this one")


@escape("read_proc_of_parent")
def read_proc_of_parent(fixture):
    folder = "/proc/%d" % neighbour()
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
    target = neighbour()

    def trace(request, what):
        system_call("ptrace", request, target, 0, 0)
        return what + " another process"

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
    return memory_of("process_vm_readv", neighbour())


@escape("process_vm_writev")
def process_vm_writev(fixture):
    return memory_of("process_vm_writev", neighbour())


@escape("pidfd_getfd")
def pidfd_getfd(fixture):
    handle = system_call("pidfd_open", neighbour(), 0)

    def get(descriptor):
        taken = system_call("pidfd_getfd", handle, descriptor, 0)
        return "descriptor %d of another process as %d" % (descriptor, taken)

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
    target = neighbour()
    system_call("prlimit64", target, 7, None, old)
    system_call("prlimit64", target, 7, old, None)
    return "set a limit of another process"


@escape("setns_pidfd")
def setns_pidfd(fixture):
    handle = system_call("pidfd_open", neighbour(), 0)

    def enter(name):
        system_call("setns", handle, NAMESPACES[name])
        return "entered another process's %s namespace" % name

    return any_of(*each(enter, NAMESPACES))


@escape("setns_proc")
def setns_proc(fixture):
    folder = "/proc/%d/ns/" % neighbour()

    def enter(name):
        system_call("setns", os.open(folder + name, os.O_RDONLY), 0)
        return "entered another process's %s namespace" % name

    return any_of(*each(enter, os.listdir(folder)))
