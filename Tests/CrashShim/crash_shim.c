// Test only. Preloaded into a server, makes "power loss" reproducible for the files of one folder: see README.md.
//
//   cc -shared -fPIC -O2 crash_shim.c -o crash_shim.so
//
// Before a tracked file changes, what is about to be lost goes into an undo log, by write(2), in full. SIGKILL does not
// lose what write(2) has taken, so the dead process leaves data files and undo logs that fit; crash_restore then takes
// back everything that was not synced. Why each point of death is safe:
//   - In the middle of an undo record: the record is torn, ignored; the write that it announces had not begun.
//   - Between the record and the write, or within the write: the range is put back as it was. A record whose write
//     never came puts back what is there.
//   - After a sync succeeded and before its records are dropped: data that is durable is taken back. That errs towards
//     losing more than a real power loss would, and is no false alarm: the sync had not returned to the program, so
//     nothing that rests on it can have been acknowledged. The opposite error (records dropped although the data is not
//     durable) cannot happen: they are dropped after the sync has succeeded, and only those that a write had finished
//     behind before it began. Records that came during the sync stay, and so are taken back.
// Each record and its write are under one lock per file, so records stand in the order of the writes, and undoing them
// all in reverse order is exact whatever overlaps.
//
// Every call goes to the kernel by syscall(2): no symbol look-up, so nothing to initialise before the first hook runs.
#undef _FORTIFY_SOURCE
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "crash_log.h"

// MARK: - Control file (layout in README.md)

struct control {
    char magic[8];                      // 0    "CRSHCTL1"
    _Atomic int64_t fsync_fail;         // 8    the next N fail, -1: all
    _Atomic uint64_t fsync_errno;       // 16   0: EIO
    _Atomic int64_t write_fail;         // 24   the next N fail, -1: all
    _Atomic uint64_t write_errno;       // 32   0: EIO (28: ENOSPC)
    _Atomic uint64_t fsync_delay_us;    // 40
    _Atomic uint64_t fail_target;       // 48   0: any file; else bits: 1 names that end in -wal, 2 all others
    _Atomic uint64_t flags;             // 56   bit 0: do not run the real fsync (faster, same model); bit 1: say that
                                        //      a sync succeeded, and make nothing durable
    _Atomic uint64_t kill_at_point;     // 64   SIGKILL on oneself when `points` reaches this; 0: never
    _Atomic int64_t fsync_skip;         // 72   let this many pass before fsync_fail counts
    _Atomic int64_t write_skip;         // 80   let this many pass before write_fail counts
    uint64_t reserved[5];               // 88
    _Atomic uint64_t points;            // 128  counters from here on: written by the shim
    _Atomic uint64_t fsyncs;            // 136
    _Atomic uint64_t fsyncs_failed;     // 144
    _Atomic uint64_t writes;            // 152
    _Atomic uint64_t writes_failed;     // 160
    _Atomic uint64_t undo_bytes;        // 168
    _Atomic uint64_t creates;           // 176
    _Atomic uint64_t unlinks;           // 184  and renames
    _Atomic uint64_t directory_fsyncs;  // 192
    _Atomic uint64_t unmodelled;        // 200  what the model does not cover was done; should stay 0
    _Atomic uint64_t attached;          // 208  processes that touched the folder
    _Atomic uint64_t last_pid;          // 216
    uint64_t reserved_end[4];           // 224
};
_Static_assert(sizeof(struct control) == 256, "the control file's layout is fixed");

static struct control no_control;
static struct control *control = &no_control;

// MARK: - State

struct tracked {
    dev_t device;
    ino_t inode;
    pthread_mutex_t mutex;
    int log;
    off_t base;       // where its first DATA record stands
    int reader;       // opened only for files that are written through a descriptor that cannot read; never closed,
                      // because closing any descriptor drops the process's POSIX locks on the file
    bool wal;
    uint64_t create;  // id of the CREATE record that waits for a sync, or 0
    unsigned char *buffer;
    size_t room;
    struct tracked *next;
};

#define CHUNK (256u << 10)
#define TABLE 65536
#define INERT ((struct tracked *)1)

// Only a cache: empty means "look", and an entry is checked by fstat before it is believed. So a descriptor that was
// closed or duplicated behind our back is harmless.
static _Atomic(struct tracked *) table[TABLE];
static pthread_mutex_t list_mutex = PTHREAD_MUTEX_INITIALIZER, names_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct tracked *list;
static char folder[PATH_MAX], undo[PATH_MAX];
static size_t folder_length, undo_length;
static int undo_fd = -1, names_log = -1;
static atomic_bool ready;

