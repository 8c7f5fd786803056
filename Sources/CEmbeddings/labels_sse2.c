// What every x86-64 processor has.
#include "labels.h"

#if defined(__x86_64__)
#include <emmintrin.h>

#pragma clang fp contract(off)

#define PATH(name) cem_sse2_##name

static int32_t multiply_row(const int8_t *row, size_t width, const int16_t *vector) {
    __m128i low = _mm_setzero_si128(), high = _mm_setzero_si128();
    for (size_t place = 0; place < width; place += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(row + place));
        // A byte twice, and its sign from the upper one.
        __m128i first = _mm_srai_epi16(_mm_unpacklo_epi8(bytes, bytes), 8);
        __m128i second = _mm_srai_epi16(_mm_unpackhi_epi8(bytes, bytes), 8);
        __m128i before = _mm_loadu_si128((const __m128i *)(vector + place));
        __m128i after = _mm_loadu_si128((const __m128i *)(vector + place + 8));
        low = _mm_add_epi32(low, _mm_madd_epi16(first, before));
        high = _mm_add_epi32(high, _mm_madd_epi16(second, after));
    }
    __m128i sum = _mm_add_epi32(low, high);
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
    return _mm_cvtsi128_si32(sum);
}

#include "label_kernels.h"
#endif
