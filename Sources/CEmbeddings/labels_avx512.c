#include "labels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang fp contract(off)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))), apply_to = function)

#define PATH(name) cem_avx512_##name

static int32_t multiply_row(const int8_t *row, size_t width, const int16_t *vector) {
    __m512i low = _mm512_setzero_si512(), high = _mm512_setzero_si512();
    for (size_t place = 0; place < width; place += 64) {
        __m512i first = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(row + place)));
        __m512i second = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(row + place + 32)));
        low = _mm512_dpwssd_epi32(low, first, _mm512_loadu_si512(vector + place));
        high = _mm512_dpwssd_epi32(high, second, _mm512_loadu_si512(vector + place + 32));
    }
    return _mm512_reduce_add_epi32(_mm512_add_epi32(low, high));
}

#include "label_kernels.h"

#pragma clang attribute pop
#endif
