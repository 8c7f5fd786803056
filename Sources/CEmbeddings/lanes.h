// Sixteen floats at once, whatever the registers hold: on every path the same lanes are added in the same order.
#ifndef CEMBEDDINGS_LANES_H
#define CEMBEDDINGS_LANES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "CEmbeddings.h"

// Vectors wider than a path's registers are passed only to functions that are always inlined: no call depends on how.
#pragma clang diagnostic ignored "-Wpsabi"

#define CEM_INLINE static inline __attribute__((always_inline))

/// A loop of so few and known rounds that their sums stand in registers.
#define EACH_ROW(row, count) _Pragma("clang loop unroll(full)") for (int row = 0; row < (count); row++)

/// Asks for the two lines of weights that come so many pairs of inputs later, 128 bytes each. The processor's own guess
/// ends at every page, and does not follow tiles narrower than a panel: without it one sentence takes 1.6 times as long
/// with AVX2, and 1.15 times as long with AVX-512.
#define PREFETCH_WEIGHTS(panel, pairs)                                                                                 \
    do {                                                                                                               \
        __builtin_prefetch((panel) + (pairs) * 2 * CEM_PANEL);                                                         \
        __builtin_prefetch((panel) + (pairs) * 2 * CEM_PANEL + 32);                                                    \
    } while (0)

enum { CEM_LANES = 16 };

typedef float cem_floats __attribute__((vector_size(64)));
typedef int32_t cem_integers __attribute__((vector_size(64)));
typedef float cem_floats8 __attribute__((vector_size(32)));
typedef float cem_floats4 __attribute__((vector_size(16)));
typedef int16_t cem_shorts __attribute__((vector_size(32)));
// The same in memory, at any address.
typedef float cem_floats_anywhere __attribute__((vector_size(64), aligned(1), may_alias));
typedef int32_t cem_integers_anywhere __attribute__((vector_size(64), aligned(1), may_alias));
typedef int16_t cem_shorts_anywhere __attribute__((vector_size(32), aligned(1), may_alias));

/// What a path is made of.
typedef struct {
    void (*quantise)(const float *, size_t, size_t, int16_t *, float *);
    void (*multiply)(const int16_t *, const float *, size_t, const cem_matrix *, bool, float *);
    void (*embed)(const void *, const void *, const float *, const uint32_t *, size_t, size_t, const cem_norm *,
                  float *);
    void (*add_and_norm)(float *, const float *, size_t, size_t, const cem_norm *);
    void (*attend)(const float *, size_t, size_t, size_t, float *, float *);
    float (*mean)(const float *, size_t, size_t, float *);
    float (*mean_of_rows)(const void *, const uint32_t *, size_t, size_t, float *);
    float (*dot)(const float *, const float *, size_t);
    void (*exponential)(const float *, size_t, float *);
    void (*gelu)(const float *, size_t, float *);
} cem_kernels;

extern const cem_kernels cem_portable_kernels;
#if defined(__x86_64__)
extern const cem_kernels cem_sse2_kernels;
extern const cem_kernels cem_avx2_kernels;
extern const cem_kernels cem_avx512_kernels;
#elif defined(__aarch64__)
extern const cem_kernels cem_neon_kernels;
#endif

#endif
