// What every x86-64 processor has.
#include "lanes.h"

#if defined(__x86_64__)
#include <emmintrin.h>

#pragma clang fp contract(off)

#define PATH(name) cem_sse2_##name
/// A pair of activations for each output.
typedef int32_t cem_pairs __attribute__((vector_size(16)));

enum { TILE_ROWS = 4 };

/// ROWS rows with 8 outputs of the panel.
#define DEFINE_TILE(ROWS)                                                                                              \
    CEM_INLINE void tile_##ROWS(const int16_t *rows, size_t width, const int16_t *panel, int32_t *sums) {              \
        __m128i low[ROWS], high[ROWS];                                                                                 \
        EACH_ROW(row, ROWS) low[row] = high[row] = _mm_setzero_si128();                                                \
        for (size_t input = 0; input < width; input += 2, panel += 2 * CEM_PANEL) {                                    \
            PREFETCH_WEIGHTS(panel, 16);                                                                               \
            __m128i first = *(const __m128i *)panel;                                                                   \
            __m128i second = *(const __m128i *)(panel + 8);                                                            \
            EACH_ROW(row, ROWS) {                                                                                      \
                int32_t pair;                                                                                          \
                memcpy(&pair, rows + (size_t)row * width + input, 4);                                                  \
                __m128i both = (__m128i)(pair - (cem_pairs){0});                                                       \
                low[row] = _mm_add_epi32(low[row], _mm_madd_epi16(both, first));                                       \
                high[row] = _mm_add_epi32(high[row], _mm_madd_epi16(both, second));                                    \
            }                                                                                                          \
        }                                                                                                              \
        EACH_ROW(row, ROWS) {                                                                                          \
            _mm_storeu_si128((__m128i *)(sums + row * CEM_PANEL), low[row]);                                           \
            _mm_storeu_si128((__m128i *)(sums + row * CEM_PANEL + 4), high[row]);                                      \
        }                                                                                                              \
    }

DEFINE_TILE(1)
DEFINE_TILE(2)
DEFINE_TILE(3)
DEFINE_TILE(4)

static void multiply_tile(const int16_t *rows, size_t width, size_t count, const int16_t *panel, int32_t *sums) {
    for (size_t output = 0; output < CEM_PANEL; output += 8, panel += 16, sums += 8) {
        switch (count) {
        case 1: tile_1(rows, width, panel, sums); break;
        case 2: tile_2(rows, width, panel, sums); break;
        case 3: tile_3(rows, width, panel, sums); break;
        default: tile_4(rows, width, panel, sums); break;
        }
    }
}

#include "float_kernels.h"
#endif
