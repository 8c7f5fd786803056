#include "labels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang fp contract(off)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

#define PATH(name) cem_avx2_##name

static int32_t multiply_row(const int8_t *row, size_t width, const int16_t *vector) {
    __m256i low = _mm256_setzero_si256(), high = _mm256_setzero_si256();
    for (size_t place = 0; place < width; place += 32) {
        __m256i first = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(row + place)));
        __m256i second = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(row + place + 16)));
        __m256i before = _mm256_loadu_si256((const __m256i *)(vector + place));
        __m256i after = _mm256_loadu_si256((const __m256i *)(vector + place + 16));
        low = _mm256_add_epi32(low, _mm256_madd_epi16(first, before));
        high = _mm256_add_epi32(high, _mm256_madd_epi16(second, after));
    }
    low = _mm256_add_epi32(low, high);
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
    return _mm_cvtsi128_si32(sum);
}

#include "label_kernels.h"

#pragma clang attribute pop
#endif
