#include "labels.h"

#pragma clang fp contract(off)

/// The caller has asked whether the path is available.
static const cem_label_kernels *kernels(cem_path path) {
    switch (path) {
#if defined(__x86_64__)
    case CEM_SSE2: return &cem_sse2_label_kernels;
    case CEM_AVX2: return &cem_avx2_label_kernels;
    case CEM_AVX512: return &cem_avx512_label_kernels;
#elif defined(__aarch64__)
    case CEM_NEON: return &cem_neon_label_kernels;
#endif
    default: return &cem_portable_label_kernels;
    }
}

size_t cem_head_scratch(size_t count) {
    // Multipliers, diagonals, and the order in half a double each; one place more for the zero vector.
    return (count + 1) * 2 + (count + 2) / 2;
}

float cem_train_head(cem_path path, const cem_head_problem *problem, float *weights, double *scratch) {
    return kernels(path)->train_head(problem, weights, scratch);
}

float cem_quantise_bytes(const float *row, size_t width, int8_t *quantised) {
    float largest = 0;
    for (size_t place = 0; place < width; place++) {
        float magnitude = row[place] < 0 ? -row[place] : row[place];
        if (magnitude > largest) largest = magnitude;
    }
    if (!(largest > 1e-30f)) largest = 0;
    float inverse = largest > 0 ? 127 / largest : 0;
    // Adding it rounds to an integer, halves to even.
    const float rounding = 12582912.0f;
    for (size_t place = 0; place < width; place++) {
        float shifted = row[place] * inverse + rounding;
        quantised[place] = (int8_t)(shifted - rounding);
    }
    return largest / 127;
}

void cem_multiply_bytes(cem_path path, const int8_t *rows, size_t count, size_t width, const int16_t *vector,
                        int32_t *sums) {
    kernels(path)->multiply_bytes(rows, count, width, vector, sums);
}

float cem_mean_of_nearest(cem_path path, const int8_t *rows, const float *scales, const uint32_t *ids, size_t count,
                          size_t width, const int16_t *vector, float vector_scale, size_t most) {
    return kernels(path)->mean_of_nearest(rows, scales, ids, count, width, vector, vector_scale, most);
}