static _Noreturn void die(const char *what) {
    char text[256];
    int n = snprintf(text, sizeof text, "crash_shim: %s: errno %d; the undo logs cannot be trusted\n", what, errno);
    syscall(SYS_write, 2, text, n);
    abort();
}

/// A place where a test can ask for death.
static void point(void) {
    uint64_t n = atomic_fetch_add(&control->points, 1) + 1;
    if (n == atomic_load_explicit(&control->kill_at_point, memory_order_relaxed)) {
        syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
        for (;;) pause();
    }
}

static bool inside(const char *path) {
    if (strncmp(path, folder, folder_length) != 0 || path[folder_length] != '/') return false;
    if (strncmp(path, undo, undo_length) == 0 && (path[undo_length] == '/' || !path[undo_length])) return false;
    size_t n = strlen(path);
    return n < 4 || memcmp(path + n - 4, "-shm", 4) != 0;
}

static bool ends_in_wal(const char *path) {
    size_t n = strlen(path);
    return n >= 4 && memcmp(path + n - 4, "-wal", 4) == 0;
}

static bool path_of(int fd, char out[PATH_MAX]) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, out, PATH_MAX - 1);
    if (n <= 0) return false;
    out[n] = 0;
    return true;
}

static int raw_open(int at, const char *path, int flags, mode_t mode) {
    return (int)syscall(SYS_openat, at, path, flags, mode);
}

// MARK: - Logs

static void lock_file(int fd) {
    while (flock(fd, LOCK_EX) != 0)
        if (errno != EINTR) die("lock");
}

static off_t size_of(int fd) {
    struct stat s;
    if (fstat(fd, &s) != 0) die("fstat");
    return s.st_size;
}

static void put(int fd, const void *bytes, size_t n, off_t at) {
    for (const char *p = bytes; n;) {
        ssize_t done = syscall(SYS_pwrite64, fd, p, n, at);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) die("write of an undo log");
        p += done, n -= (size_t)done, at += done;
    }
}

/// Closes the record that stands in `bytes` with `payload` bytes behind its header, and appends it.
static void append(int log, unsigned char *bytes, size_t payload, struct record r) {
    size_t length = record_length(payload);
    memset(bytes + sizeof r + payload, 0, length - sizeof r - payload);
    r.magic = REC_MAGIC, r.length = length, r.checksum = 0;
    memcpy(bytes, &r, sizeof r);
    r.checksum = record_checksum(bytes, length);
    memcpy(bytes, &r, sizeof r);
    put(log, bytes, length, size_of(log));
    atomic_fetch_add_explicit(&control->undo_bytes, length, memory_order_relaxed);
}

static void append_text(int log, struct record r, const char *one, const char *two, const char *three) {
    _Alignas(8) unsigned char bytes[sizeof r + 3 * PATH_MAX + 8];
    const char *texts[] = {one, two, three};
    size_t n = 0;
    for (int i = 0; i < 3 && texts[i]; i++) {
        size_t length = strlen(texts[i]) + 1;
        memcpy(bytes + sizeof r + n, texts[i], length);
        n += length;
    }
    append(log, bytes, n, r);
}

/// Reads a whole log. Tolerates that another thread cuts it meanwhile.
static unsigned char *slurp(int fd, size_t *size) {
    *size = (size_t)size_of(fd);
    unsigned char *bytes = malloc(*size + 1);
    if (!bytes) die("memory");
    for (size_t n = 0; n < *size;) {
        ssize_t got = pread(fd, bytes + n, *size - n, (off_t)n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) die("read of an undo log");
        if (got == 0) *size = n;
        n += (size_t)got;
    }
    return bytes;
}

static uint64_t shift_of(int log) {
    uint64_t shift = 0;
    if (pread(log, &shift, 8, 0) != 8) die("read of an undo log");
    return shift;
}

/// Drops everything behind `base`. Dying in between leaves the shift too large: a sync under way then drops nothing.
static void cut(int log, off_t base) {
    uint64_t shift = shift_of(log) + (uint64_t)(size_of(log) - base);
    put(log, &shift, 8, 0);
    if (syscall(SYS_ftruncate, log, base) != 0) die("cut of an undo log");
}

