#!/bin/sh
# Shows that the shim loses what a power loss loses, and nothing else. Needs cc, python3 (its sqlite3 must reach libc
# through dynamic symbols: checked) and a few minutes. Usage: selftest.sh [ROUNDS]   (default 60, per SQLite mode)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
${CC:-cc} -shared -fPIC -O2 "$here/crash_shim.c" -o "$work/crash_shim.so"
${CC:-cc} -O2 "$here/crash_restore.c" -o "$work/crash_restore"
cat >"$work/selftest.py" <<'EOF'
import os, random, signal, sqlite3, struct, subprocess, sys, threading, time

work, rounds = sys.argv[1], int(sys.argv[2])
FIELDS = dict(fsync_fail=8, fsync_errno=16, write_fail=24, write_errno=32, fsync_delay_us=40, fail_target=48, flags=56,
              kill_at_point=64, fsync_skip=72, write_skip=80, points=128, fsyncs=136, fsyncs_failed=144, writes=152,
              writes_failed=160, undo_bytes=168, creates=176, unlinks=184, directory_fsyncs=192, unmodelled=200,
              attached=208, last_pid=216)
bad = 0


def say(good, text):
    global bad
    bad += not good
    print("ok  " if good else "FAIL", text, flush=True)


class Box:
    """A data folder, an undo folder, a control file."""

    def __init__(self, name):
        self.base = f"{work}/{name}"
        self.data, self.undo, self.control = (f"{self.base}/{n}" for n in ("data", "undo", "control"))
        os.makedirs(self.data), os.makedirs(self.undo)
        with open(self.control, "wb") as f:
            f.write(bytes(256))
        self.db = f"{self.data}/t.db"

    def set(self, **values):
        with open(self.control, "r+b") as f:
            for key, value in values.items():
                f.seek(FIELDS[key]), f.write(struct.pack("<q", value))

    def get(self, key):
        with open(self.control, "rb") as f:
            f.seek(FIELDS[key])
            return struct.unpack("<q", f.read(8))[0]

    def start(self, code, *arguments):
        env = dict(os.environ, LD_PRELOAD=f"{work}/crash_shim.so", CRASH_SHIM_DIR=self.data, CRASH_SHIM_UNDO=self.undo,
                   CRASH_SHIM_CONTROL=self.control, PYTHONDONTWRITEBYTECODE="1")
        return subprocess.Popen([sys.executable, "-S", "-c", code, *map(str, arguments)], env=env, cwd="/", bufsize=0,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, code, *arguments):
        p = self.start(code, *arguments)
        out = p.communicate()[0].decode()
        return p.returncode, out

    def restore(self, *options):
        p = subprocess.run([f"{work}/crash_restore", *options, self.data, self.undo], capture_output=True, text=True)
        if p.returncode:
            say(False, f"crash_restore exit {p.returncode}: {p.stdout}{p.stderr}")
        return p.stdout


# Two threads, each with a connection of its own; a row's id is printed only after its commit returned.
INSERT = """
import os, sqlite3, sys, threading
path, journal, synchronous, most = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
def work(k):
    c = sqlite3.connect(path, isolation_level=None, timeout=30)
    c.execute("PRAGMA journal_mode=" + journal)
    c.execute("PRAGMA synchronous=" + synchronous)
    c.execute("PRAGMA wal_autocheckpoint=25")
    for i in range(most):
        c.execute("BEGIN IMMEDIATE")
        c.execute("INSERT INTO t(body) VALUES (?)", (os.urandom(700),))
        n = c.execute("SELECT last_insert_rowid()").fetchone()[0]
        c.execute("COMMIT")
        os.write(1, b"%d\\n" % n)
ts = [threading.Thread(target=work, args=(k,)) for k in range(int(sys.argv[5]))]
[t.start() for t in ts]; [t.join() for t in ts]
"""


def make(box, journal):
    c = sqlite3.connect(box.db, isolation_level=None)
    c.execute("PRAGMA journal_mode=" + journal)
    c.execute("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB)")
    c.close()


def check(box):
    c = sqlite3.connect(box.db, isolation_level=None)
    try:
        verdict = c.execute("PRAGMA integrity_check").fetchone()[0]
        rows = {r[0] for r in c.execute("SELECT id FROM t")}
    except sqlite3.DatabaseError as e:
        verdict, rows = str(e), set()
    c.close()
    return verdict, rows


def acknowledged(out):
    return {int(n) for n in out.decode().split("\n")[:-1]}


