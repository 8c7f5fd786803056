#include "CHyperscan.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// What is used of hs.h (ABI 5, the same in Vectorscan): flags, modes and error codes by their documented values.
enum {
    HS_SUCCESS_CODE = 0,
    HS_SCAN_TERMINATED_CODE = -3,
    HS_FLAG_CASELESS_BIT = 1,
    HS_MODE_BLOCK_BIT = 1,
};

typedef struct {
    char *message;
    int expression;
} hs_compile_error;

typedef int (*match_handler)(unsigned int id, unsigned long long from, unsigned long long to, unsigned int flags,
                             void *context);

struct chs_library {
    void *handle;
    int (*valid_platform)(void);
    const char *(*version)(void);
    int (*compile_lit_multi)(const char *const *expressions, const unsigned *flags, const unsigned *ids,
                             const size_t *lengths, unsigned count, unsigned mode, const void *platform, void **database,
                             hs_compile_error **error);
    int (*free_compile_error)(hs_compile_error *error);
    int (*free_database)(void *database);
    int (*alloc_scratch)(const void *database, void **scratch);
    int (*free_scratch)(void *scratch);
    int (*scan)(const void *database, const char *data, unsigned length, unsigned flags, void *scratch,
                match_handler handler, void *context);
};

struct chs_database {
    const chs_library *library;
    void *database;
};

static struct chs_library loaded;
static const chs_library *available;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool resolve(struct chs_library *library) {
    struct {
        const char *name;
        void *target;
    } symbols[] = {
        {"hs_valid_platform", &library->valid_platform},
        {"hs_version", &library->version},
        {"hs_compile_lit_multi", &library->compile_lit_multi},
        {"hs_free_compile_error", &library->free_compile_error},
        {"hs_free_database", &library->free_database},
        {"hs_alloc_scratch", &library->alloc_scratch},
        {"hs_free_scratch", &library->free_scratch},
        {"hs_scan", &library->scan},
    };
    for (size_t index = 0; index < sizeof symbols / sizeof symbols[0]; index++) {
        void *symbol = dlsym(library->handle, symbols[index].name);
        if (symbol == NULL) return false;
        // ISO C has no cast from an object's pointer to a function's; POSIX promises that the bytes mean the same.
        memcpy(symbols[index].target, &symbol, sizeof symbol);
    }
    return true;
}

static void load(void) {
    static const char *const names[] = {"libhs.so.5", "libhs.so"};
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        loaded.handle = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
        if (loaded.handle == NULL) continue;
        if (resolve(&loaded) && loaded.valid_platform() == HS_SUCCESS_CODE) {
            available = &loaded;
            return;
        }
        dlclose(loaded.handle);
    }
}

const chs_library *chs_load(void) {
    pthread_once(&once, load);
    return available;
}

const char *chs_version(const chs_library *library) { return library->version(); }

static void report(const char *reason, char *error, size_t capacity) {
    if (capacity == 0) return;
    strncpy(error, reason, capacity - 1);
    error[capacity - 1] = '\0';
}

chs_database *chs_compile(const chs_library *library, const char *const *literals, const size_t *lengths, size_t count,
                          char *error, size_t error_capacity) {
    chs_database *result = malloc(sizeof *result);
    unsigned *flags = calloc(count, sizeof *flags);
    unsigned *ids = calloc(count, sizeof *ids);
    report("out of memory", error, error_capacity);
    if (result != NULL && flags != NULL && ids != NULL) {
        for (size_t index = 0; index < count; index++) {
            flags[index] = HS_FLAG_CASELESS_BIT;
            ids[index] = (unsigned)index;
        }
        result->library = library;
        hs_compile_error *reason = NULL;
        if (library->compile_lit_multi(literals, flags, ids, lengths, (unsigned)count, HS_MODE_BLOCK_BIT, NULL,
                                       &result->database, &reason) != HS_SUCCESS_CODE) {
            report(reason != NULL && reason->message != NULL ? reason->message : "refused", error, error_capacity);
            if (reason != NULL) library->free_compile_error(reason);
            free(result);
            result = NULL;
        }
    } else {
        free(result);
        result = NULL;
    }
    free(flags);
    free(ids);
    return result;
}

void chs_free(chs_database *database) {
    if (database == NULL) return;
    database->library->free_database(database->database);
    free(database);
}

chs_scratch *chs_scratch_new(const chs_database *database) {
    void *scratch = NULL;
    if (database->library->alloc_scratch(database->database, &scratch) != HS_SUCCESS_CODE) return NULL;
    return scratch;
}

void chs_scratch_free(const chs_database *database, chs_scratch *scratch) {
    if (scratch != NULL) database->library->free_scratch(scratch);
}

struct collector {
    chs_hit *hits;
    size_t count;
    size_t capacity;
};

static int collect(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)from;
    (void)flags;
    struct collector *collector = context;
    if (collector->count == collector->capacity) return 1;
    collector->hits[collector->count++] = (chs_hit){id, (uint32_t)to};
    return 0;
}

ptrdiff_t chs_scan(const chs_database *database, chs_scratch *scratch, const char *text, size_t length, chs_hit *hits,
                   size_t capacity, size_t *resumed_at) {
    struct collector collector = {hits, 0, capacity};
    int status = database->library->scan(database->database, text, (unsigned)length, 0, scratch, collect, &collector);
    *resumed_at = length;
    if (status == HS_SUCCESS_CODE) return (ptrdiff_t)collector.count;
    if (status != HS_SCAN_TERMINATED_CODE || collector.count == 0) return -1;
    // The list is full. Hits that share the last end may be among those that had no place: they are reported anew.
    uint32_t last = hits[collector.count - 1].end;
    size_t count = collector.count;
    while (count > 0 && hits[count - 1].end == last) count--;
    *resumed_at = count > 0 ? hits[count - 1].end : 0;
    return (ptrdiff_t)count;
}
