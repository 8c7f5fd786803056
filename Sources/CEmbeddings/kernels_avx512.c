#include "lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang fp contract(off)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))), apply_to = function)

#define PATH(name) cem_avx512_##name
/// A pair of activations for each output.
typedef int32_t cem_pairs __attribute__((vector_size(64)));

enum { TILE_ROWS = 12 };

/// sums + products of pairs. As assembly, since the compiler makes two instructions of the intrinsic where it believes
/// that to be faster.
CEM_INLINE __m512i add_products(__m512i sums, __m512i left, __m512i right) {
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sums) : "v"(left), "v"(right));
    return sums;
}

/// ROWS rows with the panel's 32 outputs.
#define DEFINE_TILE(ROWS)                                                                                              \
    CEM_INLINE void tile_##ROWS(const int16_t *rows, size_t width, const int16_t *panel, int32_t *sums) {              \
        __m512i low[ROWS], high[ROWS];                                                                                 \
        EACH_ROW(row, ROWS) low[row] = high[row] = _mm512_setzero_si512();                                             \
        for (size_t input = 0; input < width; input += 2, panel += 2 * CEM_PANEL) {                                    \
            PREFETCH_WEIGHTS(panel, 32);                                                                               \
            __m512i first = *(const __m512i *)panel;                                                                   \
            __m512i second = *(const __m512i *)(panel + 32);                                                           \
            EACH_ROW(row, ROWS) {                                                                                      \
                int32_t pair;                                                                                          \
                memcpy(&pair, rows + (size_t)row * width + input, 4);                                                  \
                __m512i both = (__m512i)(pair - (cem_pairs){0});                                                       \
                low[row] = add_products(low[row], both, first);                                                        \
                high[row] = add_products(high[row], both, second);                                                     \
            }                                                                                                          \
        }                                                                                                              \
        EACH_ROW(row, ROWS) {                                                                                          \
            _mm512_storeu_si512(sums + row * CEM_PANEL, low[row]);                                                     \
            _mm512_storeu_si512(sums + row * CEM_PANEL + 16, high[row]);                                               \
        }                                                                                                              \
    }

DEFINE_TILE(1)
DEFINE_TILE(2)
DEFINE_TILE(3)
DEFINE_TILE(4)
DEFINE_TILE(5)
DEFINE_TILE(6)
DEFINE_TILE(7)
DEFINE_TILE(8)
DEFINE_TILE(9)
DEFINE_TILE(10)
DEFINE_TILE(11)
DEFINE_TILE(12)

static void multiply_tile(const int16_t *rows, size_t width, size_t count, const int16_t *panel, int32_t *sums) {
    switch (count) {
    case 1: tile_1(rows, width, panel, sums); break;
    case 2: tile_2(rows, width, panel, sums); break;
    case 3: tile_3(rows, width, panel, sums); break;
    case 4: tile_4(rows, width, panel, sums); break;
    case 5: tile_5(rows, width, panel, sums); break;
    case 6: tile_6(rows, width, panel, sums); break;
    case 7: tile_7(rows, width, panel, sums); break;
    case 8: tile_8(rows, width, panel, sums); break;
    case 9: tile_9(rows, width, panel, sums); break;
    case 10: tile_10(rows, width, panel, sums); break;
    case 11: tile_11(rows, width, panel, sums); break;
    default: tile_12(rows, width, panel, sums); break;
    }
}

#include "float_kernels.h"

#pragma clang attribute pop
#endif
