#include "lanes.h"

#if defined(__x86_64__)

#pragma clang fp contract(off)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

#define PATH(name) cem_avx2_##name
/// A pair of activations for each output.
typedef int32_t cem_pairs __attribute__((vector_size(32), may_alias));

enum { TILE_ROWS = 6 };

/// Products of pairs, the two of each output added. As assembly, since builds that do not optimise hand vectors to the
/// intrinsic in pieces of 64 bits, and then take three times as long.
#define MULTIPLY_PAIRS(products, left, right) __asm__("vpmaddwd %2, %1, %0" : "=x"(products) : "x"(left), "x"(right))

/// ROWS rows with 16 outputs of the panel.
#define DEFINE_TILE(ROWS)                                                                                              \
    CEM_INLINE void tile_##ROWS(const int16_t *rows, size_t width, const int16_t *panel, int32_t *sums) {              \
        cem_pairs low[ROWS], high[ROWS];                                                                               \
        EACH_ROW(row, ROWS) low[row] = high[row] = (cem_pairs){0};                                                     \
        for (size_t input = 0; input < width; input += 2, panel += 2 * CEM_PANEL) {                                    \
            PREFETCH_WEIGHTS(panel, 16);                                                                               \
            cem_pairs first = *(const cem_pairs *)panel;                                                               \
            cem_pairs second = *(const cem_pairs *)(panel + 16);                                                       \
            EACH_ROW(row, ROWS) {                                                                                      \
                int32_t pair;                                                                                          \
                memcpy(&pair, rows + (size_t)row * width + input, 4);                                                  \
                cem_pairs both = pair - (cem_pairs){0}, products;                                                      \
                MULTIPLY_PAIRS(products, both, first);                                                                 \
                low[row] += products;                                                                                  \
                MULTIPLY_PAIRS(products, both, second);                                                                \
                high[row] += products;                                                                                 \
            }                                                                                                          \
        }                                                                                                              \
        EACH_ROW(row, ROWS) {                                                                                          \
            *(cem_pairs *)(sums + row * CEM_PANEL) = low[row];                                                         \
            *(cem_pairs *)(sums + row * CEM_PANEL + 8) = high[row];                                                    \
        }                                                                                                              \
    }

DEFINE_TILE(1)
DEFINE_TILE(2)
DEFINE_TILE(3)
DEFINE_TILE(4)
DEFINE_TILE(5)
DEFINE_TILE(6)

static void multiply_tile(const int16_t *rows, size_t width, size_t count, const int16_t *panel, int32_t *sums) {
    for (size_t output = 0; output < CEM_PANEL; output += 16, panel += 32, sums += 16) {
        switch (count) {
        case 1: tile_1(rows, width, panel, sums); break;
        case 2: tile_2(rows, width, panel, sums); break;
        case 3: tile_3(rows, width, panel, sums); break;
        case 4: tile_4(rows, width, panel, sums); break;
        case 5: tile_5(rows, width, panel, sums); break;
        default: tile_6(rows, width, panel, sums); break;
        }
    }
}

#include "float_kernels.h"

#pragma clang attribute pop
#endif
