// Plain C, for processors that have no path of their own.
#include "lanes.h"

#pragma clang fp contract(off)

#define PATH(name) cem_portable_##name
enum { TILE_ROWS = 4 };

typedef uint32_t cem_pairs __attribute__((vector_size(64)));

/// Without sign where it adds: what is not finite must not make an overflow undefined.
static void multiply_tile(const int16_t *rows, size_t width, size_t count, const int16_t *panel, int32_t *sums) {
    for (size_t row = 0; row < count; row++) {
        const int16_t *from = rows + row * width;
        cem_pairs low = {0}, high = {0};
        for (size_t input = 0; input < width; input += 2) {
            const cem_integers_anywhere *weights = (const cem_integers_anywhere *)(panel + input * CEM_PANEL);
            int32_t first = from[input], second = from[input + 1];
            low += (cem_pairs)(((weights[0] << 16) >> 16) * first) + (cem_pairs)((weights[0] >> 16) * second);
            high += (cem_pairs)(((weights[1] << 16) >> 16) * first) + (cem_pairs)((weights[1] >> 16) * second);
        }
        memcpy(sums + row * CEM_PANEL, &low, sizeof low);
        memcpy(sums + row * CEM_PANEL + CEM_LANES, &high, sizeof high);
    }
}

#include "float_kernels.h"
