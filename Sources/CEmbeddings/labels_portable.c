// Plain C, for processors that have no path of their own.
#include "labels.h"

#pragma clang fp contract(off)

#define PATH(name) cem_portable_##name

static int32_t multiply_row(const int8_t *row, size_t width, const int16_t *vector) {
    int32_t sum = 0;
    for (size_t place = 0; place < width; place++) sum += row[place] * vector[place];
    return sum;
}

#include "label_kernels.h"
