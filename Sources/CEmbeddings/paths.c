#include "lanes.h"

bool cem_path_is_available(cem_path path) {
    switch (path) {
    case CEM_PORTABLE: return true;
#if defined(__x86_64__)
    case CEM_SSE2: return true;
    case CEM_AVX2: return __builtin_cpu_supports("avx2");
    case CEM_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
#elif defined(__aarch64__)
    case CEM_NEON: return true;
#endif
    default: return false;
    }
}

cem_path cem_best_path(void) {
    static const cem_path fastest_first[] = {CEM_AVX512, CEM_AVX2, CEM_SSE2, CEM_NEON};
    for (size_t index = 0; index < sizeof fastest_first / sizeof fastest_first[0]; index++) {
        if (cem_path_is_available(fastest_first[index])) return fastest_first[index];
    }
    return CEM_PORTABLE;
}

/// The caller has asked whether the path is available.
static const cem_kernels *kernels(cem_path path) {
    switch (path) {
#if defined(__x86_64__)
    case CEM_SSE2: return &cem_sse2_kernels;
    case CEM_AVX2: return &cem_avx2_kernels;
    case CEM_AVX512: return &cem_avx512_kernels;
#elif defined(__aarch64__)
    case CEM_NEON: return &cem_neon_kernels;
#endif
    default: return &cem_portable_kernels;
    }
}

void cem_quantise(cem_path path, const float *rows, size_t count, size_t width, int16_t *quantised, float *scales) {
    kernels(path)->quantise(rows, count, width, quantised, scales);
}

void cem_multiply(cem_path path, const int16_t *rows, const float *scales, size_t count, const cem_matrix *matrix,
                  bool gelu, float *result) {
    kernels(path)->multiply(rows, scales, count, matrix, gelu, result);
}

void cem_embed(cem_path path, const void *words, const void *positions, const float *kind, const uint32_t *ids,
               size_t count, size_t width, const cem_norm *norm, float *rows) {
    kernels(path)->embed(words, positions, kind, ids, count, width, norm, rows);
}

void cem_add_and_norm(cem_path path, float *rows, const float *added, size_t count, size_t width,
                      const cem_norm *norm) {
    kernels(path)->add_and_norm(rows, added, count, width, norm);
}

void cem_attend(cem_path path, const float *rows, size_t tokens, size_t heads, size_t head_width, float *result,
                float *scratch) {
    kernels(path)->attend(rows, tokens, heads, head_width, result, scratch);
}

float cem_mean(cem_path path, const float *rows, size_t count, size_t width, float *result) {
    return kernels(path)->mean(rows, count, width, result);
}

float cem_mean_of_rows(cem_path path, const void *table, const uint32_t *ids, size_t count, size_t width,
                       float *result) {
    return kernels(path)->mean_of_rows(table, ids, count, width, result);
}

float cem_dot(cem_path path, const float *left, const float *right, size_t count) {
    return kernels(path)->dot(left, right, count);
}

void cem_exp(cem_path path, const float *values, size_t count, float *result) {
    kernels(path)->exponential(values, count, result);
}

void cem_gelu(cem_path path, const float *values, size_t count, float *result) {
    kernels(path)->gelu(values, count, result);
}

static size_t padded(size_t tokens) { return (tokens + CEM_LANES - 1) / CEM_LANES * CEM_LANES; }

size_t cem_attention_scratch(size_t tokens, size_t head_width) {
    // The keys of one head, turned, and the weights of a token's attention.
    return padded(tokens) * head_width + 4 * padded(tokens);
}
