#ifndef CRE2_H
#define CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define CRE2_NOEXCEPT noexcept
extern "C" {
#else
#define CRE2_NOEXCEPT
#endif

/// A compiled RE2 expression. Matching with one handle from several threads at once is safe; freeing is not.
typedef struct cre2_pattern cre2_pattern;

/// The offsets of a group that took no part in a match.
#define CRE2_NO_GROUP (-1)

/// Compiles an expression in RE2's Perl syntax over UTF-8. Never logs.
///
/// max_memory bounds, in bytes, the compiled program and its automaton caches together.
/// Returns NULL when the expression does not compile; then up to error_capacity bytes of the reason are written to
/// error (not terminated by a NUL) and their count to error_length.
cre2_pattern *cre2_compile(const char *source, size_t length, bool case_sensitive, int64_t max_memory, char *error,
                           size_t error_capacity, size_t *error_length) CRE2_NOEXCEPT;

/// Frees a handle; NULL is allowed.
void cre2_free(cre2_pattern *pattern) CRE2_NOEXCEPT;

/// The number of capturing groups, named or not; the whole match is not counted.
int cre2_group_count(const cre2_pattern *pattern) CRE2_NOEXCEPT;

/// The number of named groups.
int cre2_named_group_count(const cre2_pattern *pattern) CRE2_NOEXCEPT;

/// A named group, in the order of the groups' numbers. The name belongs to the handle and is length bytes long.
/// Returns the group's number, or CRE2_NO_GROUP when index is out of range.
int cre2_named_group(const cre2_pattern *pattern, int index, const char **name, size_t *length) CRE2_NOEXCEPT;

/// Searches the text for the leftmost match.
///
/// offsets, when not NULL, takes group_capacity pairs of start and end in bytes: first the whole match, then group 1
/// and so on; a group that took no part has CRE2_NO_GROUP twice. Asking for no groups is the cheapest search.
/// A search that cannot get the memory it needs is no match.
bool cre2_match(const cre2_pattern *pattern, const char *text, size_t length, ptrdiff_t *offsets,
                size_t group_capacity) CRE2_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
