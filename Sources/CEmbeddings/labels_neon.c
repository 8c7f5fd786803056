// Arm's 64-bit processors all have it.
#include "labels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang fp contract(off)

#define PATH(name) cem_neon_##name

static int32_t multiply_row(const int8_t *row, size_t width, const int16_t *vector) {
    int32x4_t low = vdupq_n_s32(0), high = vdupq_n_s32(0);
    for (size_t place = 0; place < width; place += 16) {
        int8x16_t bytes = vld1q_s8(row + place);
        int16x8_t first = vmovl_s8(vget_low_s8(bytes)), second = vmovl_high_s8(bytes);
        int16x8_t before = vld1q_s16(vector + place), after = vld1q_s16(vector + place + 8);
        low = vmlal_s16(low, vget_low_s16(first), vget_low_s16(before));
        high = vmlal_high_s16(high, first, before);
        low = vmlal_s16(low, vget_low_s16(second), vget_low_s16(after));
        high = vmlal_high_s16(high, second, after);
    }
    return vaddvq_s32(vaddq_s32(low, high));
}

#include "label_kernels.h"
#endif