def kills(name, journal, synchronous, options=False):
    box = Box(name)
    make(box, journal)
    expected, lossy, lost, sick, total = set(), 0, 0, 0, 0
    for i in range(rounds):
        p = box.start(INSERT, box.db, journal, synchronous, 1000000, 2)
        first = p.stdout.readline()
        time.sleep(random.uniform(0, 0.25))
        p.send_signal(signal.SIGKILL)
        acked = acknowledged(first + p.communicate()[0])
        box.restore(*(["--mix", str(random.getrandbits(60))] if options else []))
        verdict, rows = check(box)
        total += len(acked)
        missing = (expected | acked) - rows
        lossy += bool(missing)
        lost += len(missing)
        sick += verdict != "ok"
        expected = rows
        if verdict != "ok":  # to be expected with synchronous=OFF: begin anew
            for f in os.listdir(box.data):
                os.unlink(f"{box.data}/{f}")
            make(box, journal)
            expected = set()
    return dict(rounds=rounds, acked=total, lossy=lossy, lost=lost, sick=sick, unmodelled=box.get("unmodelled"),
                fsyncs=box.get("fsyncs"), writes=box.get("writes"), dirs=box.get("directory_fsyncs"))


def interposition():
    box = Box("interposition")
    make(box, "wal")
    code, _ = box.run(INSERT, box.db, "wal", "full", 5, 1)
    say(code == 0 and box.get("writes") >= 10 and box.get("fsyncs") >= 5 and box.get("attached") == 1,
        f"sqlite's calls are seen: {box.get('writes')} writes, {box.get('fsyncs')} fsyncs")
    box.run("import os; os.write(os.open('/dev/null', os.O_WRONLY), b'x'); open('%s/other', 'w').write('x')" % box.base)
    say(box.get("attached") == 1, "a process that leaves the folder alone is left alone")