/// Opens a log, or continues one that a dead process left: a torn tail is cut off. The lock is held on return.
static int open_log(const char *name, off_t *end) {
    int log = raw_open(undo_fd, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (log < 0) die("open of an undo log");
    lock_file(log);
    size_t size, at = LOG_HEAD;
    unsigned char *bytes = slurp(log, &size);
    struct record r;
    int state = 0;
    if (size < LOG_HEAD) {
        put(log, &(uint64_t){0}, 8, 0);
    } else {
        while ((state = record_at(bytes, size, at, &r)) == 1) at += r.length;
        if (state < 0) die("damaged undo log");
        if (at < size && syscall(SYS_ftruncate, log, (off_t)at) != 0) die("cut of an undo log");
    }
    free(bytes);
    *end = (off_t)at;
    return log;
}

static void attach(void) {
    static bool done;  // under list_mutex
    if (done) return;
    done = true;
    int alive = raw_open(undo_fd, "alive", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (alive < 0 || flock(alive, LOCK_SH) != 0) die("alive");
    off_t end;
    names_log = open_log(NAMES_LOG, &end);
    flock(names_log, LOCK_UN);
    atomic_fetch_add(&control->attached, 1);
    atomic_store(&control->last_pid, (uint64_t)getpid());
}

static void lock(struct tracked *t) { pthread_mutex_lock(&t->mutex), lock_file(t->log); }
static void unlock(struct tracked *t) { flock(t->log, LOCK_UN), pthread_mutex_unlock(&t->mutex); }

static void lock_names(void) {
    pthread_mutex_lock(&list_mutex);
    attach();
    pthread_mutex_unlock(&list_mutex);
    pthread_mutex_lock(&names_mutex);
    lock_file(names_log);
}
static void unlock_names(void) { flock(names_log, LOCK_UN), pthread_mutex_unlock(&names_mutex); }

/// The state of an inode; a new log is begun, or one that is there is continued.
static struct tracked *tracked_for(dev_t device, ino_t inode, const char *path) {
    pthread_mutex_lock(&list_mutex);
    struct tracked *t = list;
    while (t && (t->device != device || t->inode != inode)) t = t->next;
    if (!t) {
        attach();
        t = calloc(1, sizeof *t);
        t->room = record_length(CHUNK);
        if (!t || !(t->buffer = malloc(t->room))) die("memory");
        t->device = device, t->inode = inode, t->reader = -1;
        pthread_mutex_init(&t->mutex, NULL);
        char name[64];
        snprintf(name, sizeof name, "%llx-%llu.undo", (unsigned long long)device, (unsigned long long)inode);
        off_t end;
        t->log = open_log(name, &end);
        if (end == LOG_HEAD)
            append_text(t->log, (struct record){.type = REC_PATH, .a = device, .b = inode}, path, NULL, NULL);
        struct record first;
        if (pread(t->log, &first, sizeof first, LOG_HEAD) != sizeof first) die("read of an undo log");
        t->base = LOG_HEAD + (off_t)first.length;
        // A process before us may have created the file and died before syncing it.
        size_t size, ignored;
        unsigned char *bytes = slurp(names_log, &size);
        struct name_op *ops;
        long count = names_parse(bytes, size, &ops, &ignored);
        for (long i = 0; i < count; i++)
            if (ops[i].type == REC_CREATE && !ops[i].durable && strcmp(ops[i].path, path) == 0) t->create = ops[i].id;
        free(ops), free(bytes);
        flock(t->log, LOCK_UN);
        t->next = list;
        list = t;
    }
    t->wal = ends_in_wal(path);
    pthread_mutex_unlock(&list_mutex);
    return t;
}

/// The tracked file behind a descriptor, or NULL. `s` is filled unless the descriptor is known to be none of ours.
static struct tracked *lookup(int fd, struct stat *s) {
    s->st_mode = 0;
    if (fd < 0 || !atomic_load_explicit(&ready, memory_order_acquire)) return NULL;
    struct tracked *t = fd < TABLE ? atomic_load_explicit(&table[fd], memory_order_acquire) : NULL;
    if (t == INERT) return NULL;
    int saved = errno;
    if (fstat(fd, s) != 0) {
        s->st_mode = 0, errno = saved;
        return NULL;
    }
    if (S_ISREG(s->st_mode) && s->st_nlink == 0) return NULL;  // has no name, so cannot outlive us
    if (t && t->device == s->st_dev && t->inode == s->st_ino) return t;
    char path[PATH_MAX];
    t = NULL;
    if (S_ISREG(s->st_mode) && path_of(fd, path) && inside(path)) t = tracked_for(s->st_dev, s->st_ino, path);
    if (fd < TABLE && !S_ISDIR(s->st_mode)) atomic_store_explicit(&table[fd], t ? t : INERT, memory_order_release);
    errno = saved;
    return t;
}

static int forget(int fd) {
    if (fd >= 0 && fd < TABLE) atomic_store_explicit(&table[fd], NULL, memory_order_release);
    return fd;
}

// MARK: - Faults

static bool due(struct tracked *t, _Atomic int64_t *fail, _Atomic int64_t *skip) {
    int64_t n = atomic_load_explicit(fail, memory_order_relaxed);
    if (n == 0) return false;
    uint64_t target = atomic_load_explicit(&control->fail_target, memory_order_relaxed);
    if (target && !(target & (t->wal ? 1 : 2))) return false;
    for (int64_t k = atomic_load(skip); k > 0;)
        if (atomic_compare_exchange_weak(skip, &k, k - 1)) return false;
    while (n > 0)
        if (atomic_compare_exchange_weak(fail, &n, n - 1)) return true;
    return n < 0;
}

static bool write_fails(struct tracked *t) {
    atomic_fetch_add_explicit(&control->writes, 1, memory_order_relaxed);
    if (!due(t, &control->write_fail, &control->write_skip)) return false;
    atomic_fetch_add(&control->writes_failed, 1);
    uint64_t code = atomic_load(&control->write_errno);
    errno = code ? (int)code : EIO;
    return true;
}

// MARK: - Writes

static int reader_of(struct tracked *t, int fd, int flags) {
    if (fd >= 0 && (flags & O_ACCMODE) == O_RDWR && !(flags & O_DIRECT)) return fd;
    if (t->reader < 0 && fd >= 0) {
        char link[40];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        t->reader = raw_open(AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
    }
    if (t->reader < 0) die("a tracked file cannot be read");
    return t->reader;
}

/// Records that [offset, offset + length) of a file of `size` bytes is about to change. Holds t's lock.
static void record(struct tracked *t, int reader, off_t offset, uint64_t length, off_t size) {
    do {
        uint64_t part = length;
        size_t old = 0;
        if (offset < size && part) {
            old = (uint64_t)(size - offset) < part ? (size_t)(size - offset) : (size_t)part;
            if (old > CHUNK) old = CHUNK;
            if (old == CHUNK && part > CHUNK) part = CHUNK;
            for (size_t n = 0; n < old;) {
                ssize_t got = pread(reader, t->buffer + sizeof(struct record) + n, old - n, offset + (off_t)n);
                if (got < 0 && errno == EINTR) continue;
                if (got <= 0) die("old content cannot be read");
                n += (size_t)got;
            }
        }
        append(t->log, t->buffer, old,
               (struct record){.type = REC_DATA, .a = (uint64_t)offset, .b = part, .c = (uint64_t)size, .d = old});
        offset += (off_t)part, length -= part;
    } while (length);
}

/// Locks the file and records what a write at `offset` (-1: the descriptor's own position) is about to change.
static void before_write(struct tracked *t, int fd, off_t offset, uint64_t length) {
    int saved = errno;
    lock(t);
    off_t size = size_of(fd);
    int flags = (int)syscall(SYS_fcntl, fd, F_GETFL, 0);
    if (flags & O_APPEND)
        offset = size;
    else if (offset < 0)
        offset = lseek(fd, 0, SEEK_CUR);
    point();
    if ((flags & O_ACCMODE) != O_RDONLY) record(t, reader_of(t, fd, flags), offset, length, size);
    point();
    errno = saved;
}

static void after_write(struct tracked *t) {
    int saved = errno;
    point();
    unlock(t);
    errno = saved;
}

#define WRITE_LIKE(type, fd, offset, length, call)     \
    struct stat s_;                                    \
    struct tracked *t_ = lookup(fd, &s_);              \
    if (!t_) return (type)(call);                      \
    if (write_fails(t_)) return -1;                    \
    before_write(t_, fd, offset, (uint64_t)(length));  \
    type r_ = (type)(call);                            \
    after_write(t_);                                   \
    return r_

static uint64_t total(const struct iovec *v, int n) {
    uint64_t sum = 0;
    for (int i = 0; i < n; i++) sum += v[i].iov_len;
    return sum;
}

ssize_t write(int fd, const void *p, size_t n) { WRITE_LIKE(ssize_t, fd, -1, n, syscall(SYS_write, fd, p, n)); }
ssize_t pwrite(int fd, const void *p, size_t n, off_t at) {
    WRITE_LIKE(ssize_t, fd, at, n, syscall(SYS_pwrite64, fd, p, n, at));
}
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at) { return pwrite(fd, p, n, at); }
ssize_t writev(int fd, const struct iovec *v, int n) {
    WRITE_LIKE(ssize_t, fd, -1, total(v, n), syscall(SYS_writev, fd, v, n));
}
ssize_t pwritev(int fd, const struct iovec *v, int n, off_t at) {
    WRITE_LIKE(ssize_t, fd, at, total(v, n), syscall(SYS_pwritev, fd, v, n, at, 0L));
}
ssize_t pwritev64(int fd, const struct iovec *v, int n, off64_t at) { return pwritev(fd, v, n, at); }
ssize_t pwritev2(int fd, const struct iovec *v, int n, off_t at, int flags) {
    WRITE_LIKE(ssize_t, fd, at, total(v, n), syscall(SYS_pwritev2, fd, v, n, at, 0L, flags));
}
ssize_t pwritev64v2(int fd, const struct iovec *v, int n, off64_t at, int flags) {
    return pwritev2(fd, v, n, at, flags);
}

ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t n, unsigned flags) {
    WRITE_LIKE(ssize_t, out, out_at ? *out_at : -1, n, syscall(SYS_copy_file_range, in, in_at, out, out_at, n, flags));
}
ssize_t sendfile(int out, int in, off_t *at, size_t n) {
    WRITE_LIKE(ssize_t, out, -1, n, syscall(SYS_sendfile, out, in, at, n));
}
ssize_t sendfile64(int out, int in, off64_t *at, size_t n) { return sendfile(out, in, at, n); }

int ftruncate(int fd, off_t length) {
    struct stat s;
    struct tracked *t = lookup(fd, &s);
    if (!t || length < 0) return (int)syscall(SYS_ftruncate, fd, length);
    int saved = errno;
    atomic_fetch_add_explicit(&control->writes, 1, memory_order_relaxed);
    lock(t);
    off_t size = size_of(fd), from = length < size ? length : size, to = length < size ? size : length;
    int flags = (int)syscall(SYS_fcntl, fd, F_GETFL, 0);
    point();
    if ((flags & O_ACCMODE) != O_RDONLY) record(t, reader_of(t, fd, flags), from, (uint64_t)(to - from), size);
    point();
    errno = saved;
    int r = (int)syscall(SYS_ftruncate, fd, length);
    after_write(t);
    return r;
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

int fallocate(int fd, int mode, off_t at, off_t length) {
    // Collapsing and inserting move everything behind the offset.
    bool moves = mode & (FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE);
    WRITE_LIKE(int, fd, at, moves ? (uint64_t)(s_.st_size + length) : (uint64_t)length,
               syscall(SYS_fallocate, fd, mode, at, length));
}
int fallocate64(int fd, int mode, off64_t at, off64_t length) { return fallocate(fd, mode, at, length); }
int posix_fallocate(int fd, off_t at, off_t length) {
    int saved = errno, r = fallocate(fd, 0, at, length) == 0 ? 0 : errno;
    errno = saved;
    return r;
}
int posix_fallocate64(int fd, off64_t at, off64_t length) { return posix_fallocate(fd, at, length); }

// MARK: - Names

/// Where a path leads: 1 it exists, 0 it does not but could be created, -1 neither or not in our folder.
static int resolve(int at, const char *path, bool follow, char out[PATH_MAX], struct stat *s) {
    int saved = errno, found = -1;
    // O_PATH: closing such a descriptor leaves POSIX locks alone.
    int fd = raw_open(at, path, O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW), 0);
    if (fd >= 0) {
        if (fstat(fd, s) == 0 && S_ISREG(s->st_mode) && path_of(fd, out)) found = 1;
        syscall(SYS_close, fd);
    } else if (errno == ENOENT && *path && strlen(path) < PATH_MAX) {
        char parent[PATH_MAX];
        strcpy(parent, path);
        char *slash = strrchr(parent, '/');
        const char *base = slash ? path + (slash - parent) + 1 : path;
        if (slash == parent) slash++;
        if (slash) *slash = 0;
        fd = raw_open(at, slash ? parent : ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
        if (fd >= 0 && *base && path_of(fd, out) && strlen(out) + strlen(base) + 2 < PATH_MAX) {
            strcat(strcat(out, "/"), base);
            found = 0;
        }
        if (fd >= 0) syscall(SYS_close, fd);
    }
    errno = saved;
    return found;
}

/// Never repeats, also in a log that a process before us began. Holds the names' lock.
static uint64_t next_id(void) {
    static uint64_t last;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t id = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    return last = id > last ? id : last + 1;
}

/// Lets go of what became durable; an empty log is cut. Holds the names' lock.
static void tidy_names(void) {
    size_t size, end;
    unsigned char *bytes = slurp(names_log, &size);
    struct name_op *ops;
    long count = names_parse(bytes, size, &ops, &end);
    if (count < 0) die("damaged names.log");
    bool open = false;
    for (long i = 0; i < count; i++) {
        struct stat s;
        if (!ops[i].durable) {
            open = true;
        } else if (*ops[i].kept && fstatat(undo_fd, ops[i].kept, &s, AT_SYMLINK_NOFOLLOW) == 0) {
            if (s.st_nlink == 1) {  // the inode goes, and its number may come back as another file
                struct tracked *t = tracked_for(s.st_dev, s.st_ino, ops[i].path);
                lock(t), cut(t->log, t->base), unlock(t);
            }
            syscall(SYS_unlinkat, undo_fd, ops[i].kept, 0);
        }
    }
    free(ops), free(bytes);
    if (!open) cut(names_log, LOG_HEAD);
}

/// Hard link in the undo folder, so that a removed file can come back.
static bool keep(const char *path, uint64_t id, char name[40]) {
    snprintf(name, 40, "kept-%llu", (unsigned long long)id);
    if (syscall(SYS_linkat, AT_FDCWD, path, undo_fd, name, 0) == 0) return true;
    *name = 0;
    atomic_fetch_add(&control->unmodelled, 1);
    return false;
}

static void cancel(uint64_t id, const char *kept) {
    int saved = errno;
    append_text(names_log, (struct record){.type = REC_CANCEL, .a = id}, NULL, NULL, NULL);
    if (*kept) syscall(SYS_unlinkat, undo_fd, kept, 0);
    errno = saved;
}

/// Records that a file is about to be cut by its path; the lock is held on return.
static struct tracked *before_cut(const char *path, const struct stat *s, off_t length) {
    struct tracked *t = tracked_for(s->st_dev, s->st_ino, path);
    lock(t);
    if (t->reader < 0) t->reader = raw_open(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    int reader = reader_of(t, -1, 0);
    off_t size = size_of(reader), from = length < size ? length : size, to = length < size ? size : length;
    point();
    record(t, reader, from, (uint64_t)(to - from), size);
    point();
    return t;
}

static int open_at(int at, const char *path, int flags, mode_t mode) {
    char full[PATH_MAX];
    struct stat s;
    bool changes = (flags & (O_CREAT | O_TRUNC)) && (flags & O_TMPFILE) != O_TMPFILE && path && atomic_load(&ready);
    int found = changes ? resolve(at, path, !(flags & O_NOFOLLOW), full, &s) : -1;
    if (found < 0 || !inside(full)) return forget(raw_open(at, path, flags, mode));
    int saved = errno;
    if (found == 1) {
        if (!(flags & O_TRUNC) || (flags & O_EXCL)) return forget(raw_open(at, path, flags, mode));
        struct tracked *t = before_cut(full, &s, 0);
        errno = saved;
        int fd = forget(raw_open(at, path, flags, mode));
        after_write(t);
        return fd;
    }
    if (!(flags & O_CREAT)) return forget(raw_open(at, path, flags, mode));
    lock_names();
    uint64_t id = next_id();
    append_text(names_log, (struct record){.type = REC_CREATE, .a = id}, full, NULL, NULL);
    point();
    errno = saved;
    int fd = forget(raw_open(at, path, flags, mode));
    point();
    if (fd < 0) {
        cancel(id, "");
    } else if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode)) {
        // The inode's number may have belonged to a file that is gone. Dying before the cut is safe: the CREATE record
        // removes the file, so that nothing is left that the old records could be applied to.
        struct tracked *t = tracked_for(s.st_dev, s.st_ino, full);
        lock(t);
        cut(t->log, t->base);
        t->create = id;
        unlock(t);
        atomic_fetch_add(&control->creates, 1);
        errno = saved;
    }
    unlock_names();
    return fd;
}

static mode_t mode_of(int flags, va_list rest) {
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
}
#define OPEN(at, path, flags)                             \
    va_list rest_;                                        \
    va_start(rest_, flags);                               \
    mode_t mode_ = mode_of(flags, rest_);                 \
    va_end(rest_);                                        \
    return open_at(at, path, flags, mode_)
int open(const char *path, int flags, ...) { OPEN(AT_FDCWD, path, flags); }
int open64(const char *path, int flags, ...) { OPEN(AT_FDCWD, path, flags); }
int openat(int at, const char *path, int flags, ...) { OPEN(at, path, flags); }
int openat64(int at, const char *path, int flags, ...) { OPEN(at, path, flags); }
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }
// What a fortified caller is compiled to; never with O_CREAT.
int __open_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __openat_2(int at, const char *path, int flags) { return open_at(at, path, flags, 0); }
int __openat64_2(int at, const char *path, int flags) { return open_at(at, path, flags, 0); }

