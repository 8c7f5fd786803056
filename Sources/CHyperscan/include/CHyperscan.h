#ifndef CHYPERSCAN_H
#define CHYPERSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Hyperscan or Vectorscan, found at run time: the build needs neither headers nor library.
typedef struct chs_library chs_library;

/// Literals compiled by the library. Scanning with one handle from several threads at once is safe, each with a
/// scratch of its own; freeing is not.
typedef struct chs_database chs_database;

/// The memory of one scan at a time.
typedef struct chs_scratch chs_scratch;

/// A literal's place: its number, and the offset behind its last byte.
typedef struct {
    uint32_t literal;
    uint32_t end;
} chs_hit;

/// Loads the library that the system has, once for all; NULL where it has none, or one that this processor cannot run.
const chs_library *chs_load(void);

/// The library's version, as it names itself.
const char *chs_version(const chs_library *library);

/// Compiles literals that match in any case of ASCII letters.
///
/// Returns NULL where the library refuses; then up to error_capacity bytes of its reason are written to error, which
/// always ends with a NUL.
chs_database *chs_compile(const chs_library *library, const char *const *literals, const size_t *lengths, size_t count,
                          char *error, size_t error_capacity);

void chs_free(chs_database *database);

/// Scratch for one scan at a time; NULL where there is no memory.
chs_scratch *chs_scratch_new(const chs_database *database);

void chs_scratch_free(const chs_database *database, chs_scratch *scratch);

/// Scans up to 4 GiB - 1 bytes.
///
/// hits takes up to capacity hits, ordered by end; resumed_at takes the offset from which a further scan finds the
/// hits that had no place, or length. A hit that ends at or before resumed_at was reported.
/// Returns the number of hits, or -1 where the library failed.
ptrdiff_t chs_scan(const chs_database *database, chs_scratch *scratch, const char *text, size_t length, chs_hit *hits,
                   size_t capacity, size_t *resumed_at);

#ifdef __cplusplus
}
#endif
#endif
