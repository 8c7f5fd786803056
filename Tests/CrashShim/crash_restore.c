// Test only. After the process is dead: takes back everything in DIR that was not synced. See README.md.
//
//   cc -O2 crash_restore.c -o crash_restore
//   crash_restore [--mix SEED] DIR UNDO
//
// Without --mix nothing unsynced survives. With it each 512-byte sector, and each file's size, independently takes one
// of the versions it has had since the last sync: what a disk may do that reorders and tears writes. Names are always
// taken back. Exit: 0 restored (or nothing to do), 1 something could not be, 2 usage, 3 a log is damaged, 4 a process
// still uses the folder.
#undef _FORTIFY_SOURCE
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crash_log.h"

#define SECTOR 512

static int undo_fd, status;
static bool mix;
static uint64_t seed;

static void failed(const char *what, const char *path) {
    fprintf(stderr, "crash_restore: %s %s: %s\n", what, path, strerror(errno));
    if (status == 0) status = 1;
}

static uint64_t noise(uint64_t a, uint64_t b) {
    uint64_t x = seed + a * 0x9e3779b97f4a7c15u + b * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static unsigned char *read_all(int at, const char *name, size_t *size, size_t room) {
    int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
    struct stat s;
    unsigned char *bytes = NULL;
    *size = 0;
    if (fd < 0 || fstat(fd, &s) != 0) goto out;
    bytes = calloc(1, ((size_t)s.st_size > room ? (size_t)s.st_size : room) + 1);
    for (ssize_t got = 1; bytes && got > 0 && *size < (size_t)s.st_size; *size += got > 0 ? (size_t)got : 0)
        got = pread(fd, bytes + *size, (size_t)s.st_size - *size, (off_t)*size);
out:
    if (fd >= 0) close(fd);
    return bytes;
}

static bool put(int fd, const unsigned char *p, size_t n, off_t at) {
    while (n) {
        ssize_t done = pwrite(fd, p, n, at);
        if (done <= 0) return false;
        p += done, n -= (size_t)done, at += done;
    }
    return true;
}

// MARK: - Names

static uint64_t inode_of(int at, const char *path) {
    struct stat s;
    return fstatat(at, path, &s, AT_SYMLINK_NOFOLLOW) == 0 ? s.st_ino : 0;
}

static void bring_back(const char *kept, const char *path) {
    if (inode_of(AT_FDCWD, path))
        printf("name: %s is there again, its old file stays removed\n", path);
    else if (linkat(undo_fd, kept, AT_FDCWD, path, 0) == 0)
        printf("name: %s brought back\n", path);
    else
        failed("link", path);
}

static void restore_names(void) {
    size_t size, end;
    unsigned char *log = read_all(undo_fd, NAMES_LOG, &size, 0);
    struct name_op *ops = NULL;
    if (!log || size < LOG_HEAD) {
        free(log);
        return;
    }
    long count = names_parse(log, size, &ops, &end);
    if (count < 0) {
        fprintf(stderr, "crash_restore: %s is damaged at byte %zu\n", NAMES_LOG, end);
        exit(3);
    }
    // An operation is announced before it is done, so the last one may not have happened: each case looks.
    for (long i = count - 1; i >= 0; i--) {
        struct name_op *op = &ops[i];
        if (op->durable) continue;
        switch (op->type) {
        case REC_CREATE:
            if (unlink(op->path) == 0)
                printf("name: %s removed, its creation was not synced\n", op->path);
            else if (errno != ENOENT)
                failed("unlink", op->path);
            break;
        case REC_UNLINK:
            if (inode_of(AT_FDCWD, op->path) != op->inode && inode_of(undo_fd, op->kept))
                bring_back(op->kept, op->path);
            break;
        case REC_RENAME:
            if (inode_of(AT_FDCWD, op->to) != op->inode || inode_of(AT_FDCWD, op->path) == op->inode) break;
            if (rename(op->to, op->path) != 0) {
                failed("rename", op->to);
                break;
            }
            printf("name: %s is %s again\n", op->to, op->path);
            if (*op->kept) bring_back(op->kept, op->to);
            break;
        }
    }
    free(ops), free(log);
}

// MARK: - Content

static uint64_t wanted_device, wanted_inode;
static char found[PATH_MAX];

static int visit(const char *path, const struct stat *s, int type, struct FTW *w) {
    (void)w;
    if (type != FTW_F || s->st_dev != wanted_device || s->st_ino != wanted_inode) return 0;
    snprintf(found, sizeof found, "%s", path);
    return 1;
}

static bool undo_all(int fd, const unsigned char *log, const struct record *r, const size_t *at, size_t n) {
    for (size_t i = n; i-- > 0;)
        if (!put(fd, log + at[i] + sizeof *r, r[i].d, (off_t)r[i].a)) return false;
    return ftruncate(fd, (off_t)r[0].c) == 0;
}

static bool undo_some(int fd, const unsigned char *log, const struct record *r, const size_t *at, size_t n) {
    struct stat s;
    if (fstat(fd, &s) != 0) return false;
    size_t size = (size_t)s.st_size, now = size;
    for (size_t i = 0; i < n; i++)
        if (r[i].c > size) size = r[i].c;
    size_t sectors = size / SECTOR + 1;
    unsigned char *bytes = calloc(sectors, SECTOR);
    uint32_t *changes = calloc(sectors, sizeof *changes), *kept = calloc(sectors, sizeof *kept);
    bool good = bytes && changes && kept && pread(fd, bytes, now, 0) == (ssize_t)now;
    // A range may reach past every size that the file ever had (a write that was never begun).
    #define LAST(i) (r[i].a + r[i].b < size ? r[i].a + r[i].b : size)
    for (size_t i = 0; good && i < n; i++)
        for (size_t k = r[i].a / SECTOR; k * SECTOR < LAST(i); k++) changes[k]++;
    for (size_t k = 0; good && k < sectors; k++) kept[k] = (uint32_t)(noise(r[0].a + k, s.st_ino) % (changes[k] + 1u));
    for (size_t i = n; good && i-- > 0;)
        for (size_t k = r[i].a / SECTOR; k * SECTOR < LAST(i); k++) {
            if (changes[k]-- <= kept[k]) continue;  // this sector's oldest `kept` changes reached the disk
            size_t from = k * SECTOR > r[i].a ? k * SECTOR : r[i].a;
            size_t to = (k + 1) * SECTOR < LAST(i) ? (k + 1) * SECTOR : LAST(i);
            const unsigned char *old = log + at[i] + sizeof *r;
            for (size_t b = from; b < to; b++) bytes[b] = b - r[i].a < r[i].d ? old[b - r[i].a] : 0;
        }
    #undef LAST
    size_t cut = noise(n, s.st_ino + 1) % (n + 1);
    if (cut < n) now = r[cut].c;
    good = good && put(fd, bytes, now, 0) && ftruncate(fd, (off_t)now) == 0;
    free(bytes), free(changes), free(kept);
    return good;
}

static void restore_content(const char *folder, const char *name) {
    size_t size, at = LOG_HEAD, count = 0, first = 0, synced = 0;
    unsigned char *log = read_all(undo_fd, name, &size, 0);
    struct record r, path;
    if (!log || size < LOG_HEAD || record_at(log, size, at, &path) != 1 || path.type != REC_PATH) {
        free(log);  // died before the log was begun, so nothing was written
        return;
    }
    const char *was = (const char *)log + at + sizeof path;
    struct record *all = calloc(size / sizeof r + 1, sizeof r);
    size_t *where = calloc(size / sizeof r + 1, sizeof *where);
    int state;
    for (at += path.length; (state = record_at(log, size, at, &r)) == 1; at += r.length) {
        if (r.type == REC_SYNCED && r.a > synced) synced = r.a;
        if (r.type == REC_DATA) all[count] = r, where[count++] = at;
    }
    if (state < 0) {
        fprintf(stderr, "crash_restore: %s (%s) is damaged at byte %zu\n", name, was, at);
        exit(3);
    }
    while (first < count && where[first] < synced) first++;
    wanted_device = path.a, wanted_inode = path.b, *found = 0;
    if (first < count) {
        nftw(folder, visit, 16, FTW_PHYS);
        int fd = *found ? open(found, O_RDWR | O_CLOEXEC) : -1;
        bool done = fd >= 0 && (mix ? undo_some : undo_all)(fd, log, all + first, where + first, count - first);
        if (!*found)
            printf("gone: %s\n", was);
        else if (!done)
            failed("restore of", found);
        else
            printf("content: %s, %zu unsynced changes %s, size %lld (at its last sync %llu)%s\n", found, count - first,
                   mix ? "taken back in part" : "taken back", (long long)lseek(fd, 0, SEEK_END),
                   (unsigned long long)all[first].c, at < size ? ", torn tail ignored" : "");
        if (fd >= 0) close(fd);
    }
    free(all), free(where), free(log);
}

// MARK: - Start

static bool is_log(const char *name) {
    size_t n = strlen(name);
    return n > 5 && strcmp(name + n - 5, ".undo") == 0;
}

static int drop_shm(const char *path, const struct stat *s, int type, struct FTW *w) {
    (void)s, (void)w;
    size_t n = strlen(path);
    if (type == FTW_F && n > 4 && strcmp(path + n - 4, "-shm") == 0 && unlink(path) != 0) failed("unlink", path);
    return 0;
}

int main(int count, char **arguments) {
    if (count == 5 && strcmp(arguments[1], "--mix") == 0) {
        mix = true, seed = strtoull(arguments[2], NULL, 10);
        arguments += 2, count -= 2;
    }
    char folder[PATH_MAX];
    if (count != 3 || !realpath(arguments[1], folder) || (undo_fd = open(arguments[2], O_RDONLY | O_DIRECTORY)) < 0) {
        fprintf(stderr, "usage: crash_restore [--mix SEED] DIR UNDO\n");
        return 2;
    }
    int alive = openat(undo_fd, "alive", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    for (int tries = 0; alive >= 0 && flock(alive, LOCK_EX | LOCK_NB) != 0; tries++) {
        if (tries == 50) {
            fprintf(stderr, "crash_restore: a process still uses %s\n", folder);
            return 4;
        }
        usleep(100000);
    }
    restore_names();
    DIR *d = fdopendir(dup(undo_fd));
    if (!d) return failed("read of", arguments[2]), status;
    for (struct dirent *e; (e = readdir(d));)
        if (is_log(e->d_name)) restore_content(folder, e->d_name);
    nftw(folder, drop_shm, 16, FTW_PHYS);  // holds nothing; SQLite builds it again
    // Only when all went well: then a second run has nothing to do. Otherwise the logs stay as evidence.
    rewinddir(d);
    for (struct dirent *e; status == 0 && (e = readdir(d));) {
        if (!is_log(e->d_name) && strncmp(e->d_name, "kept-", 5) != 0 && strcmp(e->d_name, NAMES_LOG) != 0) continue;
        if (unlinkat(undo_fd, e->d_name, 0) != 0) failed("unlink", e->d_name);
    }
    closedir(d);
    if (status == 0) printf("restored %s\n", folder);
    return status;
}