int truncate(const char *path, off_t length) {
    char full[PATH_MAX];
    struct stat s;
    if (length < 0 || !atomic_load(&ready) || resolve(AT_FDCWD, path, true, full, &s) != 1 || !inside(full))
        return (int)syscall(SYS_truncate, path, length);
    int saved = errno;
    struct tracked *t = before_cut(full, &s, length);
    errno = saved;
    int r = (int)syscall(SYS_truncate, path, length);
    after_write(t);
    return r;
}
int truncate64(const char *path, off64_t length) { return truncate(path, length); }

int unlinkat(int at, const char *path, int flags) {
    char full[PATH_MAX], kept[40];
    struct stat s;
    if (flags || !atomic_load(&ready) || resolve(at, path, false, full, &s) != 1 || !inside(full))
        return (int)syscall(SYS_unlinkat, at, path, flags);
    int saved = errno;
    lock_names();
    uint64_t id = next_id();
    point();
    bool known = keep(full, id, kept);
    if (known) append_text(names_log, (struct record){.type = REC_UNLINK, .a = id, .b = s.st_ino}, full, kept, NULL);
    point();
    errno = saved;
    int r = (int)syscall(SYS_unlinkat, at, path, flags);
    if (r == 0) atomic_fetch_add(&control->unlinks, 1);
    if (r != 0 && known) cancel(id, kept);
    point();
    unlock_names();
    return r;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int remove(const char *path) {
    int saved = errno;
    if (unlinkat(AT_FDCWD, path, 0) == 0) return 0;
    if (errno != EISDIR && errno != EPERM) return -1;
    errno = saved;
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    char full[PATH_MAX], target[PATH_MAX], kept[40] = "";
    struct stat s, old;
    int found = -1;
    if (atomic_load(&ready) && resolve(from_at, from, false, full, &s) == 1)
        found = resolve(to_at, to, false, target, &old);
    if (found < 0 || !(inside(full) || inside(target)))
        return (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
    if (flags & ~(unsigned)RENAME_NOREPLACE) {
        atomic_fetch_add(&control->unmodelled, 1);
        return (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
    }
    int saved = errno;
    lock_names();
    uint64_t id = next_id();
    point();
    if (found == 1) keep(target, id, kept);
    append_text(names_log, (struct record){.type = REC_RENAME, .a = id, .b = s.st_ino}, full, target, kept);
    point();
    errno = saved;
    int r = (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
    if (r == 0) atomic_fetch_add(&control->unlinks, 1);
    if (r != 0) cancel(id, kept);
    point();
    unlock_names();
    return r;
}
int renameat(int from_at, const char *from, int to_at, const char *to) {
    return renameat2(from_at, from, to_at, to, 0);
}
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

// MARK: - Syncs

static int real_sync(int fd, long number) {
    return atomic_load_explicit(&control->flags, memory_order_relaxed) & 1 ? 0 : (int)syscall(number, fd);
}

/// The program is told that its data is safe, and it is not: what synchronous=OFF does, or a disk that lies.
static bool pretends(void) { return atomic_load_explicit(&control->flags, memory_order_relaxed) & 2; }

static int sync_directory(int fd, long number, const char *path) {
    if (pretends()) return 0;
    lock_names();
    uint64_t until = shift_of(names_log) + (uint64_t)size_of(names_log);
    unlock_names();
    point();
    int r = real_sync(fd, number), saved = errno;
    atomic_fetch_add(&control->directory_fsyncs, 1);
    point();
    if (r == 0) {
        lock_names();
        uint64_t shift = shift_of(names_log);
        if (until > shift + LOG_HEAD) {
            append_text(names_log, (struct record){.type = REC_DIRSYNC, .a = until - shift}, path, NULL, NULL);
            point();
            tidy_names();
        }
        unlock_names();
    }
    errno = saved;
    return r;
}

static int sync_fd(int fd, long number) {
    struct stat s;
    struct tracked *t = lookup(fd, &s);
    if (!t) {
        char path[PATH_MAX];
        if (S_ISDIR(s.st_mode) && path_of(fd, path) && (strcmp(path, folder) == 0 || inside(path)))
            return sync_directory(fd, number, path);
        return (int)syscall(number, fd);
    }
    int saved = errno;
    atomic_fetch_add_explicit(&control->fsyncs, 1, memory_order_relaxed);
    point();
    // Every record before `until` has its write behind it: the lock covers both. What comes later may miss this sync.
    lock(t);
    uint64_t until = shift_of(t->log) + (uint64_t)size_of(t->log);
    uint64_t create = t->create;
    unlock(t);
    uint64_t delay = atomic_load_explicit(&control->fsync_delay_us, memory_order_relaxed);
    if (delay) {
        struct timespec rest = {(time_t)(delay / 1000000), (long)(delay % 1000000) * 1000};
        while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {}
    }
    if (due(t, &control->fsync_fail, &control->fsync_skip)) {
        atomic_fetch_add(&control->fsyncs_failed, 1);
        uint64_t code = atomic_load(&control->fsync_errno);
        errno = code ? (int)code : EIO;
        return -1;
    }
    errno = saved;
    if (pretends()) return 0;
    int r = real_sync(fd, number);
    point();
    if (r != 0) return r;
    // Dying here takes back what is durable; nobody has been told yet (see the top).
    if (create) {
        lock_names();
        append_text(names_log, (struct record){.type = REC_SETTLED, .a = create}, NULL, NULL, NULL);
        point();
        tidy_names();
        unlock_names();
    }
    lock(t);
    if (t->create == create) t->create = 0;
    uint64_t shift = shift_of(t->log), end = (uint64_t)size_of(t->log);
    if (until > shift + (uint64_t)t->base) {  // else another sync has dropped them all
        if (until - shift == end)
            cut(t->log, t->base);
        else
            append(t->log, t->buffer, 0, (struct record){.type = REC_SYNCED, .a = until - shift});
    }
    unlock(t);
    point();
    errno = saved;
    return r;
}
int fsync(int fd) { return sync_fd(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_fd(fd, SYS_fdatasync); }

// MARK: - Descriptors

int close(int fd) {
    forget(fd);
    return (int)syscall(SYS_close, fd);
}
int dup(int fd) { return forget((int)syscall(SYS_dup, fd)); }
int dup3(int fd, int to, int flags) {
    forget(to);
    return forget((int)syscall(SYS_dup3, fd, to, flags));
}
int dup2(int fd, int to) {
    if (fd == to) return syscall(SYS_fcntl, fd, F_GETFD, 0) < 0 ? -1 : to;
    return dup3(fd, to, 0);
}
#define FCNTL(fd, command)                                              \
    va_list rest_;                                                      \
    va_start(rest_, command);                                           \
    long argument_ = va_arg(rest_, long);                               \
    va_end(rest_);                                                      \
    int r_ = (int)syscall(SYS_fcntl, fd, command, argument_);           \
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? forget(r_) : r_
int fcntl(int fd, int command, ...) { FCNTL(fd, command); }
int fcntl64(int fd, int command, ...) { FCNTL(fd, command); }

/// A shared writable mapping changes a file unseen: counted, so that a test can insist that there was none.
void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset) {
    struct stat s;
    if (fd >= 0 && (protection & PROT_WRITE) && (flags & MAP_SHARED) && lookup(fd, &s))
        atomic_fetch_add(&control->unmodelled, 1);
    return (void *)syscall(SYS_mmap, at, n, protection, flags, fd, offset);
}
void *mmap64(void *at, size_t n, int protection, int flags, int fd, off64_t offset) {
    return mmap(at, n, protection, flags, fd, offset);
}

// MARK: - Start

__attribute__((constructor)) static void start(void) {
    const char *d = getenv("CRASH_SHIM_DIR"), *u = getenv("CRASH_SHIM_UNDO"), *c = getenv("CRASH_SHIM_CONTROL");
    int saved = errno;
    if (!d || !u || !*d || !*u) return;
    if (!realpath(d, folder) || !realpath(u, undo)) die("CRASH_SHIM_DIR and CRASH_SHIM_UNDO must be folders");
    folder_length = strlen(folder), undo_length = strlen(undo);
    undo_fd = raw_open(AT_FDCWD, undo, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
    if (undo_fd < 0) die("CRASH_SHIM_UNDO");
    if (c && *c) {
        int fd = raw_open(AT_FDCWD, c, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) die("CRASH_SHIM_CONTROL");
        if (size_of(fd) < (off_t)sizeof *control && syscall(SYS_ftruncate, fd, sizeof *control) != 0)
            die("CRASH_SHIM_CONTROL");
        void *map = (void *)syscall(SYS_mmap, NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED) die("CRASH_SHIM_CONTROL");
        control = map;
        memcpy(control->magic, "CRSHCTL1", 8);
        syscall(SYS_close, fd);
    }
    errno = saved;
    atomic_store_explicit(&ready, true, memory_order_release);
}
