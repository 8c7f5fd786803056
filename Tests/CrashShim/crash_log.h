// The undo folder's format, shared by crash_shim.c (writes) and crash_restore.c (replays).
//
//   <dev>-<ino>.undo   one per data file:  u64 shift, PATH record, then DATA and SYNCED records
//   names.log          the name space:     u64 shift, then CREATE, UNLINK, RENAME, DIRSYNC, SETTLED, CANCEL records
//   kept-<id>          hard link to a file that was unlinked or replaced and whose directory was not synced since
//   alive              locked (shared) by every process that has touched the folder
//
// A record is a header, then its payload, padded to 8 bytes; `length` counts all of it. `shift` counts the bytes that
// were ever cut off the log: shift + position is a position that no later cut makes ambiguous.
#ifndef CRASH_LOG_H
#define CRASH_LOG_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LOG_HEAD 8
#define REC_MAGIC 0x4f444e55u  // "UNDO"
#define NAMES_LOG "names.log"

enum {
    REC_PATH = 1,     // a = device, b = inode; payload: path when the log was begun
    REC_DATA = 2,     // a = offset, b = length of the range about to change, c = file size before, d = bytes of payload
    REC_SYNCED = 3,   // a = position: what stands before it in this log is durable
    REC_CREATE = 4,   // a = id; payload: path
    REC_UNLINK = 5,   // a = id, b = inode; payload: path, kept name
    REC_RENAME = 6,   // a = id, b = inode; payload: from, to, kept name of what `to` was (or empty)
    REC_DIRSYNC = 7,  // a = position; payload: directory
    REC_SETTLED = 8,  // a = id of a CREATE that became durable by a sync of the file itself
    REC_CANCEL = 9,   // a = id of an operation that failed
};

struct record {
    uint32_t magic, type;
    uint64_t length, a, b, c, d, checksum;
};

static inline size_t record_length(size_t payload) { return (sizeof(struct record) + payload + 7) & ~(size_t)7; }

/// Over the whole padded record, its checksum field taken as zero.
static inline uint64_t record_checksum(const unsigned char *bytes, size_t length) {
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        if (i == offsetof(struct record, checksum)) word = 0;
        h = (h ^ word) * 0x100000001b3u;
        h ^= h >> 29;
    }
    return h;
}

/// 1: a whole record stands at `at`; 0: the log ends here, perhaps in a torn record; -1: damaged.
/// A torn record ends the log before its length is reached, and the write that it announces was never started.
static inline int record_at(const unsigned char *log, size_t size, size_t at, struct record *out) {
    if (at + sizeof *out > size) return 0;
    memcpy(out, log + at, sizeof *out);
    if (out->magic != REC_MAGIC || out->length < sizeof *out || out->length % 8) return -1;
    if (out->length > size - at) return 0;
    return record_checksum(log + at, out->length) == out->checksum ? 1 : -1;
}

struct name_op {
    uint32_t type;
    int durable, cancelled;
    size_t at;
    uint64_t id, inode;
    const char *path, *to, *kept;  // into the log's bytes
};

static inline int same_directory(const char *path, const char *directory) {
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    return strlen(directory) == n && memcmp(path, directory, n) == 0;
}

static inline int same_name(const struct name_op *a, const struct name_op *b) {
    return strcmp(a->path, b->path) == 0 || (*a->to && (strcmp(a->to, b->path) == 0 || strcmp(a->to, b->to) == 0)) ||
           (*b->to && strcmp(a->path, b->to) == 0);
}

/// Reads names.log; sets *ops (malloc), answers their count, -1 if damaged. *end is where the last whole record ends.
static inline long names_parse(const unsigned char *log, size_t size, struct name_op **ops, size_t *end) {
    struct record r;
    long count = 0, room = 0;
    size_t at = LOG_HEAD;
    int state;
    *ops = NULL;
    for (; (state = record_at(log, size, at, &r)) == 1; at += r.length) {
        const char *text = (const char *)log + at + sizeof r;
        switch (r.type) {
        case REC_CREATE:
        case REC_UNLINK:
        case REC_RENAME: {
            if (count == room) *ops = realloc(*ops, (size_t)(room = room ? room * 2 : 16) * sizeof **ops);
            struct name_op *op = &(*ops)[count++];
            *op = (struct name_op){.type = r.type, .at = at, .id = r.a, .inode = r.b, .path = text};
            op->to = op->kept = "";
            text += strlen(text) + 1;
            if (r.type == REC_RENAME) op->to = text, text += strlen(text) + 1;
            if (r.type != REC_CREATE) op->kept = text;
            break;
        }
        case REC_DIRSYNC:  // a rename between two directories is durable when the one that gained the name is
            for (long i = 0; i < count; i++) {
                struct name_op *op = &(*ops)[i];
                if (op->at < r.a && same_directory(*op->to ? op->to : op->path, text)) op->durable = 1;
            }
            break;
        case REC_CANCEL:
        case REC_SETTLED:
            for (long i = 0; i < count; i++) {
                if ((*ops)[i].id != r.a) continue;
                (*ops)[i].durable = 1;
                (*ops)[i].cancelled = r.type == REC_CANCEL;
            }
            break;
        }
    }
    // One directory entry holds one state: if an operation on a name is durable, so is what came before on that name.
    for (long i = count - 1; i >= 0; i--)
        for (long j = 0; (*ops)[i].durable && !(*ops)[i].cancelled && j < i; j++)
            if (same_name(&(*ops)[i], &(*ops)[j])) (*ops)[j].durable = 1;
    *end = at;
    return state < 0 ? -1 : count;
}

#endif
