// Arm's 64-bit processors all have it.
#include "lanes.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang fp contract(off)

#define PATH(name) cem_neon_##name
enum { TILE_ROWS = 4 };

/// ROWS rows with 8 outputs of the panel: loads take the pairs of inputs apart again.
#define DEFINE_TILE(ROWS)                                                                                              \
    CEM_INLINE void tile_##ROWS(const int16_t *rows, size_t width, const int16_t *panel, int32_t *sums) {              \
        int32x4_t low[ROWS], high[ROWS];                                                                               \
        EACH_ROW(row, ROWS) low[row] = high[row] = vdupq_n_s32(0);                                                     \
        for (size_t input = 0; input < width; input += 2, panel += 2 * CEM_PANEL) {                                    \
            int16x8x2_t weights = vld2q_s16(panel);                                                                    \
            EACH_ROW(row, ROWS) {                                                                                      \
                const int16_t *pair = rows + (size_t)row * width + input;                                              \
                low[row] = vmlal_n_s16(low[row], vget_low_s16(weights.val[0]), pair[0]);                               \
                high[row] = vmlal_high_n_s16(high[row], weights.val[0], pair[0]);                                      \
                low[row] = vmlal_n_s16(low[row], vget_low_s16(weights.val[1]), pair[1]);                               \
                high[row] = vmlal_high_n_s16(high[row], weights.val[1], pair[1]);                                      \
            }                                                                                                          \
        }                                                                                                              \
        EACH_ROW(row, ROWS) {                                                                                          \
            vst1q_s32(sums + row * CEM_PANEL, low[row]);                                                               \
            vst1q_s32(sums + row * CEM_PANEL + 4, high[row]);                                                          \
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