def sqlite_rounds():
    for mode in (False, True):
        how = "mix" if mode else "all"
        r = kills(f"full-{how}", "wal", "full", mode)
        say(r["lossy"] == 0 and r["sick"] == 0 and r["unmodelled"] == 0,
            f"WAL FULL ({how}): nothing acknowledged is lost {r}")
        r = kills(f"normal-{how}", "wal", "normal", mode)
        say(r["sick"] == 0 and r["lossy"] > rounds // 2,
            f"WAL NORMAL ({how}): rows lost in most rounds, always consistent {r}")
        r = kills(f"off-{how}", "wal", "off", mode)
        say(r["lossy"] > rounds // 2, f"WAL OFF ({how}): rows lost in most rounds {r}")
    r = kills("delete-extra", "delete", "extra")
    say(r["lossy"] == 0 and r["sick"] == 0,
        f"DELETE EXTRA: the removed journal's directory is synced, nothing is lost {r}")
    r = kills("delete-full", "delete", "full")
    say(r["lossy"] > 0 and r["sick"] == 0, f"DELETE FULL: it is not, so a removed journal comes back {r}")


def pretended():
    """Syncs that say so and do nothing: rows that were acknowledged are lost, back to the last real sync."""
    box = Box("pretended")
    make(box, "wal")
    expected = set()
    for i in range(8):
        pretends = i % 4 == 3
        box.set(flags=2 * pretends)
        p = box.start(INSERT, box.db, "wal", "full", 1000000, 2)
        first = p.stdout.readline()
        time.sleep(0.1)
        p.kill()
        acked = acknowledged(first + p.communicate()[0])
        box.restore()
        verdict, rows = check(box)
        lost = len(acked - rows)
        say(verdict == "ok" and expected <= rows and (lost > len(acked) // 2 if pretends else lost == 0),
            f"pretended: syncs {'pretended' if pretends else 'real'}: {lost} of {len(acked)} rows lost")
        expected = rows


def points():
    """Death at every single place where the shim can ask for it, one by one: same work each time."""
    for journal, synchronous in ("wal", "full"), ("delete", "extra"):
        box = Box("points-" + journal)
        make(box, journal)
        os.system(f"cp -r {box.data} {box.base}/original")
        box.set(flags=1)
        box.run(INSERT, box.db, journal, synchronous, 12, 1)
        count, died, lossy, sick = box.get("points"), 0, 0, 0
        for k in range(1, count + 1):
            os.system(f"rm -rf {box.data} && cp -r {box.base}/original {box.data}")
            box.set(points=0, kill_at_point=k)
            p = box.start(INSERT, box.db, journal, synchronous, 12, 1)
            acked = acknowledged(p.communicate()[0])
            died += p.returncode == -9
            box.restore(*(["--mix", str(k)] if k % 2 else []))
            verdict, rows = check(box)
            lossy += not acked <= rows
            sick += verdict != "ok"
        say(died >= count * 0.95 and not lossy and not sick,
            f"{journal} {synchronous}, killed at each of {count} points: died {died}, lossy {lossy}, damaged {sick}")


# Random calls on several files; what a power loss must leave is worked out beside, in the simplest way.
MODEL = """
import os, random, signal, sys, json
d, seed, state = sys.argv[1], int(sys.argv[2]), sys.argv[3]
r = random.Random(seed)
dirfd = os.open(d, os.O_RDONLY)
names = ["a", "b", "c"]
now, disk = {}, {}      # file object -> content; `disk` as of its last sync
dentry, ddisk = {}, {}  # name -> file object; `ddisk` durable
objects = {}
renamed = set()         # names since the last sync of the folder
fresh = 0
fds = {}
def fd_of(n, f):
    if f not in fds: fds[f] = [os.open(d + "/" + n, os.O_RDWR)]
    if r.random() < .3: fds[f].append(os.dup(r.choice(fds[f])))
    if r.random() < .1:
        w = os.open(d + "/" + n, os.O_WRONLY); fds[f].append(w)
    return r.choice(fds[f])
def untangle():
    # Left out, because real file systems differ too: a new file that was renamed, or whose name was another's on disk.
    global ddisk
    alive = [(x, g) for x, g in dentry.items() if not objects[g].get("durable")]
    if any(objects[g]["created"] != x or x in ddisk or x in renamed for x, g in alive):
        os.fsync(dirfd); ddisk = dict(dentry); renamed.clear()
        for x, g in dentry.items(): objects[g].update(durable=True, created=x)
for step in range(r.randint(5, 120)):
    untangle()
    n = r.choice(names)
    f = dentry.get(n)
    if f is None:
        if r.random() < .5: continue
        f = fresh; fresh += 1
        fds[f] = [os.open(d + "/" + n, os.O_RDWR | os.O_CREAT | (os.O_EXCL if r.random() < .5 else 0))]
        now[f] = bytearray(); disk[f] = b""; dentry[n] = f
        objects[f] = dict(created=n)
        continue
    k = r.random()
    b = now[f]
    if k < .45:
        at, data = r.randrange(0, 3000), os.urandom(r.choice([1, 10, 600, 5000, 700000 if r.random() < .05 else 50]))
        fd = fd_of(n, f)
        how = r.randrange(4)
        if how == 0: os.pwrite(fd, data, at)
        elif how == 1: os.lseek(fd, at, 0); os.write(fd, data)
        elif how == 2: os.pwritev(fd, [data[:3], data[3:]], at)
        else: os.lseek(fd, at, 0); os.writev(fd, [data[:1], data[1:]])
        if len(b) < at: b.extend(bytes(at - len(b)))
        b[at:at + len(data)] = data
    elif k < .52:
        fd = os.open(d + "/" + n, os.O_WRONLY | os.O_APPEND); os.write(fd, b"tail"); os.close(fd); b.extend(b"tail")
    elif k < .62:
        size = r.randrange(0, 4000)
        (os.ftruncate(fd_of(n, f), size) if r.random() < .7 else os.truncate(d + "/" + n, size))
        if size < len(b): del b[size:]
        else: b.extend(bytes(size - len(b)))
    elif k < .66:
        os.close(os.open(d + "/" + n, os.O_WRONLY | os.O_TRUNC | os.O_CREAT)); b.clear()
    elif k < .70:
        size = r.randrange(1, 6000); os.posix_fallocate(fd_of(n, f), 0, size)
        if size > len(b): b.extend(bytes(size - len(b)))
    elif k < .84:
        (os.fsync if r.random() < .5 else os.fdatasync)(fd_of(n, f)); disk[f] = bytes(b)
        o = objects[f]
        # Its creation is durable now, under the name it was created by (a rename waits for the directory).
        if not o.get("durable"):
            o["durable"] = True
            if o["created"] not in [x for x, y in ddisk.items() if y == f]: ddisk[o["created"]] = f
    elif k < .90:
        os.fsync(dirfd); ddisk = dict(dentry); renamed.clear()
        for g in dentry.values(): objects[g]["durable"] = True
        for x, g in dentry.items(): objects[g]["created"] = x
    elif k < .95:
        os.unlink(d + "/" + n); del dentry[n]
        for fd in fds.pop(f, []): os.close(fd)
    else:
        m = r.choice([x for x in names if x != n])
        os.rename(d + "/" + n, d + "/" + m); renamed.update((n, m))
        g = dentry.get(m)
        if g is not None:
            for fd in fds.pop(g, []): os.close(fd)
        dentry[m] = f; del dentry[n]
with open(state, "w") as out:
    json.dump({x: disk[f].hex() for x, f in ddisk.items()}, out)
os.kill(os.getpid(), signal.SIGKILL)
"""


def model():
    import json
    wrong = 0
    count = rounds * 5
    for seed in range(count):
        box = Box(f"model-{seed}")
        p = box.start(MODEL, box.data, seed, f"{box.base}/state")
        p.communicate()
        if p.returncode != -9:
            wrong += 1
            print("model program failed, seed", seed)
            continue
        text = box.restore()
        want = {k: bytes.fromhex(v) for k, v in json.load(open(f"{box.base}/state")).items()}
        have = {n: open(f"{box.data}/{n}", "rb").read() for n in os.listdir(box.data)}
        left = [n for n in os.listdir(box.undo) if n != "alive"]
        if want != have or left:
            wrong += 1
            sizes = [{k: len(v) for k, v in files.items()} for files in (want, have)]
            print("seed", seed, "sizes wanted and found", *sizes, left, "\n" + text)
        os.system(f"rm -rf {box.base}")
    say(wrong == 0, f"model: random calls, {count} seeds, {wrong} wrong")


# Four threads write versions into blocks of one file by descriptors of their own, and sync, all at once.
THREADS = """
import os, struct, sys, threading
def work(k):
    fd = os.open(sys.argv[1], os.O_RDWR)
    v = 0
    while True:
        v += 1
        for b in range(3): os.pwrite(fd, struct.pack("<Q", v) * 64, (k * 3 + b) * 512)
        os.fdatasync(fd)
        os.write(1, b"%d %d\\n" % (k, v))
        if v % 10 == 0: os.close(fd); fd = os.open(sys.argv[1], os.O_RDWR)
ts = [threading.Thread(target=work, args=(k,)) for k in range(4)]
[t.start() for t in ts]
"""


def threads():
    wrong = ahead = 0
    for i in range(rounds):
        box = Box(f"threads-{i}")
        box.set(flags=i % 2)
        with open(f"{box.data}/f", "wb") as f:
            f.write(bytes(12 * 512))
        p = box.start(THREADS, f"{box.data}/f")
        first = p.stdout.readline()
        time.sleep(random.uniform(0, 0.1))
        p.kill()
        acked = [0] * 4
        for line in (first + p.communicate()[0]).decode().split("\n")[:-1]:
            k, v = map(int, line.split())
            acked[k] = v
        box.restore(*(["--mix", str(i)] if i % 3 == 0 else []))
        data = open(f"{box.data}/f", "rb").read()
        for k in range(12):
            block = struct.unpack("<64Q", data[k * 512:k * 512 + 512])
            good = len(set(block)) == 1 and acked[k // 3] <= block[0] <= acked[k // 3] + 1
            wrong += not good
            if not good:
                print("round", i, "block", k, "acknowledged", acked[k // 3], "holds", set(block))
            ahead += block[0] > acked[k // 3]
        os.system(f"rm -rf {box.base}")
    say(wrong == 0, f"threads: {rounds} rounds, {wrong} blocks wrong ({ahead} newer than acknowledged, as may be)")


# One sync is held up; meanwhile others write, and in the second case sync too. Only what came before may be durable.
OVERLAP = """
import os, struct, sys, threading, time
path, control, case = sys.argv[1:]
def delay(us):
    with open(control, "r+b") as f: f.seek(40); f.write(struct.pack("<q", us))
fd = os.open(path, os.O_RDWR)
os.pwrite(fd, b"A" * 100, 0)
delay(400000)
slow = threading.Thread(target=os.fsync, args=(fd,))
slow.start(); time.sleep(0.15)
delay(0)
if case == "2":
    os.pwrite(fd, b"B" * 100, 100); os.fsync(os.dup(fd))
os.pwrite(fd, b"C" * 100, 200)
slow.join()
os.kill(os.getpid(), 9)
"""


def overlap():
    for case, want in ("1", b"A" * 100 + b"." * 200), ("2", b"A" * 100 + b"B" * 100 + b"." * 100):
        box = Box("overlap-" + case)
        with open(f"{box.data}/f", "wb") as f:
            f.write(b"." * 300)
        box.run(OVERLAP, f"{box.data}/f", box.control, case)
        box.restore()
        have = open(f"{box.data}/f", "rb").read()
        say(have == want, f"overlap {case}: a write during a sync is not taken for synced: {have[::100]}")


FAULTS = """
import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("PRAGMA journal_mode=wal"), c.execute("PRAGMA synchronous=full")
for line in sys.stdin:
    t = time.monotonic()
    try:
        c.execute("INSERT INTO t(body) VALUES ('x')")
        text = "ok"
    except sqlite3.Error as e:
        text = str(e)
    print(text, int((time.monotonic() - t) * 1000), flush=True)
"""


def faults():
    box = Box("faults")
    make(box, "wal")
    p = box.start(FAULTS, box.db)

    def insert():
        p.stdin.write(b"\n"), p.stdin.flush()
        text, ms = p.stdout.readline().decode().rsplit(" ", 1)
        return text, int(ms)

    say(insert()[0] == "ok", "faults: none asked for")
    box.set(fsync_fail=1)
    a, b = insert()[0], insert()[0]
    say(a == "disk I/O error" and b == "ok", f"faults: the next fsync fails: {a}, then {b}")
    box.set(fsync_fail=-1)
    a, b = insert()[0], insert()[0]
    box.set(fsync_fail=0)
    c = insert()[0]
    say((a, b, c) == ("disk I/O error", "disk I/O error", "ok"),
        f"faults: all fsyncs fail with EIO: {a}, {b}, cleared: {c}")
    box.set(write_fail=-1, write_errno=28)
    a = insert()[0]
    box.set(write_fail=0)
    b = insert()[0]
    say((a, b) == ("database or disk is full", "ok"), f"faults: writes fail with ENOSPC: {a}, cleared: {b}")
    box.set(write_fail=1, write_errno=5)
    a, b = insert()[0], insert()[0]
    say((a, b) == ("disk I/O error", "ok"), f"faults: the next write fails with EIO: {a}, then {b}")
    box.set(fsync_fail=-1, fail_target=2)
    a = insert()[0]
    box.set(fsync_fail=0, fail_target=0)
    say(a == "ok", f"faults: aimed at files that are no WAL: a commit is {a}")
    box.set(fsync_fail=1, fsync_skip=2)
    a = [insert()[0] for _ in range(4)]
    say(a == ["ok", "ok", "disk I/O error", "ok"], f"faults: the third fsync from here: {a}")
    box.set(fsync_delay_us=120000)
    ms = insert()[1]
    box.set(fsync_delay_us=0)
    say(ms >= 120, f"faults: fsync delayed by 120 ms: {ms} ms")
    a, b = box.get("fsyncs_failed"), box.get("writes_failed")
    say(a >= 4 and b == 2, f"faults: {a} failed fsyncs, {b} failed writes counted")
    p.stdin.close(), p.wait()


def restart():
    """Killed, started again without a power loss, killed again, and only then the power goes."""
    box = Box("restart")
    make(box, "wal")
    expected = set()
    for i in range(12):
        p = box.start(INSERT, box.db, "wal", "full", 1000000, 2)
        first = p.stdout.readline()
        time.sleep(random.uniform(0, 0.1))
        p.kill()
        expected |= acknowledged(first + p.communicate()[0])
        if i % 3 == 2:
            box.restore()
            verdict, rows = check(box)
            say(verdict == "ok" and expected <= rows,
                f"restart: {len(expected)} rows acknowledged over {i + 1} lives, all there")
            expected = rows
    p = box.start(INSERT, box.db, "wal", "full", 1000000, 1)
    p.stdout.readline()
    r = subprocess.run([f"{work}/crash_restore", box.data, box.undo], capture_output=True)
    p.kill(), p.communicate()
    say(r.returncode == 4, "restart: crash_restore refuses while the process lives")


def cost():
    code = """
import os, sys, time
def rate(path, n):
    fd = os.open(path, os.O_RDWR | os.O_CREAT); b = b'x' * 4096; os.pwrite(fd, b, 0)
    t = time.perf_counter()
    for _ in range(n): os.pwrite(fd, b, 0)
    return (time.perf_counter() - t) / n * 1e6
print("%.2f %.2f" % (rate(sys.argv[1] + "/data/f", 20000), rate(sys.argv[1] + "/other", 100000)))
"""
    box = Box("cost")
    a, b = box.run(code, box.base)[1].split()
    c, d = subprocess.run([sys.executable, "-S", "-c", code, box.base], capture_output=True, text=True).stdout.split()
    print(f"     cost of a 4 KiB pwrite: tracked {a} us (without the shim {c}), elsewhere {b} us ({d})")


only = os.environ.get("ONLY", "interposition faults restart pretended overlap threads model points sqlite_rounds cost").split()
for name in only:
    start = time.monotonic()
    globals()[name]()
    print(f"     {name}: {time.monotonic() - start:.0f} s", flush=True)
print("FAILED" if bad else "all good", bad or "")
sys.exit(bool(bad))
EOF
python3 "$work/selftest.py" "$work" "${1:-60}"
