# Ways to use up what others need. Behind battery.py, whose names these use.


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
    """A child stops itself, and nobody continues it before the time is over."""
    child = os.fork()
    if child == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    pause(fixture)
    os.kill(child, signal.SIGCONT)
    os.waitpid(child, 0)
    return "a process was stopped and nobody minded"


@attack("closed_output")
def closed_output(fixture):
    """Nothing is left to be read, and the process is still there. There is no report if that lasts to its end."""
    for descriptor in (0, 1, 2):
        os.close(descriptor)
    pause(fixture)
    os._exit(0)
